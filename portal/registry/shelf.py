"""What waits for its owner between two pages: encrypted files in the storage ``shelf``, kept for a day.

They name people by identity number or hold first passwords, so nothing of them is in the database or the log.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from cryptography.fernet import InvalidToken
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone

from accounts.crypto import decrypt, encrypt

KEPT_FOR = timedelta(days=1)
FOLDERS = ("rosters", "openings")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")


def new_token() -> str:
    """A name that nobody guesses."""
    return secrets.token_urlsafe(16)


def _path(folder: str, token: str) -> str:
    return f"{folder}/{token}.bin"


def put(folder: str, content: dict[str, Any], at: datetime, token: str = "") -> str:
    """Write ``content`` (JSON) down, anew under ``token`` where given; returns the token. Sweeps first."""
    sweep(at)
    token = token or new_token()
    shelf = storages["shelf"]
    shelf.save(_path(folder, token), ContentFile(encrypt(json.dumps(content, ensure_ascii=False))))
    return token


def get(folder: str, token: str) -> dict[str, Any] | None:
    """What lies under ``token``; None when there is nothing, or its day is over."""
    if not _TOKEN.fullmatch(token):
        return None
    shelf, path = storages["shelf"], _path(folder, token)
    try:
        with shelf.open(path) as file:
            content: dict[str, Any] = json.loads(decrypt(file.read()))
        fresh = shelf.get_modified_time(path) >= timezone.now() - KEPT_FOR
    except (OSError, InvalidToken):
        return None
    return content if fresh else None


def drop(folder: str, token: str) -> None:
    """Remove it, if it is there."""
    if _TOKEN.fullmatch(token):
        storages["shelf"].delete(_path(folder, token))


def sweep(at: datetime) -> None:
    """Remove what has lain for more than a day."""
    shelf = storages["shelf"]
    for path in _files():
        with suppress(FileNotFoundError):
            if shelf.get_modified_time(path) < at - KEPT_FOR:
                shelf.delete(path)


def _files() -> Iterator[str]:
    for folder in FOLDERS:
        with suppress(FileNotFoundError):
            yield from (f"{folder}/{name}" for name in storages["shelf"].listdir(folder)[1])
