"""Official documents (公文): the list, one document with its PDF, and the PDF itself."""

from __future__ import annotations

from typing import Any

import django_filters
from csp.decorators import csp_replace
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View

from accounts.capacity import Capacity
from office.documents import LABELS, print_job, seen
from office.filters import RowFilter
from office.lists import Column, RowList
from office.models import Job, OfficialDocument
from office.requests import Request
from office.views.attachments import handed_out
from office.words import day

NOT_YET = "PDF 还没有生成，请稍后刷新本页。"


class DocumentFilter(RowFilter):
    """Words of title or number, the kind, the year of issue."""

    search_in = ("title", "number")
    kind = django_filters.ChoiceFilter(
        label="种类", empty_label="全部", choices=lambda: sorted(LABELS.items())
    )
    year = django_filters.NumberFilter(label="年份", field_name="issued_on", lookup_expr="year")

    class Meta:
        model = OfficialDocument
        fields: list[str] = []


class DocumentList(RowList):
    """The documents I may open, newest first."""

    title = "公文"
    default_sort = "-issued_on"
    filterset_class = DocumentFilter
    template_name = "office/documents.html"
    unit = "份"
    columns = (
        Column("title", "标题", lambda row: row.title, ("title",)),
        Column("number", "发文字号", lambda row: row.number, ("number",)),
        Column("kind", "种类", lambda row: LABELS.get(row.kind, "公文")),
        Column("issuer", "发文机关", lambda row: row.issuer.name),
        Column("issued_on", "成文日期", lambda row: row.issued_on, ("issued_on", "pk")),
        Column("pdf", "PDF", lambda row: "已生成" if row.pdf else "正在生成"),
    )

    def rows(self, me: Capacity, at: Any) -> QuerySet[Any]:
        return seen(me)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        rows = [(document, LABELS.get(document.kind, "公文")) for document in context["page_obj"]]
        return context | {"rows": rows}


def find_document(me: Capacity, pk: int) -> OfficialDocument:
    """The document, if ``me`` may open it; Http404 otherwise."""
    document = seen(me).filter(pk=pk).first()
    if document is None:
        raise Http404("没有这份公文，或者不在您的查看范围内。")
    return document


def pdf_state(document: OfficialDocument) -> dict[str, Any]:
    """Where the PDF of an issued document stands, as components/pdf.html shows it."""
    shown = {"check_url": reverse("check", args=[document.check_code])}
    if document.pdf:
        return shown | {"pdf": "ready", "pdf_url": reverse("document-pdf", args=[document.pk])}
    job = print_job(document)
    if job and job.message and job.state != Job.State.RUNNING:
        return shown | {"pdf": "unavailable", "pdf_reason": job.message}
    return shown | {"pdf": "rendering", "poll_url": reverse("document-state", args=[document.pk])}


class DocumentPage(View):
    """One document: what it is, its PDF beside it. A public one is open to everybody."""

    def get(self, request: Request, pk: int) -> HttpResponse:
        document = find_document(request.me, pk)
        context = {
            "document": document,
            "document_title": document.title,
            "document_crumbs": [{"label": "公文", "url": reverse("document-list")}],
            "subtitle": f"{document.number or '无字号'} · {document.issuer} · {day(document.issued_on)}",
            "state_label": LABELS.get(document.kind, "公文"),
            "locked": True,
            "preview_url": f"{reverse('document-pdf', args=[pk])}?view",
            **pdf_state(document),
        }
        return render(request, "office/document.html", context)


class DocumentState(View):
    """The line that says whether the PDF is there; asked again while it is being made."""

    def get(self, request: Request, pk: int) -> HttpResponse:
        return render(request, "components/pdf.html", pdf_state(find_document(request.me, pk)))


# A browser shows a PDF with styles of its own, which our pages' policy would forbid.
@method_decorator(
    csp_replace({"default-src": ["'self'"], "style-src": ["'unsafe-inline'"], "frame-ancestors": ["'self'"]}),
    "dispatch",
)
class DocumentPdf(View):
    """The PDF of a document, to be saved; with ``?view`` to be shown in the frame of its page."""

    def get(self, request: Request, pk: int) -> HttpResponseBase:
        document = find_document(request.me, pk)
        if not document.pdf:
            return HttpResponse(NOT_YET, content_type="text/plain; charset=utf-8")
        name = f"{document.number}{document.title}.pdf"
        return handed_out(document.pdf, name, "application/pdf", inline="view" in request.GET)
