"""Which program an archive belongs to and which keys open it, without saying the keys."""

from __future__ import annotations

import hashlib
import hmac
import tomllib
from pathlib import Path
from typing import Any

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from accounts.crypto import decrypt, encrypt
from office.backup.archive import Unusable

FORMAT = 1
PROBE = "backup"
NO_KEYS = (
    "请先放好制作备份时所用的密钥（环境变量 {variable}，或数据目录中的 keys/{file}），再恢复；"
    "密钥不在备份之内。"
)


def version() -> str:
    """The version of this program."""
    project = tomllib.loads((Path(settings.BASE_DIR) / "pyproject.toml").read_text(encoding="utf-8"))
    return str(project["project"]["version"])


def migrations() -> list[str]:
    """The migrations this program brings, as app.name; needs no database."""
    return sorted(".".join(node) for node in MigrationLoader(None).graph.nodes)


def unapplied() -> bool:
    """Whether the database is not at the state the program expects."""
    loader = MigrationLoader(connection)
    return set(loader.graph.nodes) != set(loader.applied_migrations) & set(loader.graph.nodes)


def key_marks() -> dict[str, str]:
    """Something only the holder of each key can make or read."""
    mac = hmac.new(settings.HISTORY_KEY.encode(), PROBE.encode(), hashlib.sha256)
    return {"history": mac.hexdigest(), "field": encrypt(PROBE).decode("ascii")}


def check_program(said: dict[str, Any]) -> None:
    """Raises Unusable when an archive was made by a program with other tables than this one's."""
    if said.get("format") != FORMAT:
        raise Unusable(f"备份的格式（{said.get('format')}）不是本程序能读的格式（{FORMAT}）。")
    theirs, ours = set(said.get("migrations", ())), set(migrations())
    if theirs != ours:
        first = min(theirs ^ ours)
        raise Unusable(
            f"备份由版本 {said.get('version')} 制作，数据库结构与本程序（版本 {version()}）不同（{first}）。"
            "请用制作备份的版本恢复，然后再升级。"
        )


def check_keys(said: dict[str, Any]) -> None:
    """Raises Unusable that names the key which is not the one the archive was made with."""
    marks = said.get("keys", {})
    if not hmac.compare_digest(key_marks()["history"].encode(), str(marks.get("history", "")).encode()):
        raise Unusable("办理记录的密钥不对。" + NO_KEYS.format(variable="HISTORY_KEY", file="history_key"))
    try:
        opened = decrypt(str(marks.get("field", "")).encode())
    except InvalidToken:
        opened = ""
    if opened != PROBE:
        raise Unusable("加密字段的密钥不对。" + NO_KEYS.format(variable="FIELD_KEY", file="field_key"))
