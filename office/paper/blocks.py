"""What the body of a document is made of, and how each block becomes lines."""

from dataclasses import dataclass
from typing import Any

from office.paper.typesetting import BODY, clean, set_lines


@dataclass(frozen=True)
class Heading1:
    """一、 in 黑体; the text carries its number."""

    text: str


@dataclass(frozen=True)
class Heading2:
    """（一） in 楷体; the text carries its number."""

    text: str


@dataclass(frozen=True)
class Heading3:
    """1. in 仿宋; the text carries its number."""

    text: str


@dataclass(frozen=True)
class Paragraph:
    """Plain text in 仿宋; each line of it becomes a paragraph of its own."""

    text: str


@dataclass(frozen=True)
class NumberedLine:
    """A line of a list: 1. 2. 3. in front, further lines flush left as in any paragraph."""

    number: int
    text: str


@dataclass(frozen=True)
class Table:
    """A table as wide as the page's type area; its head is repeated on each page.

    Widths are shares of the whole (equal when none are given); a caption stands centred above.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...] = ()
    caption: str = ""

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows) or (
            self.widths and len(self.widths) != len(self.columns)
        ):
            raise ValueError("表格每行的列数须与表头一致")


Block = Heading1 | Heading2 | Heading3 | Paragraph | NumberedLine | Table
MONEY = ("¥", "-¥")  # such a cell is a sum and stands to the right
KINDS = {Heading1: "heading1", Heading2: "heading2", Heading3: "heading3"}


def shares(columns: tuple[str, ...], widths: tuple[float, ...]) -> list[str]:
    """Each column's width in per cent of the table, as CSS writes it."""
    given = widths or (1.0,) * len(columns)
    return [f"{100 * share / sum(given):.3f}" for share in given]


def table(block: Table) -> dict[str, Any]:
    """What documents/table.html wants to know of a table."""
    return {
        "kind": "table",
        "caption": block.caption,
        "columns": [clean(column) for column in block.columns],
        "rows": [[(clean(cell), cell.startswith(MONEY)) for cell in row] for row in block.rows],
        "shares": shares(block.columns, block.widths),
    }


def paragraphs(kind: str, text: str) -> list[dict[str, Any]]:
    """A text set in the body's measure, one entry for each of its non-empty lines."""
    return [{"kind": kind, "lines": set_lines(part, BODY)} for part in text.splitlines() if clean(part)]


def typeset(blocks: tuple[Block, ...]) -> list[dict[str, Any]]:
    """Blocks as documents/blocks.html wants them: lines already broken."""
    ready: list[dict[str, Any]] = []
    for block in blocks:
        if isinstance(block, Table):
            ready.append(table(block))
        elif isinstance(block, NumberedLine):
            ready += paragraphs("paragraph", f"{block.number}. {clean(block.text)}")
        else:
            ready += paragraphs(KINDS.get(type(block), "paragraph"), block.text)
    return ready
