"""Public check (查验): is the document or plaque that carries this code genuine, and what does it say?"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import NotRequired, TypedDict

from django.conf import settings
from django.urls import reverse

from accounts.statements import Given, Statement
from office import documents
from office.models import OfficialDocument
from office.words import day


class Found(TypedDict):
    """What is known of a code. ``valid`` False: it was genuine and has been withdrawn; ``note`` says when, why."""

    kind: str
    title: str
    number: str
    issuer: str
    date: str
    valid: NotRequired[bool]
    note: NotRequired[str]


Source = Callable[[str], Found | None]

_sources: list[Source] = []


def register(source: Source) -> Source:
    """Add something that carries codes; ``source`` answers None for a code it does not know. Returns it."""
    _sources.append(source)
    return source


def normal(code: str) -> str:
    """The code as it is kept: capitals, without the spaces and hyphens people put between groups."""
    return "".join(character for character in code.upper() if character.isascii() and character.isalnum())


def find(code: str) -> Found | None:
    """What carries ``code``, however it was typed; None where nothing does."""
    kept = normal(code)
    if len(kept) != 16:
        return None
    return next((found for source in _sources if (found := source(kept))), None)


def address(code: str) -> str:
    """The full address of the check page of ``code``, as printed and as put into a QR code."""
    return f"{settings.SITE_URL}{reverse('check', args=[code])}"


@register
def _document(code: str) -> Found | None:
    for document in _documents().fetch({"code": code}):
        return _found(document)
    return None


@cache
def _documents() -> Statement:
    return Statement(OfficialDocument.objects.select_related("issuer").filter(check_code=Given("code")))


def _found(document: OfficialDocument) -> Found:
    found = Found(
        kind="公文",
        title=document.title,
        number=document.number,
        issuer=document.issuer.name,
        date=day(document.issued_on),
    )
    if note := documents.supplemented(document):
        found["note"] = note
    return found
