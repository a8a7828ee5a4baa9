"""How far a form is from being sent: by section, and all that sending it still lacks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from office.filing.fields import Section, value_of
from office.filing.pages import FilingPage, form_address
from office.flow import Missing
from office.models import Filing
from office.views.offers import WRITTEN


@dataclass(frozen=True)
class Mark:
    """One line of the side index, as patterns/form.html shows it."""

    key: str
    label: str
    url: str
    complete: bool
    missing: int
    active: bool


def lacks(page: FilingPage, filing: Filing, at: datetime) -> list[Missing]:
    """All that keeps the form from being sent now: the needs of its flow's step, asked as the door asks."""
    step = page.sending(filing)
    return [lack for lack in step.missing(filing, at, WRITTEN) if not lack.here] if step else []


def marks(filing: Filing, present: str, found: list[Missing]) -> list[Mark]:
    """The side index, ``present`` being shown; ``found`` is what ``lacks`` answered. No query."""
    layout = filing.layout
    fields = layout.missing(filing)
    return [
        _mark(filing, section, present, fields.get(section.key, []), found) for section in layout.sections
    ]


def _mark(filing: Filing, section: Section, present: str, fields: list[str], found: list[Missing]) -> Mark:
    url = form_address(filing, section.key)
    others = sum(lack.where.partition("#")[0] == url for lack in found)
    # The rule on the form names this section once for all its fields.
    number = len(fields) + others - bool(fields and others)
    begun = not section.fields or any(value_of(filing, section, field) for field in section.fields)
    return Mark(section.key, section.label, url, not number and begun, number, section.key == present)


def sentences(found: list[Missing]) -> list[str]:
    """What is lacking in words, each with its article, for the page that has just saved."""
    return [lack.said for lack in found]
