"""What must be true of all that is kept, whatever has happened; run inside the program."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import Q

from applications.models import (
    Announcement,
    AnnouncementState,
    Application,
    Call,
    CallState,
    Publicity,
)
from applications.models import ApplicationState as A
from applications.models import PublicityState as P
from office.audit import verify
from office.models import Attachment, Entry, Job, NumberSeries, OfficialDocument
from programmes.models import Programme
from studios.models import Plaque, Studio, Term


def faults() -> list[str]:
    """All that is wrong with what is kept."""
    broken = verify()
    found = [f"history: {broken}"] if broken else []
    for look in (_numbers, _documents, _files, _cascades):
        found += look()
    return found


def _numbers() -> Iterator[str]:
    """Every series runs from one to its last number, each used once."""
    owner = Programme.objects.get().owner
    kept: dict[str, Callable[[int, int], str]] = {
        "application": lambda year, n: f"{year}-{n:04d}",
        "studio": lambda year, n: f"{year}-S{n:03d}",
        "call": lambda year, n: f"{year}-{n}",
    }
    models: dict[str, Any] = {"application": Application, "studio": Studio, "call": Call}
    for series in NumberSeries.objects.filter(issuer=owner):
        year, numbers = series.year, range(1, series.last + 1)
        if series.kind in kept:
            expected = [kept[series.kind](year, n) for n in numbers]
            rows = models[series.kind].objects
        else:
            expected = [f"{series.kind}〔{year}〕{n}号" for n in numbers]
            rows = OfficialDocument.objects.filter(number__startswith=f"{series.kind}〔{year}〕")
        there = sorted(row.number for row in rows.all() if row.number.startswith(_head(series, year)))
        if there != sorted(expected):
            yield f"numbers of {series.kind} {year}: {len(there)} used, {series.last} taken"
    if Plaque.objects.count() != Studio.objects.count():
        yield "a studio without its plaque, or a plaque too many"


def _head(series: NumberSeries, year: int) -> str:
    return {"studio": f"{year}-S", "application": f"{year}-0", "call": f"{year}-"}.get(
        series.kind, f"{series.kind}〔{year}〕"
    )


def _documents() -> Iterator[str]:
    """A document belongs to one step and to one job that prints it."""
    printed = list(Job.objects.filter(kind="document").values_list("arguments__document", flat=True))
    for document in OfficialDocument.objects.all():
        if printed.count(document.pk) != 1:
            yield f"{document.number}: {printed.count(document.pk)} jobs to print it"
    for publicity in Publicity.objects.exclude(state=P.DRAFT):
        steps = Entry.objects.of(publicity).filter(step__in=("publish", "correct")).count()
        issued = OfficialDocument.objects.filter(
            content_type__model="publicity", object_id=publicity.pk
        ).count()
        if steps != issued:
            yield f"publicity {publicity.pk}: {steps} steps, {issued} documents"


def _files() -> Iterator[str]:
    """No record without its file, unaltered."""
    stored = [(row.file, row.sha256) for row in Attachment.objects.all()]
    stored += [(row.pdf, row.pdf_sha256) for row in OfficialDocument.objects.exclude(pdf="")]
    for file, digest in stored:
        try:
            with file.open("rb") as opened:
                whole = hashlib.sha256(opened.read()).hexdigest() == digest
        except OSError:
            whole = False
        if not whole:
            yield f"{file.name}: a record without its file"


def _cascades() -> Iterator[str]:
    """What a step does to other cases was done with it."""
    applications, publicities = Application.objects, Publicity.objects
    decided = Q(call__state__in=(CallState.DECIDED, CallState.PUBLICITY, CallState.ANNOUNCED))
    halves: dict[str, Any] = {
        "under review in a call that is decided": applications.filter(decided, state=A.UNDER_REVIEW),
        "passed in a call that is not decided": applications.filter(~decided, state=A.PASSED),
        "published without its end": publicities.filter(state=P.PUBLISHED, ends_at=None),
        "published without a list": publicities.filter(state=P.PUBLISHED, applications=None),
        "over, but not for its applications": publicities.filter(
            state=P.CONCLUDED, applications__state=A.PUBLICISED
        ),
        "issued for nobody": Announcement.objects.filter(state=AnnouncementState.ISSUED, applications=None),
        "announced without a studio": applications.filter(state=A.ANNOUNCED, studio=None),
        "founded without a term": Studio.objects.filter(terms=None),
        "founded without its members": Studio.objects.filter(memberships=None),
        "a term without its years": Term.objects.filter(years=None),
    }
    for half, rows in halves.items():
        yield from (f"{row} (pk {row.pk}) is {half}" for row in rows)
