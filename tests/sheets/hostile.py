"""Workbooks that nobody honest sends, and the sentence each is refused with (a pattern)."""

import io
import zipfile
from collections.abc import Callable

from tests.sheets.workbooks import sheet_xml, with_parts


def _bytes(content: bytes) -> Callable[[], io.BytesIO]:
    return lambda: io.BytesIO(content)


def _plain_zip() -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("readme.txt", "x")
    file.seek(0)
    return file


HOSTILE = {
    "empty file": (_bytes(b""), "空的"),
    "no zip": (_bytes(b"PK\x03\x04 nothing"), "不是 Excel"),
    "picture": (_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 100), "不是 Excel"),
    "another zip": (_plain_zip, "不是 Excel"),
    "old format": (_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600), "另存为 .xlsx"),
    "encrypted": (
        _bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")),
        "打开密码",
    ),
    "macro": (lambda: with_parts({"xl/vbaProject.bin": b"x"}), "宏"),
    "external link": (lambda: with_parts({"xl/externalLinks/externalLink1.xml": b"<x/>"}), "外部数据"),
    "entities": (lambda: with_parts({"xl/styles.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'}), "内容异常"),
    "zip bomb": (lambda: with_parts({"xl/media/image1.png": b"\0" * 100_000_000}), "展开后过大"),
    "a million empty rows": (
        lambda: with_parts(sheet_xml("".join(f'<row r="{n}"/>' for n in range(1, 1_000_001)))),
        "超过 20000 行",
    ),
    "one row at the end": (lambda: with_parts(sheet_xml('<row r="1048576"/>')), "超过 20000 行"),
    "16,000 columns": (
        lambda: with_parts(sheet_xml('<row r="1">' + "<c/>" * 16_000 + "</row>")),
        "超过 200 列",
    ),
    "broken sheet": (lambda: with_parts({"xl/worksheets/sheet1.xml": b"<worksheet><sheet"}), "已损坏"),
    "broken workbook": (lambda: with_parts({"xl/workbook.xml": b"<workbook/>"}), "表头|已损坏"),
}
