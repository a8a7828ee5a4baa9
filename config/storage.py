"""Where files lie when several machines share the work: a bucket that speaks S3's protocol.

What its client raises becomes the error of a disk, so that everything that can bear a disk that is full or away can bear
this too: an upload is refused with the reason, a job waits, a page says that the file can't be read at present.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage

IN_MEMORY = 2 * 1024 * 1024  # bytes


@contextmanager
def as_of_a_disk() -> Iterator[None]:
    """Raises OSError (EIO) for whatever the client of the bucket raises."""
    try:
        yield
    except (Boto3Error, BotoCoreError, ClientError) as error:
        raise OSError(errno.EIO, f"storage: {error}") from error


class Bucket(S3Storage):  # type: ignore[misc]
    """Files by the names of their rows. Nothing in it is public: the program reads a file and hands it out itself."""

    def get_default_settings(self) -> dict[str, Any]:
        """A bucket that does not answer is given up within seconds; a small file stays in memory while it is read."""
        patience = Config(connect_timeout=3, read_timeout=20, retries={"total_max_attempts": 2})
        return super().get_default_settings() | {"client_config": patience, "max_memory_size": IN_MEMORY}

    def open(self, name: str, mode: str = "rb") -> File[Any]:
        """A file, read to its end before it is handed over: what fails, fails here. Raises FileNotFoundError, OSError."""
        with as_of_a_disk():
            file: File[Any] = super().open(name, mode)
            if "r" in mode:
                file.open()
            return file

    def save(self, name: str | None, content: Any, max_length: int | None = None) -> str:
        with as_of_a_disk():
            return str(super().save(name, content, max_length))

    def delete(self, name: str) -> None:
        with as_of_a_disk():
            super().delete(name)

    def exists(self, name: str) -> bool:
        with as_of_a_disk():
            return bool(super().exists(name))

    def size(self, name: str) -> int:
        with as_of_a_disk():
            return int(super().size(name))

    def get_modified_time(self, name: str) -> datetime:
        with as_of_a_disk():
            return super().get_modified_time(name)  # type: ignore[no-any-return]

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        with as_of_a_disk():
            return super().listdir(path)  # type: ignore[no-any-return]
