"""A roster between its preview and its confirmation: kept outside the web root, encrypted, for its owner.

It names people by identity number, so it lies on the disk as ciphertext and not longer than a day.
"""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.fernet import InvalidToken
from django.conf import settings

from accounts.crypto import decrypt, encrypt
from office.sheets import Table

from .roster import Line, Outcome

KEPT_FOR = timedelta(days=1)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")


@dataclass(frozen=True)
class Kept:
    """A parsed file: the kind of roster, whose it is, the file's name, its rows, the outcome shown."""

    kind: str
    user_id: int
    file_name: str
    table: Table
    outcome: Outcome


def _path(token: str) -> Path:
    return Path(settings.DATA_DIR) / "rosters" / f"{token}.bin"


def keep(kept: Kept, at: datetime, token: str = "") -> str:
    """Write it down, anew under ``token`` where given; returns the token. Removes what is older than a day."""
    token = token or secrets.token_urlsafe(16)
    path = _path(token)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    for other in path.parent.glob("*.bin"):
        if other.stat().st_mtime < (at - KEPT_FOR).timestamp():
            other.unlink(missing_ok=True)
    path.write_bytes(encrypt(json.dumps(asdict(kept), ensure_ascii=False)))
    path.chmod(0o600)
    return token


def find(token: str, kind: str, user_id: int | None) -> Kept | None:
    """What was kept under ``token``, if it is this person's roster of this kind and still there."""
    if not _TOKEN.fullmatch(token):
        return None
    try:
        found = json.loads(decrypt(_path(token).read_bytes()))
    except (OSError, InvalidToken):
        return None
    if found["kind"] != kind or found["user_id"] != user_id:
        return None
    lines = [
        Line(**{**line, "changes": [(label, old, new) for label, old, new in line["changes"]]})
        for line in found["outcome"]["lines"]
    ]
    return Kept(kind, found["user_id"], found["file_name"], Table(**found["table"]), Outcome(lines))


def drop(token: str) -> None:
    """Remove it, if it is there."""
    _path(token).unlink(missing_ok=True)
