"""A bureau's whole program goes into one file and comes back on an empty machine, proved; or not at all."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from cryptography.fernet import Fernet

from tests.demonstration import ROOT, clone, environment
from tests.servers import free_port

pytestmark = pytest.mark.skipif(
    not os.environ.get("DATABASE_URL", "").startswith("postgres"), reason="goes from PostgreSQL to SQLite"
)


@dataclass(frozen=True)
class Machine:
    """Where the program lives: its data folder and its database; commands are given on it."""

    folder: Path
    database: str

    def command(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=environment("", DATABASE_URL=self.database, DATA_DIR=str(self.folder), **more),
            capture_output=True,
            text=True,
            check=False,
        )

    def manage(self, *words: str, **more: str) -> str:
        done = self.command(*words, **more)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def files(self) -> dict[str, str]:
        """The SHA-256 of every stored file by its path."""
        home = self.folder / "files"
        paths = (path for path in home.rglob("*") if path.is_file())
        return {str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def rows(machine: Machine) -> dict[str, list[str]]:
    """Every row of every table as people and rules read it, without the program that is tested here."""
    program = """
import json, sys
from django.apps import apps
for model in apps.get_models(include_auto_created=True):
    if model._meta.label == "sessions.Session":
        continue
    read = [repr(row) for row in model._base_manager.order_by("pk").values_list()]
    sys.stdout.write(json.dumps([model._meta.label, read]) + chr(10))
"""
    said = machine.manage("shell", "--no-imports", "-c", program)
    return dict(json.loads(line) for line in said.splitlines())


@pytest.fixture(scope="module")
def bureau(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """The demonstration with its own files: some attachments, printed documents, a finished export."""
    server = os.environ["DATABASE_URL"].rsplit("/", 1)[0]
    with clone() as name:
        folder = tmp_path_factory.mktemp("bureau")
        shutil.copytree(Path(os.environ["DATA_DIR"]) / "keys", folder / "keys")
        shutil.copytree(Path(os.environ["DATA_DIR"]) / "files", folder / "files")
        machine = Machine(folder, f"{server}/{name}")
        job = """
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from accounts.models import User
from office.models import Job
path = default_storage.save("jobs/2026/03/0a1b2c", ContentFile(b"ranking"))
user = User.objects.get(username="bureau")
Job.objects.create(kind="export", title="评审结果", user=user, file=path, file_name="评审结果.xlsx",
    state="done", created_at=timezone.now(), finished_at=timezone.now())
"""
        machine.manage("shell", "--no-imports", "-c", job)
        yield machine


@pytest.fixture(scope="module")
def archive(bureau: Machine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archives")
    said = bureau.manage("backup", str(folder))
    assert "已备份" in said
    assert "密钥请另行保存" in said
    (found,) = folder.iterdir()
    assert found.suffix == ".tar"
    assert found.stat().st_mode & 0o777 == 0o600
    return found


Empty = Callable[..., Machine]


@pytest.fixture
def empty(bureau: Machine, tmp_path: Path) -> Iterator[Empty]:
    """A machine with an empty database of a kind, and the bureau's keys unless told otherwise."""
    server = os.environ["DATABASE_URL"].rsplit("/", 1)[0]
    name = f"restored_{os.getpid()}_{free_port()}"

    def make(kind: str = "sqlite", *, keys: bool = True) -> Machine:
        folder = tmp_path / "machine"
        folder.mkdir()
        if keys:
            shutil.copytree(bureau.folder / "keys", folder / "keys")
        if kind == "postgresql":
            execute(f"CREATE DATABASE {name}")
            return Machine(folder, f"{server}/{name}")
        return Machine(folder, "")

    def execute(statement: str) -> None:
        with closing(psycopg2.connect(f"{server}/postgres")) as connection:
            connection.autocommit = True
            connection.cursor().execute(statement)

    yield make
    execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.mark.parametrize("kind", ["postgresql", "sqlite"])
def test_all_comes_back_on_an_empty_machine(bureau: Machine, archive: Path, empty: Empty, kind: str) -> None:
    machine = empty(kind)
    said = machine.manage("restore", str(archive))
    assert "行数与备份一致" in said
    assert "校验码全部一致" in said
    assert "办理记录完整" in said
    assert rows(machine) == rows(bureau)
    named = {path: digest for path, digest in bureau.files().items() if path in machine.files()}
    assert machine.files() == named
    assert len(named) > 20
    assert "完整" in machine.manage("audit_verify")


def test_what_came_back_on_sqlite_goes_on_to_postgresql(
    bureau: Machine, archive: Path, tmp_path: Path, empty: Empty
) -> None:
    """An embedded installation grows up: SQLite → PostgreSQL, and the program goes on counting where it was."""
    small = Machine(tmp_path / "small", "")
    shutil.copytree(bureau.folder / "keys", small.folder / "keys")
    small.manage("restore", str(archive))
    small.manage("backup", str(tmp_path / "again"))
    (again,) = (tmp_path / "again").iterdir()
    grown = empty("postgresql")
    grown.manage("restore", str(again))
    assert rows(grown) == rows(bureau)
    new = "from programmes.models import Holiday as H; from datetime import date; \
import sys; print(H.objects.create(day=date(2099, 1, 1), name='演示').pk)"
    greatest = max(
        (int(row.split(",")[0].strip("(")) for row in rows(bureau)["programmes.Holiday"]), default=0
    )
    assert int(grown.manage("shell", "--no-imports", "-c", new)) > greatest


def test_personal_data_stays_ciphertext_and_no_key_is_inside(bureau: Machine, archive: Path) -> None:
    keys = [path.read_bytes().strip() for path in (bureau.folder / "keys").iterdir()]
    assert len(keys) == 3
    opened = b"from accounts.models import Principal as P; print(P.objects.order_by('pk').first().identity)"
    identity = bureau.manage("shell", "--no-imports", "-c", opened.decode()).strip().encode()
    assert len(identity) == 18
    whole = archive.read_bytes()
    with tarfile.open(archive) as tar:
        for member in tar:
            if member.name.endswith(".gz"):
                whole += gzip.decompress(tar.extractfile(member).read())
    assert b"accounts_principal" in whole
    assert not [key for key in keys if key in whole]
    assert identity not in whole


def test_with_another_key_nothing_is_restored(archive: Path, empty: Empty) -> None:
    machine = empty()
    wrong = {
        "HISTORY_KEY": ("another", "办理记录的密钥不对"),
        "FIELD_KEY": (Fernet.generate_key().decode(), "加密字段的密钥不对"),
    }
    for variable, (value, words) in wrong.items():
        done = machine.command("restore", str(archive), **{variable: value})
        assert done.returncode == 1
        assert words in done.stderr
        assert machine.files() == {}
    assert "行数与备份一致" in machine.manage("restore", str(archive)), (
        "with the right keys it is tried again"
    )


def test_without_the_keys_it_says_where_they_belong(archive: Path, empty: Empty) -> None:
    done = empty(keys=False).command("restore", str(archive))
    assert done.returncode == 1
    assert "keys/history_key" in done.stderr


def altered(archive: Path, target: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """A copy of the archive in which ``change`` gives each member's content anew; None takes it away."""
    with tarfile.open(archive) as old, tarfile.open(target, "w") as new:
        for member in old:
            content = change(member.name, old.extractfile(member).read())
            if content is not None:
                member.size = len(content)
                new.addfile(member, io.BytesIO(content))
    return target


def promoted(name: str, content: bytes) -> bytes:
    if name != "rows/applications_application.jsonl.gz":
        return content
    return gzip.compress(gzip.decompress(content).replace("演示".encode(), "冒名".encode()) + b"\n")


def first_file(archive: Path) -> str:
    with tarfile.open(archive) as tar:
        return next(name for name in tar.getnames() if name.startswith("files/attachments"))


def test_an_altered_archive_is_refused_and_the_place_is_named(
    archive: Path, empty: Empty, tmp_path: Path
) -> None:
    machine, victim = empty(), first_file(archive)

    def refused(path: Path) -> str:
        done = machine.command("restore", str(path))
        assert done.returncode == 1
        assert not machine.files()
        return done.stderr

    target = tmp_path / "altered.tar"
    assert "applications_application" in refused(altered(archive, target, promoted))
    assert victim in refused(altered(archive, target, lambda n, c: c[:-1] + b"?" if n == victim else c))
    assert victim in refused(altered(archive, target, lambda n, c: None if n == victim else c))
    target.write_bytes(archive.read_bytes()[: archive.stat().st_size // 2])
    assert "不是完整的备份文件" in refused(target)
    target.write_bytes(b"nothing of ours")
    assert "不是完整的备份文件" in refused(target)


def test_who_alters_the_manifest_as_well_lacks_the_key_of_the_history(
    archive: Path, empty: Empty, tmp_path: Path
) -> None:
    victim = first_file(archive)
    lines: list[bytes] = []

    def forged(name: str, content: bytes) -> bytes:
        if name == victim:
            other = content[::-1]
            for data in (content, other):
                lines.append(f"{hashlib.sha256(data).hexdigest()} {len(data)} {name}\n".encode())
            return other
        if name == "manifest":
            assert lines[0] in content
            return content.replace(*lines)
        return content

    done = empty().command("restore", str(altered(archive, tmp_path / "forged.tar", forged)))
    assert done.returncode == 1
    assert "清单与校验码不符" in done.stderr


def test_only_an_empty_database_takes_a_backup(bureau: Machine, archive: Path) -> None:
    before = rows(bureau)
    done = bureau.command("restore", str(archive))
    assert done.returncode == 1
    assert "数据库不是空的" in done.stderr
    assert rows(bureau) == before


KILLED = """
import os
import django
django.setup()
from pathlib import Path
from django.core.files.storage import FileSystemStorage
from office.backup import restoring

stored = []

class Dying(FileSystemStorage):
    def save(self, name, content, max_length=None):
        if len(stored) == 5:
            os.kill(os.getpid(), 9)
        stored.append(name)
        return super().save(name, content, max_length)

restoring.default_storage = Dying()
restoring.restore(Path(%r), print)
"""


def test_a_restore_that_was_killed_leaves_no_row_and_is_simply_given_again(
    bureau: Machine, archive: Path, empty: Empty
) -> None:
    machine = empty("postgresql")
    variables = environment(
        "",
        DATABASE_URL=machine.database,
        DATA_DIR=str(machine.folder),
        DJANGO_SETTINGS_MODULE="config.settings",
    )
    died = subprocess.run([sys.executable, "-c", KILLED % str(archive)], cwd=ROOT, env=variables, check=False)
    assert died.returncode == -9
    assert len(machine.files()) == 5
    half = machine.files().popitem()[0]
    (machine.folder / "files" / half).write_bytes(b"half of it")
    machine.manage("restore", str(archive))
    assert rows(machine) == rows(bureau)
    assert all(bureau.files()[path] == digest for path, digest in machine.files().items())


def test_a_file_that_is_missing_already_is_named_and_the_rest_is_kept(
    bureau: Machine, archive: Path, tmp_path: Path, empty: Empty
) -> None:
    with tarfile.open(archive) as tar:
        lost, changed = [name.removeprefix("files/") for name in tar.getnames() if "attachments/" in name][:2]
    home = bureau.folder / "files"
    kept: dict[str, Any] = {path: (home / path).read_bytes() for path in (lost, changed)}
    (home / lost).unlink()
    (home / changed).write_bytes(b"another")
    try:
        done = bureau.command("backup", str(tmp_path / "archives"))
    finally:
        for path, content in kept.items():
            (home / path).write_bytes(content)
    assert done.returncode == 1
    assert f"缺失 {lost}" in done.stderr
    assert f"内容已变 {changed}" in done.stderr
    (made,) = (tmp_path / "archives").iterdir()
    said = empty().manage("restore", str(made))
    assert f"文件 {lost} 在备份时就已缺失" in said
    assert f"文件 {changed} 在备份时内容就已与登记不符" in said


MEANWHILE = """
from threading import Thread
import django
django.setup()
from pathlib import Path
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone
from office.backup.making import make
from office.models import Job

def finish_a_job():
    path = default_storage.save("jobs/2026/03/meanwhile", ContentFile(b"late"))
    Job.objects.create(kind="export", title="迟到", file=path, created_at=timezone.now())
    connection.close()

def say(words):
    # the rows are written, the files not yet
    if "附件" in words:
        writer = Thread(target=finish_a_job)
        writer.start()
        writer.join(10)
        assert not writer.is_alive(), "whoever writes is held up by the backup"

made = make(Path(%r), timezone.now(), say)
assert Job.objects.count() == 1
print(made.path)
"""


@pytest.mark.parametrize("kind", ["postgresql", "sqlite"])
def test_who_writes_meanwhile_is_not_held_up_and_is_not_half_in_the_backup(
    tmp_path: Path, empty: Empty, kind: str
) -> None:
    machine = empty(kind)
    machine.manage("migrate", "-v0")
    said = machine.manage("shell", "--no-imports", "-c", MEANWHILE % str(tmp_path / "archives"))
    with tarfile.open(said.strip()) as tar:
        assert not [name for name in tar.getnames() if name.startswith("files/")]
        summary = json.load(tar.extractfile("summary.json"))
    assert (summary["rows"]["office_job"], summary["files"], summary["missing"]) == (0, 0, [])
