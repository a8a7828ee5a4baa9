"""How far an application is from being sent: by section, and all that submitting still lacks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from applications import content
from applications.flows import APPLICATION
from applications.models import Application, ApplicationState
from applications.rules import form_address
from office.flow import Missing
from office.templatetags.office import article_name
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


def sending(application: Application) -> str:
    """The name of the step by which the applicant sends it now."""
    return "resubmit" if application.state == ApplicationState.RETURNED else "submit"


def lacks(application: Application, at: datetime) -> list[Missing]:
    """All that keeps the application from being sent now: the needs of its flow's step, asked as the door asks."""
    return APPLICATION.step(sending(application)).missing(application, at, WRITTEN)


def marks(application: Application, present: str, found: list[Missing]) -> list[Mark]:
    """The side index, ``present`` being shown; ``found`` is what ``lacks`` answered. No query."""
    fields = content.missing(application)
    return [
        _mark(application, section, present, fields.get(section.key, []), found)
        for section in content.SECTIONS.values()
    ]


def _mark(
    application: Application, section: content.Section, present: str, fields: list[str], found: list[Missing]
) -> Mark:
    url = form_address(application, section.key)
    others = sum(lack.where == url for lack in found)
    # The rule on the form names this section once for all its fields.
    number = len(fields) + others - bool(fields and others)
    begun = not section.fields or any(
        content.value_of(application, section, field) for field in section.fields
    )
    return Mark(section.key, section.label, url, not number and begun, number, section.key == present)


def sentences(found: list[Missing]) -> list[str]:
    """What is lacking in words, each with its article, for the page that has just saved."""
    return [
        f"{lack.sentence}（{article_name(lack.article)}）" if lack.article else lack.sentence
        for lack in found
    ]
