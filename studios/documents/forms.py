"""A filled form (office.filing) as the sections of a printed one."""

from __future__ import annotations

from collections.abc import Iterable

from office.filing.reading import Part
from office.paper.forms import Grid, LongText, Rows, Section
from office.paper.forms import Part as PaperPart

NUMERALS = "一二三四五六七八九十"


def sections(parts: Iterable[Part]) -> tuple[Section, ...]:
    """The parts as numbered sections: facts in a grid, texts, tables."""
    return tuple(
        Section(f"{NUMERALS[place]}、{part.label}", tuple(_parts(part))) for place, part in enumerate(parts)
    )


def _parts(part: Part) -> Iterable[PaperPart]:
    if part.details:
        yield Grid(tuple(((str(row["label"]), str(row["value"] or "")),) for row in part.details))
    yield from (LongText(label, text) for label, text in part.texts)
    for table in part.tables:
        yield Rows(table.columns, tuple(tuple(row) for row in table.rows), table.widths, table.label)
