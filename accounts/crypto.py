"""Personal data at rest: encrypted text, and a keyed fingerprint by which equals are found.

等级保护 2.0 and 个人信息保护法: identity numbers and phones are never stored readable.
"""

import hashlib
import hmac
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet
from django.conf import settings
from django.db import models


@lru_cache(maxsize=2)
def _cipher(key: str) -> Fernet:
    return Fernet(key.encode())


def fingerprint(text: str) -> str:
    """The keyed hash (64 hexadecimal characters) under which ``text`` is found and kept unique.

    An empty text has an empty fingerprint, so that "not given" is nobody's equal.
    """
    if not text:
        return ""
    return hmac.new(settings.FIELD_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


def encrypt(text: str) -> bytes:
    """``text`` as ciphertext, for personal data kept in a file."""
    return _cipher(settings.FIELD_KEY).encrypt(text.encode())


def decrypt(data: bytes) -> str:
    """The text that ``encrypt`` made ``data`` of. Raises cryptography.fernet.InvalidToken."""
    return _cipher(settings.FIELD_KEY).decrypt(data).decode()


class EncryptedField(models.TextField):
    """Text that is readable in Python and ciphertext in the database. It can't be searched or sorted."""

    def get_prep_value(self, value: Any) -> Any:
        text = super().get_prep_value(value)
        return _cipher(settings.FIELD_KEY).encrypt(text.encode()).decode() if text else text

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return _cipher(settings.FIELD_KEY).decrypt(value.encode()).decode() if value else value
