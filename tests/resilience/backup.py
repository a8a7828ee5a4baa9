"""Backup, then restore on an empty machine."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.resilience.finding import Finding
from tests.resilience.house import Ground, House

COUNTED = ("office_entry", "office_attachment", "office_officialdocument", "applications_application")


def run(on: Ground, much: bool) -> Finding:
    finding = Finding(
        "backup, then restore on an empty machine",
        "manage.py backup while the program runs; restore into an empty database and folder with the old keys",
        "restore compares rows, hashes and chain itself, here audit_verify once more and rows counted; every row, "
        "altered archives, wrong keys, SQLite: tests/operations/test_backup.py",
    )
    with House.built(on) as house, House.built(on) as empty:
        house.start("web")
        house.run("manage.py", "backup", str(house.folder / "backups"))
        (archive,) = Path(house.folder / "backups").iterdir()
        on.execute(f"DROP DATABASE {empty.name} WITH (FORCE)")
        on.execute(f"CREATE DATABASE {empty.name}")
        shutil.rmtree(empty.folder / "files")
        said = empty.run("manage.py", "restore", str(archive))
        for words in ("行数与备份一致", "校验码全部一致", "办理记录完整"):
            finding.expect(words in said, f"the restore does not say {words}")
        for table in COUNTED:
            rows = [one.figure(f"SELECT count(*) FROM {table}") for one in (house, empty)]
            finding.expect(rows[0] == rows[1], f"{table}: {rows}")
        finding.faults += empty.faults()
        empty.start("web")
        desk = empty.visitor("bureau").get("/desk/")
        finding.expect(desk.status == 200, f"the desk there: {desk.status}")
        finding.seen = f"an archive of {archive.stat().st_size // 1000} kB; the same rows, files and chain, people log in"
    return finding
