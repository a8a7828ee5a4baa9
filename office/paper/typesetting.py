"""Chinese lines: set to full measure, never begun by a closing mark, with commas and stops hanging.

WeasyPrint spreads only spaces, so a line of Chinese that Pango ends early would leave a ragged edge. Here a
paragraph is cut into lines and each gets the letter spacing that fills it; WeasyPrint no longer breaks any.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import dropwhile, groupby

from fontTools.ttLib import TTFont

from office.paper.engine import font_files

NOT_FIRST = frozenset("，。、；：？！）》〉」』】〕”’…·％℃,.;:?!)]}%")
NOT_LAST = frozenset("（《〈「『【〔“‘([{￥¥")
HANGING = frozenset("，。、；：")
# A run of Latin letters and digits stays together, as do dashes and dots of two squares; all else may part.
WORDS = re.compile(r"[A-Za-z0-9@#&+_/.,:%~=-]+(?<![,.:])|——|……|\s+|.", re.DOTALL)

BLANK = re.compile(r"[^\S\u3000]+")


@dataclass(frozen=True)
class Measure:
    """A column: width and size of letters in points, and how many characters its grid holds in a row."""

    width: float
    size: float
    grid: int

    @property
    def spacing(self) -> float:
        """Points added to each character so that a row of the grid is exactly as wide as the column."""
        return self.pitch - self.size

    @property
    def pitch(self) -> float:
        """Points from one character of the grid to the next."""
        return (self.width - 0.1) / self.grid


@dataclass(frozen=True)
class Line:
    """A line as printed: runs of text, each with whether 仿宋 lacks it; spacing and indent in points."""

    runs: tuple[tuple[str, bool], ...]
    spacing: str
    indent: str

    @property
    def text(self) -> str:
        """The line's characters."""
        return "".join(text for text, _ in self.runs)


def points(length: float) -> str:
    """A length in points as CSS writes it."""
    return f"{length:.3f}"


@cache
def _advances() -> dict[str, float]:
    """The characters of 仿宋 with their widths in parts of the letter's size."""
    with TTFont(font_files()["FandolFang"], lazy=True) as font:
        unit, widths, names = font["head"].unitsPerEm, font["hmtx"].metrics, font.getBestCmap()
        return {chr(code): widths[name][0] / unit for code, name in names.items()}


def width(text: str) -> float:
    """How wide a text is, in characters; one that 仿宋 lacks is taken for a full square."""
    return sum(_advances().get(character, 1.0) for character in text)


def extent(text: str, measure: Measure) -> float:
    """How long a text is in points, set on a measure's grid."""
    return width(text) * measure.size + len(text) * measure.spacing


def runs(text: str) -> tuple[tuple[str, bool], ...]:
    """A text in runs of characters that 仿宋 has (False) or lacks (True)."""
    grouped = groupby(text, key=lambda character: character not in _advances())
    return tuple(("".join(characters), rare) for rare, characters in grouped)


def clean(text: str) -> str:
    """One line of plain text: control and invisible characters gone, runs of white space one space.

    Full-width spaces inside stay: titles are spread with them (公　示).
    """
    visible = (" " if unicodedata.category(c) in {"Cc", "Zl", "Zp"} else c for c in text)
    return BLANK.sub(" ", "".join(c for c in visible if unicodedata.category(c) != "Cf")).strip()


def day(value: date) -> str:
    """2026年1月5日, as GB/T 9704-2012 writes dates: in full, without leading zeros."""
    return f"{value.year}年{value.month}月{value.day}日"


def _pieces(text: str, limit: float) -> Iterator[str]:
    """What a line may not cut; a word longer than a third of a line may be cut anywhere."""
    for piece in WORDS.findall(text):
        if width(piece) > limit / 3:
            yield from piece
        else:
            yield piece


def _retreat(row: list[str], following: str) -> int:
    """Where to cut a full row so that neither side breaks a rule; its whole length if nowhere."""
    for cut in range(len(row), max(len(row) - 4, 0), -1):
        head = row[cut] if cut < len(row) else following
        if head[0] not in NOT_FIRST and row[cut - 1][-1] not in NOT_LAST:
            return cut
    return len(row)


def _finished(row: list[str], indent: float, measure: Measure, *, last: bool) -> Line:
    text = "".join(row).strip()
    if last:
        return Line(runs(text), points(measure.spacing), points(indent))
    inside = text[:-1] if text[-1] in HANGING and extent(text, measure) + indent > measure.width else text
    rest = measure.width - 0.1 - indent - width(inside) * measure.size
    return Line(runs(text), points(rest / len(inside)), points(indent))


def set_lines(text: str, measure: Measure, first: float = 2, rest: float = 0) -> list[Line]:
    """A paragraph in lines; first and rest are the indents, in characters, of its first and other lines."""
    lines: list[Line] = []
    row: list[str] = []
    indent, used = first * measure.pitch, 0.0
    for piece in _pieces(clean(text), measure.grid - max(first, rest)):
        used += extent(piece, measure)
        hangs = piece in HANGING and used - extent(piece, measure) + indent <= measure.width
        if not row or used + indent <= measure.width or hangs or piece.isspace():
            row.append(piece)
            continue
        cut = _retreat(row, piece)
        lines.append(_finished(row[:cut], indent, measure, last=False))
        row = [*dropwhile(str.isspace, row[cut:]), piece]
        indent, used = rest * measure.pitch, sum(extent(kept, measure) for kept in row)
    return [*lines, _finished(row, indent, measure, last=True)] if row else lines


BODY = Measure(width=442.205, size=16, grid=28)
IMPRINT = Measure(width=414.205, size=14, grid=29)  # 4号, one character in on either side
