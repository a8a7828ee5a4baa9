"""What is refused before a workbook is opened: whatever is no plain .xlsx of a sensible size."""

import zipfile
from typing import BinaryIO

MAX_FILE = 20 * 1024 * 1024
MAX_UNPACKED = 80 * 1024 * 1024
MAX_PARTS = 500
MAX_ROWS = 20_000
MAX_COLUMNS = 200
TOO_LONG = f"表格超过 {MAX_ROWS} 行（含空行），请删除多余的行或拆分后再上传。"

_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


class BadSheet(ValueError):
    """A file that is not read; its text says why, in a sentence for the person who gave it."""


def check_package(file: BinaryIO) -> None:
    """Raise BadSheet unless ``file`` is a workbook that opens without harm; leaves it at its start."""
    file.seek(0, 2)
    size = file.tell()
    file.seek(0)
    if size == 0:
        raise BadSheet("文件是空的，请重新选择。")
    if size > MAX_FILE:
        raise BadSheet("文件超过 20 MB，请删除多余的内容或拆分后再上传。")
    if file.read(8) == _OLE2:
        _refuse_old_format(file)
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as package:
            _check_parts(package.infolist())
            _check_content(package)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, UnicodeDecodeError) as error:
        raise BadSheet("这不是 Excel 工作簿（.xlsx），或文件已损坏。") from error
    file.seek(0)


def _refuse_old_format(file: BinaryIO) -> None:
    if _ENCRYPTED in file.read():
        raise BadSheet("文件设有打开密码，请取消密码后再上传。")
    raise BadSheet("这是旧版 Excel 文件（.xls），请另存为 .xlsx 后再上传。")


def _check_parts(parts: list[zipfile.ZipInfo]) -> None:
    names = [part.filename.lower() for part in parts]
    if any(part.flag_bits & 1 for part in parts):
        raise BadSheet("文件设有密码，请取消密码后再上传。")
    if "xl/workbook.xml" not in names:
        raise BadSheet("这不是 Excel 工作簿（.xlsx）。")
    if any(name.endswith("vbaproject.bin") for name in names):
        raise BadSheet("文件含有宏，请另存为不含宏的 .xlsx 后再上传。")
    if any(name.startswith(("xl/externallinks/", "xl/connections", "xl/querytables/")) for name in names):
        raise BadSheet("文件引用了外部数据，请断开链接（数据—编辑链接）后再上传。")
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise BadSheet("文件展开后过大，请把数据复制到新的工作簿后再上传。")


def _check_content(package: zipfile.ZipFile) -> None:
    """No entities, which Office never declares and only attackers want unfolded; no sheet of endless rows.

    The rows are counted here because the parser walks through all of them before it gives the first.
    """
    for part in package.infolist():
        name = part.filename.lower()
        if not name.endswith((".xml", ".rels")):
            continue
        text = package.read(part)
        if b"<!ENTITY" in text or b"<!DOCTYPE" in text:
            raise BadSheet("文件内容异常，未予读取。")
        if name.startswith("xl/worksheets/") and text.count(b"<row") + text.count(b":row ") > MAX_ROWS:
            raise BadSheet(TOO_LONG)
