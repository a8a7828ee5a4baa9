"""One question to every upload: is it of an allowed kind, whole and harmless?"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, BinaryIO

import filetype
from django.conf import settings
from django.core.files.base import ContentFile, File

from . import archives, images, names, pdfs
from .handler import LostUpload
from .problem import NO_ROOM, BadFile

ALLOWED = "可上传 PDF、OFD、Word（.docx）、Excel（.xlsx）、JPG、PNG，或这些文件的 ZIP 压缩包"
PICTURES = "照片可上传 JPG、PNG"
WORDS = "PDF、OFD、Word、Excel、JPG、PNG、ZIP"
HEAD = 8192


@dataclass(frozen=True)
class Kind:
    """A kind of file: how it is called, the endings it may have, the type the browser is told."""

    label: str
    endings: tuple[str, ...]
    media_type: str


_OPEN_XML = "application/vnd.openxmlformats-officedocument"
KINDS = {
    "pdf": Kind("PDF", (".pdf",), "application/pdf"),
    "ofd": Kind("OFD", (".ofd",), "application/ofd"),
    "docx": Kind("Word", (".docx",), f"{_OPEN_XML}.wordprocessingml.document"),
    "xlsx": Kind("Excel", (".xlsx",), f"{_OPEN_XML}.spreadsheetml.sheet"),
    "jpg": Kind("JPG", (".jpg", ".jpeg", ".jfif"), "image/jpeg"),
    "png": Kind("PNG", (".png",), "image/png"),
    "zip": Kind("ZIP", (".zip",), "application/zip"),
}
ACCEPT = ",".join(ending for kind in KINDS.values() for ending in kind.endings)
# Named by type, a telephone offers its camera and turns its own formats into JPEG.
ACCEPT_PICTURES = ",".join(KINDS[kind].media_type for kind in images.FORMATS)
SIGNATURES = (
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"PK\x03\x04", "archive"),
)
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ADVICE = {
    "rar": "是 RAR 压缩包，请改用 ZIP 压缩后再上传",
    "7z": "是 7z 压缩包，请改用 ZIP 压缩后再上传",
    "heic": "是 HEIC 图片，请在手机相册中转存为 JPG 后再上传",
    "webp": "是 WebP 图片，请转存为 JPG 或 PNG 后再上传",
    "gif": "是 GIF 图片，请转存为 JPG 或 PNG 后再上传",
    "bmp": "是 BMP 图片，请转存为 JPG 或 PNG 后再上传",
    "tif": "是 TIFF 图片，请转存为 JPG 或 PDF 后再上传",
}


@dataclass(frozen=True)
class Checked:
    """A file found good. ``content`` is what is stored: a picture is written anew, all else is as it came."""

    kind: str
    name: str
    content: File[bytes]
    size: int
    sha256: str
    width: int | None = None
    height: int | None = None


def limit_words() -> str:
    """The greatest size of one file, in words: 20 MB."""
    return f"{settings.UPLOAD_MAX_BYTES // 1024 // 1024} MB"


def check(upload: File[Any], pictures: int = 0) -> Checked:
    """Judge an uploaded file by its content. Raises BadFile with a sentence for the person who gave it.

    ``pictures``: only pictures are taken, and written no larger than so many pixels on the longer side.
    """
    if isinstance(upload, LostUpload):
        raise BadFile(NO_ROOM)
    name = names.clean(upload.name or "")
    try:
        return _checked(upload, name, pictures)
    except BadFile as problem:
        said = f"“{names.short(name)}”" if name else "文件"
        raise BadFile(
            f"{said}{problem}。{PICTURES if pictures else ALLOWED}，每个不超过 {limit_words()}。"
        ) from problem


def _checked(upload: Any, name: str, pictures: int) -> Checked:
    size = upload.size or 0
    if not size:
        raise BadFile("是空的，请重新选择文件")
    if size > settings.UPLOAD_MAX_BYTES:
        raise BadFile(f"超过 {limit_words()}，请压缩或拆分后再上传")
    upload.seek(0)
    kind = _kind_of(upload)
    _check_ending(name, kind)
    if pictures and kind not in images.FORMATS:
        raise BadFile(f"是 {KINDS[kind].label} 文件，不是照片，请放到其他材料里")
    content, width, height = upload, None, None
    if kind in images.FORMATS:
        picture, width, height = images.rewritten(upload, kind, pictures)
        content = ContentFile(picture)
    return Checked(
        kind, names.fitting(name, KINDS[kind].endings), content, content.size, _sha256(content), width, height
    )


def _kind_of(file: Any, *, inside: bool = False) -> str:
    """The kind of a file, which is whole and harmless; pictures are left to be opened by the caller."""
    head = file.read(HEAD)
    found = next((kind for signature, kind in SIGNATURES if head.startswith(signature)), None)
    if found is None:
        raise BadFile(_advice(head))
    file.seek(0)
    if found == "pdf":
        pdfs.check_pdf(file)
    elif found == "archive":
        found = archives.check_archive(file, None if inside else _check_member)
    file.seek(0)
    return found


def _check_member(file: BinaryIO, name: str) -> None:
    kind = _kind_of(file, inside=True)
    _check_ending(name, kind)
    if kind in images.FORMATS:
        images.open_picture(file, kind)


def _advice(head: bytes) -> str:
    if head.startswith(OLD_OFFICE):
        return "是旧版 Office 文件（.doc、.xls）或设有密码，请另存为不加密的 .docx 或 .xlsx 后再上传"
    return ADVICE.get(filetype.guess_extension(head) or "", "不是允许的文件类型，请转换后再上传")


def _check_ending(name: str, kind: str) -> None:
    """A name that promises another kind deceives whoever opens the file; among pictures cameras confuse it themselves."""
    ending = names.ending(name)
    fits = KINDS[kind].endings
    if kind in images.FORMATS:
        fits = tuple(end for picture in images.FORMATS for end in KINDS[picture].endings)
    if ending and ending not in fits:
        raise BadFile(f"的扩展名是 {ending}，内容却是 {KINDS[kind].label}，请改正扩展名后再上传")


def _sha256(content: File[Any]) -> str:
    digest = hashlib.sha256()
    for chunk in content.chunks():
        digest.update(chunk)
    content.seek(0)
    return digest.hexdigest()
