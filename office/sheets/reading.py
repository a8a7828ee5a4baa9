"""A sheet as it is → rows under known headings.

The heading is found below title rows; blank rows, notes at the foot and unknown columns are left out; a
value merged down a column is every row's value.
"""

import re
import warnings
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError

import tablib
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from .safety import MAX_COLUMNS, MAX_ROWS, TOO_LONG, BadSheet, check_package
from .text import place_name, plain

ROW_NUMBER = "行号"
_HEADING_WITHIN = 30
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
_NOTE = re.compile(r"^(注|备注|说明|填表说明|填表人|制表人|审核人|填报人|负责人|联系人|合计|总计)\s*[:：]?")
_HEADING_NOISE = re.compile(r"[\s*＊★（）()：:、/]+")


@dataclass(frozen=True)
class Column:
    """A column that is looked for: its name, other headings it goes by, whether a table must have it."""

    name: str
    aliases: tuple[str, ...] = ()
    required: bool = False

    def headings(self) -> set[str]:
        return {_heading(text) for text in (self.name, *self.aliases)}


@dataclass
class Table:
    """What was found: rows of text under the columns' names, preceded by the row's number in the sheet."""

    rows: list[dict[str, str]] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)

    def by_number(self) -> dict[int, dict[str, str]]:
        """The rows by their number in the sheet."""
        return {int(row[ROW_NUMBER]): row for row in self.rows}

    def dataset(self) -> tablib.Dataset:
        """The rows for django-import-export; a column the sheet lacks is absent."""
        names = [ROW_NUMBER, *self.columns]
        return tablib.Dataset(*[[row[name] for name in names] for row in self.rows], headers=names)


def read_table(file: BinaryIO, columns: Sequence[Column]) -> Table:
    """Read the first sheet of ``file`` that has the ``columns``. Raises BadSheet, its text for the user."""
    check_package(file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl remarks on styles and validations it leaves out
            return _read_workbook(file, columns)
    except BadSheet:
        raise
    except (
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        OSError,
        EOFError,
        ParseError,
    ) as error:
        # A package whose parts do not fit together fails anywhere in the parser.
        raise BadSheet("文件已损坏，无法读取。请用 Excel 或 WPS 重新保存后再上传。") from error


def _read_workbook(file: BinaryIO, columns: Sequence[Column]) -> Table:
    book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    missing: list[str] = []
    for sheet in book.worksheets:
        cells = _bounded(sheet)
        heading = _find_heading(cells, columns)
        if heading is None:
            continue
        missing = [column.name for column in columns if column.required and column.name not in heading.places]
        if not missing:
            _fill_merged(file, sheet, cells, heading.index)
            return _body(cells, heading)
    if missing:
        raise BadSheet(f"表中缺少以下列：{'、'.join(missing)}。")
    needed = "、".join(column.name for column in columns if column.required)
    raise BadSheet(f"没有找到表头。表中应有这些列：{needed}。")


def _bounded(sheet: Any) -> list[list[Any]]:
    """The sheet's cells as lists, row by row; raises BadSheet when there are too many rows or columns."""
    if (sheet.max_column or 0) > MAX_COLUMNS:
        raise BadSheet(f"表格超过 {MAX_COLUMNS} 列，请删除多余的空列后再上传。")
    cells: list[list[Any]] = []
    for row in sheet.iter_rows(max_row=MAX_ROWS + 1, values_only=True):
        if len(cells) == MAX_ROWS:
            raise BadSheet(TOO_LONG)
        if len(row) > MAX_COLUMNS:
            raise BadSheet(f"表格超过 {MAX_COLUMNS} 列，请删除多余的空列后再上传。")
        cells.append(list(row))
    return cells


@dataclass(frozen=True)
class _Heading:
    index: int
    places: dict[str, int]


def _heading(value: object) -> str:
    return _HEADING_NOISE.sub("", place_name(value)).upper()


def _find_heading(cells: list[list[Any]], columns: Sequence[Column]) -> _Heading | None:
    """The row among the first that names most columns, and at least two."""
    best: _Heading | None = None
    for index, row in enumerate(cells[:_HEADING_WITHIN]):
        words = [_heading(value) for value in row]
        places: dict[str, int] = {}
        for column in columns:
            found = [place for place, word in enumerate(words) if word and word in column.headings()]
            if found:
                places[column.name] = found[0]
        if len(places) > max(1, len(best.places) if best else 0):
            best = _Heading(index, places)
    return best


def _fill_merged(file: BinaryIO, sheet: Any, cells: list[list[Any]], heading: int) -> None:
    """Give each row its share of a value merged down one column; read-only mode sees only the first."""
    file.seek(0)
    with zipfile.ZipFile(file) as package:
        merged = _MERGE.findall(package.read(sheet._worksheet_path))
    for ref in merged:
        left, top, right, bottom = range_boundaries(ref.decode())
        if left != right or top <= heading + 1 or top > len(cells):
            continue
        value = cells[top - 1][left - 1] if left <= len(cells[top - 1]) else None
        for row in cells[top : min(bottom, len(cells))]:
            row.extend([None] * (left - len(row)))
            row[left - 1] = value


def _body(cells: list[list[Any]], heading: _Heading) -> Table:
    table = Table(columns=list(heading.places))
    for number, row in enumerate(cells[heading.index + 1 :], heading.index + 2):
        values = [plain(value) for value in row]
        if not any(values) or _is_note(values) or _is_heading(values, heading):
            continue
        record = {ROW_NUMBER: str(number)}
        for name, place in heading.places.items():
            record[name] = values[place] if place < len(values) else ""
        if any(record[name] for name in heading.places):
            table.rows.append(record)
    return table


def _is_note(values: Iterable[str]) -> bool:
    """A note, a signature or a total at the foot: one or two filled cells, the first of them a label."""
    filled = [value for value in values if value]
    return len(filled) <= 3 and bool(_NOTE.match(filled[0]))


def _is_heading(values: Sequence[str], heading: _Heading) -> bool:
    """The heading repeated at the top of a printed page."""
    return all(
        _heading(values[place]) == _heading(name)
        for name, place in heading.places.items()
        if place < len(values)
    )
