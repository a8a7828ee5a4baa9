"""Making an archive while the program goes on working."""

from __future__ import annotations

import gzip
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.core.files.storage import default_storage
from django.db import connection, models
from django.db.models import Value
from django.utils import timezone

from office.backup import marks
from office.backup.archive import ABOUT, FILES, ROWS, SUMMARY, Unusable, Writer
from office.backup.rows import READ, Model, dump, snapshot, tables
from office.history import seal
from office.models import Seal

Say = Callable[[str], None]


@dataclass(frozen=True)
class Made:
    """An archive: where it lies, what is in it, the last seal's code, and which files were not as they should be."""

    path: Path
    rows: int
    files: int
    head: str
    missing: list[str]
    damaged: list[str]


def make(folder: Path, at: datetime, say: Say) -> Made:
    """Write an archive named after the moment into ``folder``, readable only by its owner.

    All rows are of one moment; files are only ever added, so those that rows name are there. The archive has its
    name only when it is whole. Raises Unusable when the database is not at this program's state, OSError for the
    disk.
    """
    if marks.unapplied():
        raise Unusable("数据库结构与程序版本不一致，请先执行 manage.py migrate 再备份。")
    seal(at)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"backup-{timezone.localtime(at):%Y%m%d-%H%M%S}.tar"
    handle, draft = tempfile.mkstemp(dir=folder, prefix=f"{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as target:
            summary = _fill(target, folder, at, say)
            target.flush()
            os.fsync(target.fileno())
        os.rename(draft, path)
    except BaseException:
        os.unlink(draft)
        raise
    return Made(
        path,
        sum(summary["rows"].values()),
        summary["files"],
        summary["head"],
        summary["missing"],
        summary["damaged"],
    )


def _fill(target: IO[bytes], folder: Path, at: datetime, say: Say) -> dict[str, Any]:
    writer = Writer(target, folder)
    summary: dict[str, Any] = {"rows": {}, "files": 0, "head": "", "missing": [], "damaged": []}
    with snapshot():
        writer.add_json(ABOUT, _about(at))
        say("写入数据库各表")
        for model in tables():
            summary["rows"][model._meta.db_table] = _add_rows(writer, model, folder)
        last = Seal.objects.order_by("-pk").values_list("mac", flat=True).first()
        summary["head"] = last or ""
        say("写入附件、公文和任务结果")
        for model in tables():
            for path, digest in named_files(model):
                _add_file(writer, path, digest, summary)
    writer.add_json(SUMMARY, summary)
    writer.close()
    return summary


def _about(at: datetime) -> dict[str, Any]:
    return {
        "format": marks.FORMAT,
        "version": marks.version(),
        "made_at": at.isoformat(),
        "database": connection.vendor,
        "migrations": marks.migrations(),
        "keys": marks.key_marks(),
    }


def _add_rows(writer: Writer, model: Model, folder: Path) -> int:
    # The size of a member stands before it: it is made on the disk first.
    count = -1  # the line of column names
    with tempfile.TemporaryFile(dir=folder) as lines:
        with gzip.GzipFile(fileobj=lines, mode="wb", compresslevel=6, mtime=0) as packed:
            for line in dump(model):
                packed.write(line)
                count += 1
        size = lines.tell()
        lines.seek(0)
        writer.add(f"{ROWS}{model._meta.db_table}.jsonl.gz", lines, size)
    return count


def named_files(model: Model) -> Iterator[tuple[str, str]]:
    """Each file that rows of a model name, once, with the SHA-256 its row states ("" where none is stated)."""
    names = {field.name for field in model._meta.local_concrete_fields}
    for field in model._meta.local_concrete_fields:
        if not isinstance(field, models.FileField):
            continue
        stated = next((name for name in (f"{field.name}_sha256", "sha256") if name in names), None)
        rows = model._base_manager.exclude(**{field.name: ""}).exclude(**{field.name: None})
        digest = models.F(stated) if stated else Value("")
        pairs = rows.order_by(field.name, "pk").values_list(field.name, digest)
        previous = ""
        for path, expected in pairs.iterator(chunk_size=READ):
            if path != previous:
                yield path, expected
            previous = path


def _add_file(writer: Writer, path: str, expected: str, summary: dict[str, Any]) -> None:
    try:
        file = default_storage.open(path, "rb")
    except FileNotFoundError:
        summary["missing"].append(path)
        return
    with file:
        digest = writer.add(FILES + path, file, file.size)
    summary["files"] += 1
    if expected and digest != expected:
        summary["damaged"].append(path)
