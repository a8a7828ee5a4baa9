"""Reading an archive into an empty database: all of it, proved, or nothing."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from cryptography.fernet import InvalidToken
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import SuspiciousOperation
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from accounts.crypto import EncryptedField
from office.audit import verify
from office.backup import archive, marks
from office.backup.archive import FILES, ROWS, Member, Unusable
from office.backup.rows import Model, clear, go_on_counting, load, tables
from office.models import Entry, Seal

Say = Callable[[str], None]

# Written by `migrate` itself.
ITS_OWN = {"django_content_type", "auth_permission"}


@dataclass(frozen=True)
class Restored:
    """What was found and proved."""

    rows: int
    files: int
    entries: int
    seals: int
    head: str
    missing: list[str]
    damaged: list[str]


def restore(path: Path, say: Say) -> Restored:
    """Restore an archive. Raises Unusable, which says why not; the database is then as empty as before.

    May be repeated after an interruption: files that lie there already, whole, are kept.
    """
    said = archive.about(path)
    say(f"备份制作于 {said.get('made_at')}，程序版本 {said.get('version')}，数据库 {said.get('database')}")
    marks.check_program(said)
    marks.check_keys(said)
    _check_empty()
    say("核对备份文件")
    with archive.checked(path) as manifest:
        summary = archive.summary(path)
        say("建立数据库结构")
        call_command("migrate", interactive=False, verbosity=0)
        with _files_only_with_rows() as written, transaction.atomic(durable=True):
            say("恢复数据和文件")
            _fill(path, written)
            say("核对行数、文件和办理记录")
            _prove(summary, manifest)
    return Restored(
        rows=sum(summary["rows"].values()),
        files=summary["files"],
        entries=Entry.objects.count(),
        seals=Seal.objects.count(),
        head=summary["head"],
        missing=summary["missing"],
        damaged=summary["damaged"],
    )


def _check_empty() -> None:
    existing = set(connection.introspection.table_names())
    for model in tables():
        table = model._meta.db_table
        if table in existing - ITS_OWN and model._base_manager.exists():
            raise Unusable(
                f"数据库不是空的：已有“{model._meta.verbose_name}”。恢复只在空数据库中进行，请换用新的数据库。"
            )


@contextmanager
def _files_only_with_rows() -> Iterator[list[str]]:
    """Files written in the block are taken away again when it fails; those that were there before stay."""
    written: list[str] = []
    try:
        yield written
    except BaseException:
        for path in written:
            with suppress(OSError):
                default_storage.delete(path)
        raise


def _fill(path: Path, written: list[str]) -> None:
    models = {model._meta.db_table: model for model in tables()}
    for model in models.values():
        clear(model)
    for member in archive.members(path):
        if member.name.startswith(ROWS):
            _load(models, member)
        elif member.name.startswith(FILES):
            _store(member, written)
    go_on_counting(list(models.values()))
    ContentType.objects.clear_cache()
    try:
        connection.check_constraints()
    except IntegrityError as error:
        raise Unusable(f"备份中的数据前后不一致：{error}") from error


def _load(models: dict[str, Model], member: Member) -> None:
    table = member.name.removeprefix(ROWS).removesuffix(".jsonl.gz")
    if table not in models:
        raise Unusable(f"备份中的表 {table} 不属于本程序。")
    with gzip.GzipFile(fileobj=member.content, mode="rb") as lines:
        load(models[table], iter(lines))


def _store(member: Member, written: list[str]) -> None:
    path = member.name.removeprefix(FILES)
    try:
        if default_storage.exists(path):
            with default_storage.open(path, "rb") as present:
                if _same(present, member.content):
                    return
            member.content.seek(0)
            default_storage.delete(path)
        written.append(path)
        stored = default_storage.save(path, File(member.content))
    except SuspiciousOperation as error:
        raise Unusable(f"备份中的文件名“{path}”不合规。") from error
    if stored != path:
        written.append(stored)
        raise Unusable(f"文件“{path}”不能以原名保存。")


def _same(one: IO[bytes] | File[Any], other: IO[bytes]) -> bool:
    return archive.digest_of(one) == archive.digest_of(other)  # type: ignore[arg-type]


def _prove(summary: dict[str, Any], manifest: IO[bytes]) -> None:
    for model in tables():
        count, stated = model._base_manager.count(), summary["rows"].get(model._meta.db_table)
        if count != stated:
            raise Unusable(f"表 {model._meta.db_table} 恢复了 {count} 行，备份时是 {stated} 行。")
    for path, digest in archive.stored_files(manifest):
        with default_storage.open(path, "rb") as file:
            if archive.digest_of(file) != digest:  # type: ignore[arg-type]
                raise Unusable(f"文件“{path}”写入后的校验码与备份不同，请检查磁盘。")
    _open_one_of_each()
    if broken := verify():
        raise Unusable(f"办理记录不完整：{broken}。")
    last = Seal.objects.order_by("-pk").values_list("mac", flat=True).first()
    if (last or "") != summary["head"]:
        raise Unusable("最后一次封存与备份时不同：末尾的办理记录不在备份中。")


def _open_one_of_each() -> None:
    """A value of every encrypted column must open with the key in force."""
    for model in tables():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, EncryptedField):
                try:
                    model._base_manager.exclude(**{field.name: ""}).values_list(field.name, flat=True).first()
                except InvalidToken as error:
                    raise Unusable(
                        f"“{model._meta.verbose_name}”的{field.verbose_name}不能用现在的密钥打开。"
                    ) from error
