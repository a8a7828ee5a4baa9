"""A printed document read back from its PDF, in millimetres from the top left corner of the sheet."""

import io
from dataclasses import dataclass, field
from typing import Any

from pypdf import PdfReader
from pypdf.generic import DictionaryObject

MM = 25.4 / 72


@dataclass(frozen=True)
class Run:
    """A run of text in one font: x of its first letter's left, y of its baseline, size in points."""

    text: str
    x: float
    y: float
    font: str
    size: float


@dataclass(frozen=True)
class Rectangle:
    """A filled rectangle with its colour (red, green, blue from 0 to 1)."""

    x: float
    y: float
    width: float
    height: float
    colour: tuple[float, ...]


@dataclass
class Page:
    """One page: its size in mm, and what stands on it."""

    width: float
    height: float
    runs: list[Run] = field(default_factory=list)
    rectangles: list[Rectangle] = field(default_factory=list)

    def lines(self) -> list[tuple[float, float, str]]:
        """The text by baseline: (y, x of the first run, text), from the top."""
        rows: dict[float, list[Run]] = {}
        for run in self.runs:
            rows.setdefault(round(run.y, 1), []).append(run)
        return [
            (y, min(run.x for run in row), "".join(run.text for run in sorted(row, key=lambda run: run.x)))
            for y, row in sorted(rows.items())
        ]

    @property
    def text(self) -> str:
        return "\n".join(text for _, _, text in self.lines())

    def run(self, text: str) -> Run:
        """The first run that holds a text."""
        return next(run for run in self.runs if text in run.text)

    def body(self) -> list[tuple[float, float, str]]:
        """The lines within an official document's type area (below it stands the page number)."""
        return [line for line in self.lines() if line[0] < 262]


def read(pdf: bytes) -> list[Page]:
    """The pages of a PDF."""
    return [_page(page) for page in PdfReader(io.BytesIO(pdf)).pages]


def _page(page: Any) -> Page:
    height = float(page.mediabox.height)
    read = _size(page)
    colour: tuple[float, ...] = (0, 0, 0)
    drawn: list[float] = []

    def text(text: str, cm: list[float], tm: list[float], font: Any, size: float) -> None:
        if text.strip():
            x, y = tm[4] * cm[0] + cm[4], tm[5] * cm[3] + cm[5]
            name = str(font["/BaseFont"]).rpartition("+")[2]
            read.runs.append(Run(text.strip("\n"), x * MM, (height - y) * MM, name, size * cm[0]))

    def operand(operator: bytes, operands: list[Any], cm: list[float], tm: list[float]) -> None:
        nonlocal colour, drawn
        if operator == b"rg":
            colour = tuple(float(part) for part in operands)
        elif operator == b"re":
            drawn = [float(part) for part in operands]
        elif operator == b"f" and drawn:
            x, y = drawn[0] * cm[0] + cm[4], drawn[1] * cm[3] + cm[5]
            shape = (x * MM, (height - y) * MM, drawn[2] * cm[0] * MM, drawn[3] * abs(cm[3]) * MM)
            read.rectangles.append(Rectangle(*shape, colour=colour))

    page.extract_text(visitor_text=text, visitor_operand_before=operand)
    return read


def on_a4(pdf: bytes) -> bool:
    """Every page is an A4 sheet, upright or on its side."""
    return all(
        sorted((round(page.width), round(page.height))) == [210, 297]
        for page in map(_size, PdfReader(io.BytesIO(pdf)).pages)
    )


def _size(page: Any) -> Page:
    return Page(float(page.mediabox.width) * MM, float(page.mediabox.height) * MM)


def fonts(pdf: bytes) -> dict[str, bool]:
    """The fonts a PDF names, each with whether its glyphs are in the file."""
    found = {}
    for page in PdfReader(io.BytesIO(pdf)).pages:
        for reference in page["/Resources"].get("/Font", DictionaryObject()).values():
            font = reference.get_object()
            if font["/Subtype"] == "/Type3":  # drawn, not named
                continue
            described = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
            descriptor = described.get("/FontDescriptor", {})
            embedded = any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))
            found[str(font["/BaseFont"]).rpartition("+")[2]] = embedded
    return found
