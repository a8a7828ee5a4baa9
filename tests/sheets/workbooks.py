"""Workbooks as people and attackers make them."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook

SHEET = "xl/worksheets/sheet1.xml"
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def workbook(rows: Iterable[Sequence[Any]], merged: Sequence[str] = ()) -> io.BytesIO:
    """A workbook of one sheet with these rows."""
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    for cells in merged:
        book.active.merge_cells(cells)
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    return file


def with_parts(parts: dict[str, bytes]) -> io.BytesIO:
    """A workbook in which these parts are added or put in the place of others."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(workbook([["姓名"]])) as plain,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in plain.namelist():
            if name not in parts:
                made.writestr(name, plain.read(name))
        for name, content in parts.items():
            made.writestr(name, content)
    file.seek(0)
    return file


def sheet_xml(rows: str) -> dict[str, bytes]:
    """The part of a first sheet with these rows of XML."""
    return {SHEET: f'<worksheet xmlns="{NAMESPACE}"><sheetData>{rows}</sheetData></worksheet>'.encode()}
