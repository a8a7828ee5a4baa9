"""Boards (看板): figures in parts. A part is one table; its chart and its Excel sheet are made of the same rows.

An app describes its board as data, patterns/board.html draws it, ``office.views.board`` answers for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any


@dataclass(frozen=True)
class Cell:
    """One value. ``text`` says it where the plain value would not do (3 / 5); ``url`` leads to what is counted.

    ``tone``: red or amber where it needs attention.
    """

    value: Any
    url: str = ""
    text: str = ""
    tone: str = ""

    @property
    def words(self) -> str:
        """What the page shows."""
        if self.text:
            return self.text
        return (
            "—"
            if self.value is None
            else f"{self.value:,}"
            if isinstance(self.value, int)
            else str(self.value)
        )


@dataclass(frozen=True)
class Row:
    """One line of a part: what it is about, and its cells. ``total``: the line that sums the others up."""

    label: str
    cells: tuple[Cell, ...]
    url: str = ""
    total: bool = False


@dataclass(frozen=True)
class Part:
    """One table of a board: ``columns`` name the label and then each cell.

    ``bars``: the number of the cell whose value is drawn as a bar beside it. ``over_time``: the rows are days; the
    first cell is drawn as columns, the second as a line. ``empty`` says what would be here.
    """

    key: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    note: str = ""
    empty: str = ""
    bars: int | None = None
    over_time: bool = False

    @property
    def peak(self) -> int:
        """The value of the longest bar, at least 1."""
        if self.bars is None:
            return 1
        return max([1, *(int(row.cells[self.bars].value or 0) for row in self.rows if not row.total)])

    @property
    def curve(self) -> Curve | None:
        """The chart of days; None for other parts and for fewer than two days."""
        return Curve(self.rows) if self.over_time and len(self.rows) > 1 else None

    def sheet(self) -> Iterator[list[Any]]:
        """The rows of the Excel sheet: what the page shows, figures as figures."""
        for row in self.rows:
            yield [row.label, *(cell.text or cell.value for cell in row.cells)]


class Curve:
    """Days as columns (first cell) and a line (second cell), in a field of 100 by 100 with the origin at the top."""

    def __init__(self, rows: Sequence[Row]) -> None:
        daily = [int(row.cells[0].value) for row in rows]
        summed = [int(row.cells[1].value) for row in rows]
        self.first, self.last = rows[0].label, rows[-1].label
        self.most, self.total = max(daily), summed[-1]
        wide = 100 / len(rows)
        self.columns = [
            (
                round(at * wide + wide * 0.15, 2),
                round(100 - height, 2),
                round(wide * 0.7, 2),
                round(height, 2),
            )
            for at, value in enumerate(daily)
            for height in [95 * value / max(self.most, 1)]
        ]
        self.line = " ".join(
            f"{round((at + 0.5) * wide, 2)},{round(100 - 95 * value / max(self.total, 1), 2)}"
            for at, value in enumerate(summed)
        )
        if any(later < earlier for earlier, later in pairwise(summed)):
            raise ValueError("the second cell of days is a running sum")


@dataclass(frozen=True)
class Choice:
    """One board of several of a kind (a call): its key in the address, its name."""

    key: str
    label: str


@dataclass(frozen=True)
class Board:
    """A page of parts. ``choice`` names the parameter of the address that chooses among ``choices``."""

    title: str
    subtitle: str
    parts: tuple[Part, ...]
    choice: str = ""
    choice_label: str = ""
    choices: tuple[Choice, ...] = ()
    chosen: str = ""
    links: tuple[tuple[str, str], ...] = ()
    empty: str = ""

    def part(self, key: str) -> Part | None:
        """The part of this name."""
        return next((part for part in self.parts if part.key == key), None)
