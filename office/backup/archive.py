"""The archive as a file: members written with their hashes, and read back only when every hash is right."""

from __future__ import annotations

import hashlib
import hmac
import json
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from itertools import zip_longest
from pathlib import Path
from typing import IO, Any

from django.conf import settings

ABOUT = "about.json"
SUMMARY = "summary.json"
MANIFEST = "manifest"
MAC = "manifest.mac"
ROWS = "rows/"
FILES = "files/"
CHUNK = 1 << 20  # bytes read at once
BROKEN_OFF = "{name} 不是完整的备份文件：不是备份，或者没有写完、没有拷完。请换一份备份。"


class Unusable(Exception):
    """Why an archive can't be made or restored: one Chinese sentence for the person at the terminal."""


class _Hashing:
    """A stream that is hashed while it is read."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self._digest.update(data)
        return data

    def hexdigest(self) -> str:
        return self._digest.hexdigest()


def digest_of(stream: IO[bytes]) -> str:
    """The SHA-256 of what is left of a stream, in hexadecimal."""
    return hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]


class Writer:
    """Adds members to an archive; ``close`` adds the manifest and its HMAC. Memory does not grow with the content."""

    def __init__(self, target: IO[bytes], folder: Path) -> None:
        """``folder``: where the manifest grows meanwhile, on the disk that has room for the archive."""
        self._tar = tarfile.open(fileobj=target, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115
        self._manifest = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed in close()

    def add(self, name: str, content: IO[bytes], size: int) -> str:
        """Add ``size`` bytes of ``content``; returns their SHA-256. Raises OSError when there are fewer."""
        digest = self._put(name, content, size)
        self._manifest.write(f"{digest} {size} {name}\n".encode())
        return digest

    def add_json(self, name: str, value: Any) -> None:
        data = json.dumps(value, ensure_ascii=False, indent=1).encode()
        self.add(name, BytesIO(data), len(data))

    def close(self) -> None:
        size = self._manifest.tell()
        self._manifest.seek(0)
        mac = manifest_mac(self._manifest)
        self._manifest.seek(0)
        self._put(MANIFEST, self._manifest, size)
        self._put(MAC, BytesIO(mac.encode()), len(mac))
        self._tar.close()
        self._manifest.close()

    def _put(self, name: str, content: IO[bytes], size: int) -> str:
        info = tarfile.TarInfo(name)
        info.size, info.mode = size, 0o600
        hashing = _Hashing(content)
        self._tar.addfile(info, hashing)  # type: ignore[arg-type]
        _forget(self._tar)
        return hashing.hexdigest()


def manifest_mac(manifest: IO[bytes]) -> str:
    """The HMAC of a manifest with the history's key; reads it to its end."""
    mac = hmac.new(settings.HISTORY_KEY.encode(), b"backup\0", hashlib.sha256)
    while data := manifest.read(CHUNK):
        mac.update(data)
    return mac.hexdigest()


def _forget(tar: tarfile.TarFile) -> None:
    """tarfile remembers every member that went by; a hundred thousand of them are too many."""
    tar.members.clear()  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Member:
    """One member as it comes by: its content must be read before the next is asked for."""

    name: str
    size: int
    content: IO[bytes]


def members(path: Path) -> Iterator[Member]:
    """The members in their order, in constant memory. Raises Unusable when the file is no archive, or breaks off."""
    try:
        with tarfile.open(path, mode="r:") as tar:
            while (info := tar.next()) is not None:
                _forget(tar)
                content = tar.extractfile(info)
                if content is None:
                    raise Unusable(f"备份文件中的“{info.name}”不是普通文件，备份被改动过。")
                yield Member(info.name, info.size, content)
    except (tarfile.TarError, EOFError) as error:
        raise Unusable(BROKEN_OFF.format(name=path.name)) from error


def about(path: Path) -> dict[str, Any]:
    """What the archive says of itself, not yet checked: good for refusing it early. Raises Unusable."""
    for member in members(path):
        if member.name != ABOUT:
            break
        return dict(_json(member))
    raise Unusable(f"{path.name} 不是本系统的备份文件。")


def summary(path: Path) -> dict[str, Any]:
    """What is in the archive; to be asked after ``checked``."""
    return dict(next(_json(member) for member in members(path) if member.name == SUMMARY))


def _json(member: Member) -> Any:
    try:
        return json.load(member.content)
    except (ValueError, tarfile.TarError) as error:
        raise Unusable(f"备份文件中的“{member.name}”无法读取，备份被改动或已损坏。") from error


@contextmanager
def checked(path: Path) -> Iterator[IO[bytes]]:
    """Read the whole archive once and compare it with its manifest; gives the manifest, open, at its beginning.

    Raises Unusable, which names the first member that was altered, added or taken away.
    """
    with tempfile.TemporaryFile() as found, tempfile.TemporaryFile() as manifest:
        mac = _read_through(path, found, manifest)
        if mac is None:
            raise Unusable(BROKEN_OFF.format(name=path.name))
        _compare(found, manifest)
        manifest.seek(0)
        if not hmac.compare_digest(manifest_mac(manifest).encode(), mac):
            raise Unusable("备份文件的清单与校验码不符：备份被人改动过。")
        manifest.seek(0)
        yield manifest


def _read_through(path: Path, found: IO[bytes], manifest: IO[bytes]) -> bytes | None:
    """Write what is found, as a manifest states it, and the archive's own manifest; returns its HMAC, if any."""
    mac = None
    try:
        for member in members(path):
            if member.name == MANIFEST:
                _copy(member.content, manifest)
            elif member.name == MAC:
                mac = member.content.read()
            else:
                found.write(f"{digest_of(member.content)} {member.size} {member.name}\n".encode())
    except tarfile.TarError as error:  # inside a member's content
        raise Unusable(BROKEN_OFF.format(name=path.name)) from error
    return mac


def _copy(source: IO[bytes], target: IO[bytes]) -> None:
    while data := source.read(CHUNK):
        target.write(data)


def _compare(found: IO[bytes], manifest: IO[bytes]) -> None:
    found.seek(0)
    manifest.seek(0)
    for here, there in zip_longest(found, manifest):
        if here == there:
            continue
        actual, stated = _name(here), _name(there)
        if actual == stated:
            raise Unusable(f"备份文件中的“{actual}”与清单不符：内容被改动或已损坏。")
        raise Unusable(f"备份文件的内容与清单不符：清单为“{stated}”，文件中却是“{actual}”。")


def _name(line: bytes | None) -> str:
    return line.decode("utf-8", "replace").rstrip("\n").split(" ", 2)[-1] if line else "（没有）"


def stored_files(manifest: IO[bytes]) -> Iterator[tuple[str, str]]:
    """Path in the storage and SHA-256 of every file a manifest lists."""
    for line in manifest:
        digest, _, name = line.decode().rstrip("\n").split(" ", 2)
        if name.startswith(FILES):
            yield name.removeprefix(FILES), digest
