"""Official documents (公文): the list, one document with its PDF, and the PDF itself."""

from __future__ import annotations

from typing import Any

import django_filters
from csp.decorators import csp_replace
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.generic import ListView

from accounts.capacity import Capacity
from office.documents import LABELS, print_job, seen
from office.models import Job, OfficialDocument
from office.requests import Request
from office.templatetags.office import day
from office.views.attachments import handed_out

COLUMNS: list[dict[str, Any]] = [
    {"key": "title", "label": "标题", "sortable": True},
    {"key": "number", "label": "发文字号", "sortable": True},
    {"key": "kind", "label": "种类"},
    {"key": "issuer", "label": "发文机关"},
    {"key": "issued_on", "label": "成文日期", "sortable": True},
    {"key": "pdf", "label": "PDF"},
]
SORTS = {column["key"] for column in COLUMNS if column.get("sortable")}
NOT_YET = "PDF 还没有生成，请稍后刷新本页。"


class DocumentFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Words of title or number, the kind, the year of issue."""

    search = django_filters.CharFilter(label="标题或字号", method="matching")
    kind = django_filters.ChoiceFilter(
        label="种类", empty_label="全部", choices=lambda: sorted(LABELS.items())
    )
    year = django_filters.NumberFilter(label="年份", field_name="issued_on", lookup_expr="year")

    class Meta:
        model = OfficialDocument
        fields: list[str] = []

    def matching(self, rows: QuerySet[OfficialDocument], name: str, words: str) -> QuerySet[OfficialDocument]:
        return rows.filter(Q(title__icontains=words) | Q(number__icontains=words))


class DocumentList(LoginRequiredMixin, ListView):  # type: ignore[type-arg]
    """The documents I may open, filtered and sorted by what the address says."""

    request: Request
    template_name = "office/documents.html"
    paginate_by = 50
    filter: DocumentFilter

    def get_queryset(self) -> QuerySet[OfficialDocument]:
        self.all = seen(self.request.me)
        self.filter = DocumentFilter(self.request.GET, self.all)
        wanted = self.request.GET.get("sort", "")
        order = [wanted] if wanted.removeprefix("-") in SORTS else ["-issued_on"]
        rows: QuerySet[OfficialDocument] = self.filter.qs
        return rows.order_by(*order, "-pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        filtered = context["paginator"].count
        changed = self.filter.form.has_changed()
        return context | {
            "filter": self.filter,
            "columns": COLUMNS,
            "sort": self.request.GET.get("sort", "-issued_on"),
            "total": self.all.count() if changed else filtered,
            "filtered": filtered,
            "rows": [(document, LABELS.get(document.kind, "公文")) for document in context["page_obj"]],
        }


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
