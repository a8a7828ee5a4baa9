"""Archives: Word, Excel and OFD files, and zips of what is allowed; unpacked within bounds, never to disk."""

import io
import re
import zipfile
import zlib
from collections.abc import Callable
from typing import BinaryIO

from .names import short
from .problem import BadFile

MAX_PARTS = 3000
MAX_FILES = 200
MAX_UNPACKED = 200 * 1024 * 1024
# Text packs up to some fifty times; whoever packs a hundred times packs nothing but emptiness.
MAX_RATIO = 100
SMALL = 10 * 1024 * 1024
MAX_COMMENT = 512
CHUNK = 1024 * 1024
END_OF_ARCHIVE = b"PK\x05\x06"
BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError, RuntimeError)
DAMAGED = "不是完好的压缩文件，请重新保存后再上传"
MACROS = re.compile(r"vbaproject|vbadata|/macrosheets/|/activex/", re.IGNORECASE)
UP = re.compile(r"(^|[/\\])\.\.([/\\]|$)|^[/\\]|^[A-Za-z]:|\\|\0")


def check_archive(file: BinaryIO, check_member: Callable[[BinaryIO, str], None] | None) -> str:
    """The kind of an archive: docx, xlsx, ofd or zip; every file in a zip is given to ``check_member``.

    Without that (inside a zip) a zip is one too many. Raises BadFile for what is damaged, locked, too large when unpacked, or holds macros or folders that lead out.
    """
    _check_end(file)
    try:
        with _opened(file) as archive:
            parts = [part for part in archive.infolist() if not part.is_dir()]
            _check_parts(archive.infolist(), parts, _size(file))
            _read_through(archive, parts)
            kind = _kind(archive)
            if kind == "zip":
                _check_members(archive, parts, check_member)
    except BROKEN as error:
        if isinstance(error, BadFile):
            raise
        raise BadFile(DAMAGED) from error
    return kind


def _size(file: BinaryIO) -> int:
    return file.seek(0, 2)


def _opened(file: BinaryIO) -> zipfile.ZipFile:
    """Names without the UTF-8 mark are read as Windows in China writes them."""
    try:
        return zipfile.ZipFile(file, metadata_encoding="gb18030")
    except UnicodeDecodeError:
        return zipfile.ZipFile(file)


def _check_end(file: BinaryIO) -> None:
    """The archive is all there is in the file: nothing after its end, no page hidden in its comment."""
    size = _size(file)
    file.seek(max(size - 66_000, 0))
    tail = file.read()
    start = tail.rfind(END_OF_ARCHIVE)
    comment = int.from_bytes(tail[start + 20 : start + 22], "little") if start >= 0 else 0
    if start < 0 or start + 22 + comment != len(tail) or comment > MAX_COMMENT:
        raise BadFile(DAMAGED)
    file.seek(0)


def _check_parts(entries: list[zipfile.ZipInfo], parts: list[zipfile.ZipInfo], size: int) -> None:
    if not parts:
        raise BadFile("是空的压缩包，请放入文件后再上传")
    if any(UP.search(entry.filename) for entry in entries):
        raise BadFile("压缩包里的文件名含有不安全的路径，请重新压缩后再上传")
    if any(part.flag_bits & 1 for part in parts):
        raise BadFile("设有密码，请取消密码后再上传")
    unpacked = sum(part.file_size for part in parts)
    if (
        len(parts) > MAX_PARTS
        or unpacked > MAX_UNPACKED
        or (unpacked > SMALL and unpacked > size * MAX_RATIO)
    ):
        raise BadFile("展开后过大，请拆分或精简后再上传")
    if any(MACROS.search(f"/{part.filename}") for part in parts):
        raise BadFile("含有宏，请另存为不含宏的 .docx 或 .xlsx 后再上传")


def _read_through(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    """Unpack every part once: a wrong size or checksum in the directory shows here, not in the reader's program."""
    for part in parts:
        with archive.open(part) as content:
            while content.read(CHUNK):
                pass


def _kind(archive: zipfile.ZipFile) -> str:
    names = set(archive.namelist())
    if "OFD.xml" in names:
        return "ofd"
    if "[Content_Types].xml" not in names:
        return "zip"
    if b"macroEnabled" in archive.read("[Content_Types].xml"):
        raise BadFile("含有宏，请另存为不含宏的 .docx 或 .xlsx 后再上传")
    if "word/document.xml" in names:
        return "docx"
    if "xl/workbook.xml" in names:
        return "xlsx"
    raise BadFile("不是 Word（.docx）或 Excel（.xlsx）文件，请导出为 PDF 后再上传")


def _check_members(
    archive: zipfile.ZipFile,
    parts: list[zipfile.ZipInfo],
    check_member: Callable[[BinaryIO, str], None] | None,
) -> None:
    if check_member is None:
        raise BadFile("是压缩包里的压缩包，请先解开再压缩为一层")
    if len(parts) > MAX_FILES:
        raise BadFile(f"压缩包里有 {len(parts)} 个文件，最多 {MAX_FILES} 个，请分几次上传")
    for part in parts:
        name = part.filename.rpartition("/")[2]
        try:
            check_member(io.BytesIO(archive.read(part)), name)
        except BadFile as problem:
            raise BadFile(f"里的“{short(name)}”{problem}") from problem
