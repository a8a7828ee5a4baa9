"""Official documents: issued within a step, with a number taken last; printed after the commit.

What a document says is frozen as facts when it is issued. The app that issues a kind of document registers how
its facts become a PDF; once stored, the PDF is never made again.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import unicodedata
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, models, transaction
from django.db.models import Q, QuerySet

from accounts.capacity import CLOCK, Capacity
from accounts.models import Organisation, Role
from office.door import Refused
from office.flow import FLOWS, NOTHING, Missing
from office.jobs import Impossible, Later, Progress, enqueue, job
from office.models import Job, NumberSeries, OfficialDocument
from office.paper.engine import PdfUnavailable
from office.words import plain_day

Renderer = Callable[[OfficialDocument], bytes]

RENDERERS: dict[str, Renderer] = {}
LABELS: dict[str, str] = {}
ISSUED_OF: dict[str, str] = {}  # the flow whose cases documents of a kind are issued of
OFFICES = (Role.OFFICER, Role.LEADER, Role.FINANCE)


def renders(kind: str, label: str, flow: str) -> Callable[[Renderer], Renderer]:
    """Register how documents of a kind become PDF; ``label`` is the word for the kind in lists.

    They are issued of cases of ``flow`` (its name), and whoever sees the case may open them.

    The function reads number, title, issuer, issued_on, check_code and facts (as JSON gives them back: dates are
    text), and for a preview gets a document that was never saved and has no number.
    """

    def register(renderer: Renderer) -> Renderer:
        if kind in RENDERERS:
            raise ValueError(f"documents of kind {kind} rendered twice")
        RENDERERS[kind], LABELS[kind], ISSUED_OF[kind] = renderer, label, flow
        return renderer

    return register


def next_number(issuer: Organisation, year: int, kind: str) -> int:
    """The next number of a series; ``kind`` (at most 20 characters) is what the issuer counts by, 赤教发.

    Inside a transaction, as its last act: the series stays locked until the commit, and a rollback gives the
    number back, so there are no gaps. Raises TransactionManagementError outside one.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("a number is taken inside a transaction")
    NumberSeries.objects.get_or_create(issuer=issuer, year=year, kind=kind)
    series = NumberSeries.objects.select_for_update(no_key=True).get(issuer=issuer, year=year, kind=kind)
    series.last += 1
    series.save(update_fields=["last"])
    return series.last


def normal_number(text: str) -> str:
    """A typed number as GB/T 9704-2012 writes it: 赤教发[2026]第01号 → 赤教发〔2026〕1号."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    plain = re.sub(r"[\[(【〔](\d{4})[\])】〕]", r"〔\1〕", plain)
    return re.sub(r"〕第?0*(\d+)号", r"〕\1号", plain)


def frozen(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as they are stored and read back."""
    return dict(json.loads(json.dumps(facts, cls=DjangoJSONEncoder)))


def issue(
    case: models.Model,
    *,
    kind: str,
    issuer: Organisation,
    title: str,
    facts: Mapping[str, Any],
    me: Capacity,
    at: datetime,
    issued_on: date,
    number: str = "",
    series: str = "",
    public: bool = False,
    supplements: OfficialDocument | None = None,
) -> OfficialDocument:
    """Issue a document of ``case`` as the last effect of a step; its PDF is made after the commit.

    ``number`` is typed from the issuer's register; without it ``series`` (赤教发〔{year}〕{n}号) gives the next;
    without both the document has none. ``supplements`` is an earlier document that this one adds to. Raises Refused
    when the typed number is in use, KeyError for a kind that nobody renders or that is not issued of such cases.
    """
    if case._meta.model_name in FLOWS and case._meta.model_name != ISSUED_OF[kind]:
        raise KeyError(kind)
    chosen = normal_number(number) or (_from_series(issuer, issued_on.year, series) if series else "")
    try:
        with transaction.atomic():
            document = OfficialDocument.objects.create(
                content_type=ContentType.objects.get_for_model(case),
                object_id=case.pk,
                kind=kind,
                issuer=issuer,
                number=chosen,
                title=title,
                facts=frozen(facts),
                issued_on=issued_on,
                public=public,
                supplements=supplements,
                created_at=at,
            )
    except IntegrityError as error:
        raise Refused([_taken(issuer, chosen)]) from error
    enqueue("document", f"生成 PDF：{title}", CLOCK, at, document=document.pk)
    return document


def _from_series(issuer: Organisation, year: int, series: str) -> str:
    """The next number of the series that nobody has typed by hand already."""
    counted_by = series.partition("〔")[0][:20]
    while True:
        number = series.format(year=year, n=next_number(issuer, year, counted_by))
        if not OfficialDocument.objects.filter(issuer=issuer, number=number).exists():
            return number


def _taken(issuer: Organisation, number: str) -> Missing:
    other = OfficialDocument.objects.get(issuer=issuer, number=number)
    return Missing(f"发文字号 {number} 已用于《{other.title}》，请核对发文登记后另填，或留空由系统编号")


def preview(
    kind: str, facts: Mapping[str, Any], *, issuer: Organisation, title: str, issued_on: date
) -> bytes:
    """The PDF as it would be, without a number; nothing is stored. Raises engine.PdfUnavailable."""
    document = OfficialDocument(
        kind=kind, issuer=issuer, title=title, facts=frozen(facts), issued_on=issued_on
    )
    return RENDERERS[kind](document)


def visible(me: Capacity) -> Q:
    """The documents ``me`` may open: public ones, those of the own organisation, those of the cases ``me`` sees."""
    found = Q(public=True)
    if me.user is None:
        return found
    if me.holds(*OFFICES):
        found |= Q(issuer=me.organisation_id)
    for flow in (FLOWS[name] for name in sorted(set(ISSUED_OF.values()))):
        if flow.sight(me) != NOTHING:
            kind = ContentType.objects.get_for_model(flow.model)
            found |= Q(content_type=kind, object_id__in=flow.seen(me).order_by().values("pk"))
    return found


def seen(me: Capacity) -> QuerySet[OfficialDocument]:
    """The documents ``me`` may open, with their issuers."""
    return OfficialDocument.objects.filter(visible(me)).select_related("issuer")


def supplemented(document: OfficialDocument) -> str:
    """The sentence about the documents that add to this one; "" where there are none."""
    later = document.supplemented_by.order_by("issued_on", "pk")
    return "；".join(
        f"已由{plain_day(each.issued_on)}印发的《{each.title}》{f'（{each.number}）' if each.number else ''}补充"
        for each in later
    )


def documents_of(case: models.Model) -> QuerySet[OfficialDocument]:
    """The documents of a case, newest first, for whoever sees the case."""
    kind = ContentType.objects.get_for_model(case)
    found = OfficialDocument.objects.filter(content_type=kind, object_id=case.pk)
    return found.select_related("issuer", "supplements")


def print_job(document: OfficialDocument) -> Job | None:
    """The latest job that prints the document: its state and message say why there is no PDF yet."""
    return Job.objects.filter(kind="document", arguments__document=document.pk).order_by("-pk").first()


@job("document")
def _print(row: Job, progress: Progress) -> None:
    document = OfficialDocument.objects.select_related("issuer").filter(pk=row.arguments["document"]).first()
    if document is None:
        raise Impossible("公文不存在，没有可生成的内容。")
    if document.pdf:
        return
    try:
        content = RENDERERS[document.kind](document)
    except PdfUnavailable as reason:
        raise Later(str(reason)) from reason
    _store(document, content)


def _store(document: OfficialDocument, content: bytes) -> None:
    """Keep the PDF, unless another worker was first: then the one that is there stays."""
    path = default_storage.save(
        f"documents/{document.issued_on:%Y}/{secrets.token_hex(16)}.pdf", ContentFile(content)
    )
    digest = hashlib.sha256(content).hexdigest()
    if not OfficialDocument.objects.filter(pk=document.pk, pdf="").update(pdf=path, pdf_sha256=digest):
        with suppress(OSError):
            default_storage.delete(path)
