"""Files as honest people send them, and two hundred that nobody honest sends; all made here."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from functools import cache

from openpyxl import Workbook
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

SCRIPT = b"<html><body><script>alert(document.cookie)</script></body></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{}</Types>'


def packed(parts: dict[str, bytes], *, comment: bytes = b"", method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these parts."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
        archive.comment = comment
    return output.getvalue()


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 30), **options: object) -> bytes:
    output = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(output, kind, **options)
    return output.getvalue()


def pdf(**catalog: object) -> bytes:
    """A PDF of one page, with these entries in its catalog."""
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    for name, value in catalog.items():
        writer.root_object[NameObject(f"/{name}")] = value
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def action(kind: str, **more: str) -> DictionaryObject:
    """An action of a PDF: what happens when its place is reached."""
    found = DictionaryObject({NameObject("/Type"): NameObject("/Action"), NameObject("/S"): NameObject(kind)})
    for name, text in more.items():
        found[NameObject(f"/{name}")] = TextStringObject(text)
    return found


def docx(**more: bytes) -> bytes:
    parts = {
        "[Content_Types].xml": TYPES.format("").encode(),
        "word/document.xml": b"<w:document/>",
    }
    return packed(parts | more)


def xlsx() -> bytes:
    output = io.BytesIO()
    book = Workbook()
    book.active.append(["学校", "校长"])  # type: ignore[union-attr]
    book.save(output)
    return output.getvalue()


def ofd() -> bytes:
    return packed({"OFD.xml": b"<ofd:OFD/>", "Doc_0/Document.xml": b"<ofd:Document/>"})


@cache
def good() -> dict[str, bytes]:
    """One honest file of every kind."""
    return {
        "pdf": pdf(),
        "ofd": ofd(),
        "docx": docx(),
        "xlsx": xlsx(),
        "jpg": picture("JPEG"),
        "png": picture("PNG"),
        "zip": packed({"获奖证书/证书.pdf": pdf(), "照片.jpg": picture()}),
    }


FOREIGN = {
    "exe": b"MZ\x90\0" + bytes(200),
    "elf": b"\x7fELF" + bytes(200),
    "html": SCRIPT,
    "svg": SVG,
    "php": b"<?php system($_GET['c']); ?>",
    "js": b"fetch('/logout')//" + bytes(50),
    "sh": b"#!/bin/sh\nrm -rf /\n",
    "gif": b"GIF89a" + bytes(100),
    "webp": b"RIFF\x24\0\0\0WEBPVP8 " + bytes(60),
    "rar": b"Rar!\x1a\x07\x01\0" + bytes(100),
    "7z": b"7z\xbc\xaf\x27\x1c" + bytes(100),
    "doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "mp4": b"\0\0\0\x18ftypmp42" + bytes(100),
    "txt": "只是文字".encode(),
    "xml": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
}


def wrong_endings() -> Iterator[tuple[str, bytes]]:
    for kind, content in FOREIGN.items():
        for ending in good():
            yield f"{kind}冒充.{ending}", content
    pictures = {"jpg", "png"}
    for kind, content in good().items():
        for ending in good():
            if kind != ending and not {kind, ending} <= pictures:
                yield f"{kind}冒充.{ending}", content


def damaged() -> Iterator[tuple[str, bytes]]:
    for kind, content in good().items():
        yield f"空.{kind}", b""
        yield f"半截.{kind}", content[: len(content) // 2]


def polyglots() -> Iterator[tuple[str, bytes]]:
    yield "网页在前.pdf", SCRIPT + pdf()
    yield "网页在后.pdf", pdf() + SCRIPT * 40
    yield "又是压缩包.pdf", pdf() + packed({"a.html": SCRIPT})
    yield "网页在后.zip", good()["zip"] + SCRIPT
    yield "网页在后.docx", docx() + SCRIPT
    yield "网页在注释里.zip", packed({"a.pdf": pdf()}, comment=SCRIPT * 20)
    yield "程序在前.zip", b"MZ\x90\0" + bytes(100) + good()["zip"]
    yield "只有头.jpg", b"\xff\xd8\xff\xe0" + SCRIPT
    yield "只有头.png", b"\x89PNG\r\n\x1a\n" + SCRIPT
    yield "动图网页.gif", b"GIF89a/*" + SCRIPT + b"*/"


def bombs() -> Iterator[tuple[str, bytes]]:
    flood = bytes(30 * 1024 * 1024)
    yield "炸弹.zip", packed({"a.pdf": flood})
    yield "炸弹.docx", docx(**{"word/media/a.xml": flood})
    yield "炸弹.xlsx", packed({"[Content_Types].xml": b"", "xl/workbook.xml": b"", "xl/a.xml": flood})
    yield "炸弹.ofd", packed({"OFD.xml": b"", "a": flood})
    yield "谎报大小.zip", _lying(packed({"a.pdf": bytes(1024 * 1024)}))
    yield "谎报大小.docx", _lying(docx(**{"word/a.xml": bytes(1024 * 1024)}))
    yield "套娃.zip", packed({"b.zip": packed({"a.pdf": pdf()})})
    yield "套娃冒充.zip", packed({"b.pdf": packed({"a.pdf": pdf()})})
    yield "太多文件.zip", packed({f"{number}.pdf": pdf() for number in range(201)})
    yield "太多部件.docx", docx(**{f"word/{number}.xml": b"" for number in range(3001)})
    yield "空包.zip", packed({})
    yield "像素炸弹.png", _pixel_bomb(30_000, 30_000)
    yield "像素炸弹.jpg", _jpeg_of(60_000, 60_000)
    yield "像素炸弹.zip", packed({"a.png": _pixel_bomb(30_000, 30_000)})


def macros() -> Iterator[tuple[str, bytes]]:
    enabled = TYPES.format('<Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>')
    yield "宏.docx", docx(**{"word/vbaProject.bin": b"x"})
    yield "宏大写.docx", docx(**{"word/VBAPROJECT.BIN": b"x"})
    yield "宏类型.docx", packed({"[Content_Types].xml": enabled.encode(), "word/document.xml": b""})
    yield "宏.xlsx", packed({"[Content_Types].xml": b"", "xl/workbook.xml": b"", "xl/vbaProject.bin": b"x"})
    yield (
        "宏表.xlsx",
        packed({"[Content_Types].xml": b"", "xl/workbook.xml": b"", "xl/macrosheets/a.xml": b""}),
    )
    yield "控件.docx", docx(**{"word/activeX/activeX1.bin": b"x"})
    yield "包里的宏.zip", packed({"a.docx": docx(**{"word/vbaProject.bin": b"x"})})
    yield "演示文稿.zip", packed({"[Content_Types].xml": b"", "ppt/presentation.xml": b""})


def paths() -> Iterator[tuple[str, bytes]]:
    for number, name in enumerate(("../../a.pdf", "/etc/a.pdf", "C:/a.pdf", "b/../../a.pdf", "..\\a.pdf")):
        yield f"路径{number}.zip", packed({name: pdf()})
    yield "路径.docx", docx(**{"../word/a.xml": b"x"})
    for name, content in (("a.html", SCRIPT), ("a.svg", SVG), ("a.exe", FOREIGN["exe"]), ("a.pdf", SCRIPT)):
        yield f"包里有{name}.zip", packed({"好的.pdf": pdf(), name: content})


def acting() -> Iterator[tuple[str, bytes]]:
    yield "打开即运行.pdf", pdf(OpenAction=action("/JavaScript", JS="app.alert(1)"))
    yield "启动程序.pdf", pdf(OpenAction=action("/Launch", F="cmd.exe"))
    yield "提交表单.pdf", pdf(OpenAction=action("/SubmitForm", F="http://example.com"))
    yield "导入数据.pdf", pdf(OpenAction=action("/ImportData", F="a.fdf"))
    yield "关闭时运行.pdf", pdf(AA=DictionaryObject({NameObject("/WC"): action("/JavaScript", JS="x")}))
    names = DictionaryObject(
        {NameObject("/Names"): ArrayObject([TextStringObject("a"), action("/JavaScript")])}
    )
    yield "名册里运行.pdf", pdf(Names=DictionaryObject({NameObject("/JavaScript"): names}))
    opened = pdf(OpenAction=action("/JavaScript", JS="x"))
    yield "改写名字.pdf", opened.replace(b"/JavaScript", b"/J#61vaScript").replace(b"/JS ", b"/J#53 ")
    yield "加密.pdf", _locked_pdf()
    yield "没有页.pdf", _empty_pdf()
    yield "加密.zip", _locked_zip()


def web_pages() -> Iterator[tuple[str, bytes]]:
    for name in ("页.html", "页.htm", "页.xhtml", "页.mht", "页"):
        yield name, SCRIPT
    for name in ("图.svg", "图.svgz", "图.xml", "图"):
        yield name, SVG


def hostile() -> list[tuple[str, bytes]]:
    """All of them: (name, content)."""
    sources = (wrong_endings, damaged, polyglots, bombs, macros, paths, acting, web_pages)
    return [file for source in sources for file in source()]


def _lying(content: bytes) -> bytes:
    """The archive with every unpacked size said to be one byte."""
    size = struct.pack("<L", 1024 * 1024)
    assert size in content
    return content.replace(size, struct.pack("<L", 1))


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">L", len(content)) + name + content + struct.pack(">L", zlib.crc32(name + content))


def _pixel_bomb(width: int, height: int) -> bytes:
    header = struct.pack(">LLBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(100_000))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def _jpeg_of(width: int, height: int) -> bytes:
    """A small JPEG whose frame says that it is large."""
    content = bytearray(picture("JPEG"))
    frame = content.index(b"\xff\xc0")
    content[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return bytes(content)


def _locked_pdf() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    writer.encrypt("secret", algorithm="RC4-128")
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def _empty_pdf() -> bytes:
    output = io.BytesIO()
    PdfWriter().write(output)
    return output.getvalue()


def _locked_zip() -> bytes:
    """A zip whose parts are marked as encrypted."""
    content = bytearray(packed({"a.pdf": pdf()}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + offset] |= 1
    return bytes(content)
