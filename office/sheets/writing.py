"""Workbooks we hand out: nothing in them is a formula, dates are dates, numbers are numbers."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import chain, islice
from tempfile import TemporaryFile
from typing import IO, Any
from unicodedata import east_asian_width

from django.http import FileResponse
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_ILLEGAL = re.compile(r"[\000-\010\013\014\016-\037\ufffe\uffff]")
_SAMPLE = 200


def write_sheet(target: IO[bytes], title: str, headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write one sheet into ``target``, row by row as ``rows`` yields them; the heading stays in view.

    Values: text, int, Decimal or float, bool (是 or empty), date, aware datetime (local time), None.
    """
    write_book(target, [(title, headers, rows)])


def write_book(
    target: IO[bytes], sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[Any]]]]
) -> None:
    """Write several sheets into ``target``, each as ``write_sheet`` does: title, headers, rows."""
    book = Workbook(write_only=True)
    for title, headers, rows in sheets:
        _add_sheet(book, title, headers, rows)
    book.save(target)


def _add_sheet(book: Workbook, title: str, headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31])
    remaining = iter(rows)
    sample = list(islice(remaining, _SAMPLE))
    for place, width in enumerate(_widths(headers, sample), 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = "A2"
    sheet.append(list(_heading(sheet, headers)))
    for row in chain(sample, remaining):
        sheet.append([_cell(sheet, value) for value in row])


def download(name: str, title: str, headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> FileResponse:
    """The sheet as an answer to a request, saved by the browser as ``name`` (without .xlsx)."""
    return download_book(name, [(title, headers, rows)])


def download_book(
    name: str, sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[Any]]]]
) -> FileResponse:
    """The workbook of several sheets as an answer to a request, saved by the browser as ``name``."""
    file = TemporaryFile()  # noqa: SIM115 - the response closes it
    write_book(file, sheets)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


def _heading(sheet: Any, headers: Sequence[str]) -> Iterator[WriteOnlyCell]:
    for text in headers:
        cell = WriteOnlyCell(sheet, value=text)
        cell.font = Font(bold=True)
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        yield cell


def _cell(sheet: Any, value: Any) -> Any:
    if isinstance(value, bool):
        return "是" if value else None
    if isinstance(value, datetime):
        return _formatted(
            sheet, timezone.localtime(value).replace(tzinfo=None, microsecond=0), "yyyy-mm-dd hh:mm"
        )
    if isinstance(value, date):
        return _formatted(sheet, value, "yyyy-mm-dd")
    if isinstance(value, str):
        return _text(sheet, _ILLEGAL.sub("", value))
    return value


def _formatted(sheet: Any, value: date, pattern: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=value)
    cell.number_format = pattern
    return cell


def _text(sheet: Any, text: str) -> Any:
    """Text stays text: what a spreadsheet would take for a formula is marked by the quote prefix."""
    if not text.startswith(_FORMULA):
        return text or None
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell


def _widths(headers: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[float]:
    """Column widths in characters of the default font; a Chinese character takes two."""
    widths = [_width(text) for text in headers]
    for row in rows:
        for place, value in enumerate(row[: len(widths)]):
            widths[place] = max(widths[place], _width(value))
    return [min(max(width + 2.0, 6.0), 60.0) for width in widths]


def _width(value: Any) -> int:
    if isinstance(value, datetime):
        return 16
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in str(value if value is not None else ""))
