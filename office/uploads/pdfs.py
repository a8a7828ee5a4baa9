"""PDF files: opened and searched for what would act on its own."""

import zipfile
from typing import Any, BinaryIO

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from .problem import BadFile

# More than any real form or scan holds; a search over so many takes some seconds.
MAX_OBJECTS = 1_000_000
ACTIONS = {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm"}
SCRIPTS = {"/JS", "/JavaScript"}
# Some programs leave a few bytes after the end mark.
LONGEST_TAIL = 1024


def check_pdf(file: BinaryIO) -> None:
    """Raise BadFile unless the file is a PDF that opens, is not locked, and does nothing by itself."""
    _check_end(file)
    file.seek(0)
    try:
        reader = PdfReader(file)
        locked = reader.is_encrypted
        pages = 0 if locked else len(reader.pages)
        acts = not locked and _acts(reader)
    except BadFile:
        raise
    except Exception as error:  # a hostile file makes the parser fail in any way
        raise BadFile("不是完好的 PDF，请重新导出或扫描后再上传") from error
    if locked:
        raise BadFile("设有密码或权限限制，请取消限制（可“打印为 PDF”）后再上传")
    if not pages:
        raise BadFile("没有任何页面，请重新导出后再上传")
    if acts:
        raise BadFile("含有脚本或会自动执行的动作，请“打印为 PDF”后再上传")


def _check_end(file: BinaryIO) -> None:
    """A PDF that is an archive or a web page as well is made to be read as something else."""
    file.seek(0, 2)
    size = file.tell()
    file.seek(max(size - 64 * 1024, 0))
    tail = file.read()
    if b"%%EOF" not in tail or len(tail.rpartition(b"%%EOF")[2].strip(b"\0\r\n\t ")) > LONGEST_TAIL:
        raise BadFile("不是完好的 PDF（结尾不完整或附有其他内容），请重新导出后再上传")
    if zipfile.is_zipfile(file):
        raise BadFile("既是 PDF 又是压缩包，请重新导出为普通 PDF 后再上传")


def _acts(reader: PdfReader) -> bool:
    """Whether anything reachable from the trailer is a script or an action that starts something."""
    pending: list[Any] = [reader.trailer]
    seen: set[tuple[int, int]] = set()
    visited = 0
    while pending:
        visited += 1
        if visited > MAX_OBJECTS:
            raise BadFile("结构过于复杂，请“打印为 PDF”后再上传")
        item = pending.pop()
        if isinstance(item, IndirectObject):
            if (item.idnum, item.generation) in seen:
                continue
            seen.add((item.idnum, item.generation))
            item = item.get_object()
        if isinstance(item, DictionaryObject):
            if SCRIPTS & item.keys() or ("/S" in item and str(item["/S"]) in ACTIONS):
                return True
            pending.extend(item.values())
        elif isinstance(item, ArrayObject):
            pending.extend(item)
    return False
