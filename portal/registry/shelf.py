"""What waits for its owner between two pages: encrypted files outside the web root, kept for a day.

They name people by identity number or hold first passwords, so nothing of them is in the database or the log.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.utils import timezone

from accounts.crypto import decrypt, encrypt

KEPT_FOR = timedelta(days=1)
FOLDERS = ("rosters", "openings")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")


def new_token() -> str:
    """A name that nobody guesses."""
    return secrets.token_urlsafe(16)


def _path(folder: str, token: str) -> Path:
    return Path(settings.DATA_DIR) / folder / f"{token}.bin"


def put(folder: str, content: dict[str, Any], at: datetime, token: str = "") -> str:
    """Write ``content`` (JSON) down, anew under ``token`` where given; returns the token. Sweeps first."""
    sweep(at)
    token = token or new_token()
    path = _path(folder, token)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_suffix(f".{secrets.token_hex(4)}")
    draft.touch(mode=0o600)
    draft.write_bytes(encrypt(json.dumps(content, ensure_ascii=False)))
    draft.replace(path)
    return token


def get(folder: str, token: str) -> dict[str, Any] | None:
    """What lies under ``token``; None when there is nothing, or its day is over."""
    if not _TOKEN.fullmatch(token):
        return None
    path = _path(folder, token)
    try:
        if path.stat().st_mtime < (timezone.now() - KEPT_FOR).timestamp():
            return None
        content: dict[str, Any] = json.loads(decrypt(path.read_bytes()))
    except (OSError, InvalidToken):
        return None
    return content


def drop(folder: str, token: str) -> None:
    """Remove it, if it is there."""
    if _TOKEN.fullmatch(token):
        _path(folder, token).unlink(missing_ok=True)


def sweep(at: datetime) -> None:
    """Remove what has lain for more than a day."""
    for path in _files():
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < (at - KEPT_FOR).timestamp():
                path.unlink()


def _files() -> Iterator[Path]:
    for folder in FOLDERS:
        path = Path(settings.DATA_DIR) / folder
        if path.is_dir():
            yield from path.iterdir()
