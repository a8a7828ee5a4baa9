"""A form as it is read: in words, section by section, and what changed between two versions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from office.filing.fields import Field, Layout, Section, value_of
from office.models import Entry, Filing
from office.words import day, money

# Shares of a printed table's width; text of one line has two.
WIDTHS = {"long": 4.0, "month": 1.4, "day": 1.6, "choice": 2.0, "number": 1.1}


@dataclass(frozen=True)
class Table:
    """The rows of one field, said in words; ``widths`` are the shares of the columns on paper."""

    label: str
    columns: tuple[str, ...]
    rows: list[list[str]]
    widths: tuple[float, ...] = ()


@dataclass(frozen=True)
class Part:
    """One section to read: short facts (components/details.html), long texts under their labels, tables, promises."""

    key: str
    label: str
    details: list[dict[str, Any]] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    ticks: list[tuple[str, bool]] = field(default_factory=list)

    def add(self, field: Field, value: Any) -> None:
        """One more field of the section, in its place."""
        if field.kind == "rows":
            self.tables.append(table_of(field, value))
        elif field.kind == "long":
            if value or field.required:
                self.texts.append((field.label, said(field, value)))
        elif field.kind == "check":
            self.ticks.append((field.label, bool(value)))
        else:
            self.details.append({"label": field.label, "value": said(field, value)})


def parts(filing: Filing) -> list[Part]:
    """The whole form, section by section. No query."""
    return [_part(filing, section) for section in filing.layout.sections if section.fields]


def _part(filing: Filing, section: Section) -> Part:
    part = Part(section.key, section.label)
    for each in section.fields:
        part.add(each, value_of(filing, section, each))
    return part


def table_of(field: Field, rows: Iterable[Mapping[str, Any]]) -> Table:
    """The rows of a table in words."""
    labels = tuple(column.label for column in field.columns)
    widths = tuple(WIDTHS.get(column.kind, 2.0) for column in field.columns)
    return Table(field.label, labels, [_cells(field, row) for row in rows], widths)


def said(field: Field, value: Any) -> str:
    """One value in words; rows line by line; "" for nothing."""
    if field.kind == "rows":
        return "\n".join("；".join(word for word in _cells(field, row) if word) for row in value or ())
    if field.kind == "check":
        return "是" if value else ""
    if not value:
        return ""
    if field.kind == "choice":
        return str(dict(field.choices).get(value, value))
    say = SAY.get(field.kind)
    return say(value) if say else str(value)


def _month(value: str) -> str:
    year, _, number = value.partition("-")
    return f"{year}年{int(number)}月"


SAY: dict[str, Callable[[str], str]] = {
    "month": _month,
    "day": lambda value: day(date.fromisoformat(value)),
    "money": lambda value: money(Decimal(value)),
}


def _cells(field: Field, row: Mapping[str, Any]) -> list[str]:
    return [said(column, row.get(column.key, "")) for column in field.columns]


@dataclass(frozen=True)
class Change:
    """One field that is not what it was."""

    section: str
    label: str
    before: str
    after: str


def changes(layout: Layout, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """What ``after`` says differently from ``before``; both as ``snapshot`` made them."""
    return [change for section in layout.sections for change in _changes(section, before, after)]


def _changes(section: Section, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    old, new = before.get(section.key, {}), after.get(section.key, {})
    for each in section.fields:
        was, is_now = said(each, old.get(each.key)), said(each, new.get(each.key))
        if was != is_now:
            yield Change(section.label, each.label, was, is_now)


def snapshot(filing: Filing) -> dict[str, Any]:
    """The form as it stands, columns included, to be kept as a version. No query."""
    return {
        section.key: {field.key: value_of(filing, section, field) for field in section.fields}
        for section in filing.layout.sections
        if section.fields
    }


def asked(filing: Filing, returned: str) -> Entry | None:
    """The return that says what to mend, while the form is in the state ``returned``; None otherwise."""
    if filing.state != returned:
        return None
    returns = Entry.objects.of(filing).filter(target=returned)
    return returns.named().last()
