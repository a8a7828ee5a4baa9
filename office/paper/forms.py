"""Forms on paper: bordered grids of labels and values, long texts, lists, boxes for opinions and seals."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from office.paper import engine
from office.paper.blocks import shares
from office.paper.typesetting import Measure, clean, day, runs, set_lines

COLUMNS = 24  # a grid's narrow columns, which labels and values span
PHOTO_COLUMNS = 5
PHOTO_ROWS = 5
LABEL = 4
TEXT = Measure(width=453.5, size=12, grid=37)  # 小4号 inside a box of 166 mm
NO_DATE = "　　　　年　　月　　日"


@dataclass(frozen=True)
class Grid:
    """Rows of (label, value) pairs, one to four in a row; a photo (PNG or JPEG) stands right of the first five."""

    rows: tuple[tuple[tuple[str, str], ...], ...]
    photo: bytes | None = None


@dataclass(frozen=True)
class LongText:
    """A text under its label; its lines are paragraphs; it may run over pages."""

    label: str
    text: str


@dataclass(frozen=True)
class Rows:
    """A list with a head that is repeated on each page; widths are shares; a label may stand above it."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...] = ()
    label: str = ""

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("表格每行的列数须与表头一致")


@dataclass(frozen=True)
class Opinion:
    """A box for an opinion: what is empty is left to be filled by hand; seal: room for one is kept."""

    label: str
    text: str = ""
    name: str = ""
    organisation: str = ""
    dated: date | None = None
    seal: bool = False


@dataclass(frozen=True)
class Pictures:
    """Pictures (PNG or JPEG) two by two, each over its caption; none is torn by the end of a page."""

    pictures: tuple[tuple[bytes, str], ...]


Part = Grid | LongText | Rows | Opinion | Pictures


@dataclass(frozen=True)
class Section:
    """A titled part of a form (一、基本情况); without a title its parts follow directly."""

    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class FormPaper:
    """A form: with cover lines (label, value) it has a cover page, else the title heads the first page.

    ``title`` is broken where it has a line break. ``landscape``: for wide tables; the cover stands upright.
    """

    title: str
    subtitle: str
    number: str
    sections: tuple[Section, ...]
    cover: tuple[tuple[str, str], ...] = ()
    landscape: bool = False


def _spans(pairs: tuple[tuple[str, str], ...], columns: int) -> list[dict[str, Any]]:
    """The pairs of a row over the narrow columns: equal shares, what is left over to the last value."""
    share = columns // len(pairs)
    label = min(LABEL, share // 2)
    cells = [{"label": clean(name), "value": value, "span": str(share - label)} for name, value in pairs]
    cells[-1]["span"] = str(columns - share * (len(pairs) - 1) - label)
    return [{**cell, "label_span": str(label)} for cell in cells]


def _grid(grid: Grid) -> dict[str, Any]:
    beside = PHOTO_ROWS if grid.photo else 0
    rows = [
        _spans(pairs, COLUMNS - PHOTO_COLUMNS if at < beside else COLUMNS)
        for at, pairs in enumerate(grid.rows)
    ]
    return {
        "kind": "grid",
        "rows": rows,
        "columns": range(COLUMNS),
        "photo": engine.picture(grid.photo) if grid.photo else "",
        "photo_span": str(PHOTO_COLUMNS),
        "photo_rows": str(min(PHOTO_ROWS, len(rows))),
    }


def _text(text: str) -> list[Any]:
    return [set_lines(part, TEXT) for part in text.splitlines() if clean(part)]


def _part(part: Part) -> dict[str, Any]:
    if isinstance(part, Grid):
        return _grid(part)
    if isinstance(part, LongText):
        return {"kind": "text", "label": clean(part.label), "paragraphs": _text(part.text)}
    if isinstance(part, Rows):
        return {
            "kind": "rows",
            "label": clean(part.label),
            "columns": [clean(column) for column in part.columns],
            "rows": part.rows,
            "shares": shares(part.columns, part.widths),
            "breadth": str(len(part.columns)),
        }
    if isinstance(part, Pictures):
        shown = [(engine.picture(data), clean(caption)) for data, caption in part.pictures]
        return {"kind": "pictures", "rows": [shown[at : at + 2] for at in range(0, len(shown), 2)]}
    return {
        "kind": "opinion",
        "label": clean(part.label),
        "paragraphs": _text(part.text),
        "name": clean(part.name),
        "organisation": clean(part.organisation),
        "dated": day(part.dated) if part.dated else NO_DATE,
        "seal": part.seal,
    }


def render_form(form: FormPaper) -> bytes:
    """The form as PDF on A4, its number and the page at the foot of each. Raises engine.PdfUnavailable,
    ValueError for a photo that is neither PNG nor JPEG.
    """
    engine.font_files()
    page = engine.html(
        "form.html",
        {
            "title": clean("".join(form.title.splitlines())),
            "title_lines": [runs(clean(line)) for line in form.title.splitlines()],
            "subtitle": clean(form.subtitle),
            "number": clean(form.number),
            "cover": form.cover,
            "landscape": form.landscape,
            "sections": [
                {"title": clean(section.title), "parts": [_part(part) for part in section.parts]}
                for section in form.sections
            ],
        },
    )
    return engine.pdf(page, css=("page.css", "form.css"))
