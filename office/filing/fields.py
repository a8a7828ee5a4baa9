"""What a form is made of: sections, fields, tables, their limits and the articles they serve.

What a form holds is ``Filing.content``: ``{section: {field: value}}``. Text and choices are strings, months
"2019-08", days "2019-08-31", numbers and money decimal strings, ticks booleans, rows lists of ``{column: value}``.
Fields with ``column`` are columns of the row itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from office.models import Filing

Kind = Literal["text", "long", "month", "day", "number", "money", "choice", "check", "rows"]

TEXT_LIMIT = 100
LONG_LIMIT = 2000
ROWS_LIMIT = 30
# The key by which a row of a table is known, whatever becomes of its words and its place; given when it is kept.
ROW_KEY = "key"


@dataclass(frozen=True)
class Field:
    """One thing to fill in. ``limit``: characters of a text, rows of a table; ``group``: the heading it stands under.

    ``keyed``: the rows of the table keep a key of their own, because other things point at them.
    """

    key: str
    label: str
    kind: Kind = "text"
    required: bool = False
    limit: int = TEXT_LIMIT
    choices: tuple[tuple[str, str], ...] = ()
    columns: tuple[Field, ...] = ()
    hint: str = ""
    article: int | None = None
    column: bool = False
    group: str = ""
    keyed: bool = False


@dataclass(frozen=True)
class Section:
    """One page of the form."""

    key: str
    label: str
    fields: tuple[Field, ...] = ()
    hint: str = ""

    def field(self, key: str) -> Field:
        """The field of this key; raises KeyError."""
        for field in self.fields:
            if field.key == key:
                return field
        raise KeyError(key)


@dataclass(frozen=True)
class Layout:
    """A whole form: its sections in order; ``more`` names what a section lacks beyond its required fields."""

    sections: tuple[Section, ...]
    more: Callable[[Filing, Section], Iterable[str]] = lambda filing, section: ()

    def section(self, key: str) -> Section:
        """The section of this key; raises KeyError."""
        for section in self.sections:
            if section.key == key:
                return section
        raise KeyError(key)

    def neighbour(self, section: Section, step: int) -> Section | None:
        """The section ``step`` places further on; None beyond the ends."""
        place = self.sections.index(section) + step
        return self.sections[place] if 0 <= place < len(self.sections) else None

    def missing(self, filing: Filing) -> dict[str, list[str]]:
        """The labels of what is not yet given, by section; a complete section has no key."""
        lacks = {section.key: list(self._missing(filing, section)) for section in self.sections}
        return {key: labels for key, labels in lacks.items() if labels}

    def _missing(self, filing: Filing, section: Section) -> Iterator[str]:
        for field in section.fields:
            value = value_of(filing, section, field)
            if field.kind == "rows":
                yield from _missing_in_rows(field, value)
            elif field.required and not value:
                yield field.label
        yield from self.more(filing, section)


def words(*labels: str) -> tuple[tuple[str, str], ...]:
    """Choices that are kept as they are said."""
    return tuple((label, label) for label in labels)


def table(
    key: str,
    label: str,
    *columns: Field,
    required: bool = False,
    hint: str = "",
    article: int | None = None,
    limit: int = ROWS_LIMIT,
    keyed: bool = False,
) -> Field:
    """A field of rows."""
    return Field(key, label, "rows", required, limit, (), columns, hint, article, keyed=keyed)


def value_of(filing: Filing, section: Section, field: Field) -> Any:
    """What the form holds for a field: "", False or [] where nothing is given."""
    if field.column:
        return getattr(filing, field.key)
    empty: Any = {"rows": [], "check": False}.get(field.kind, "")
    return filing.content.get(section.key, {}).get(field.key, empty)


def _missing_in_rows(field: Field, rows: list[Mapping[str, Any]]) -> Iterator[str]:
    if field.required and not rows:
        yield field.label
    for number, row in enumerate(rows, 1):
        yield from (
            f"{field.label}第{number}行的{column.label}"
            for column in field.columns
            if column.required and not row.get(column.key)
        )
