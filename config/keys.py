"""Secrets that the embedded default makes for itself, once, outside the database."""

import os
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path

from cryptography.fernet import Fernet


def random_text() -> str:
    """64 random bytes as URL-safe text: for Django's signatures and the history's HMAC."""
    return secrets.token_urlsafe(64)


def fernet_key() -> str:
    """A key for the encrypted fields: 32 random bytes in URL-safe base64, as Fernet wants it."""
    return Fernet.generate_key().decode("ascii")


def stored_key(path: Path, make: Callable[[], str]) -> str:
    """The key kept in the file `path`; made by `make` when the file does not exist.

    The web server and the worker may start at the same time: the key is written to a file of its own
    (mode 0600) and linked to its name, so that one of them wins and both read the winner's. Raises
    OSError when the folder cannot be written.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, draft = tempfile.mkstemp(dir=path.parent)
        try:
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(make())
                file.flush()
                os.fsync(file.fileno())
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            os.unlink(draft)
    return path.read_text(encoding="ascii").strip()
