"""The tables of a call as PDF and Excel."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.timezone import localdate
from django.views import View

from applications.flows import CALL
from applications.summaries import TABLES, Summary
from office.paper.engine import PdfUnavailable
from office.paper.tables import render_table
from office.requests import Request
from office.sheets import download


class SummaryView(LoginRequiredMixin, View):
    """GET: a table of a call as PDF (``?export=xlsx``: as Excel). 404 no such call or table, 403 not for this reader."""

    http_method_names = ["get"]

    def get(self, request: Request, number: str, table: str) -> HttpResponse | FileResponse:
        call = CALL.seen(request.me).select_related("programme__owner").filter(number=number).first()
        if call is None or table not in TABLES:
            raise Http404("没有这张表。")
        kept = TABLES[table]
        if not kept.read_by(call, request.me):
            raise PermissionDenied(f"{kept.label}由项目主管部门和旗县区教育局查看，不由您现在的身份办理。")
        summary = kept.make(call, request.me, request.at)
        name = f"{call.name}{kept.label}{localdate(request.at):%Y%m%d}"
        if request.GET.get("export") == "xlsx":
            return download(name, kept.label, summary.headers, summary.rows)
        try:
            content = on_paper(summary)
        except PdfUnavailable as reason:
            messages.error(request, f"现在不能生成{kept.label}的 PDF：{reason}")
            return redirect(call)
        response = HttpResponse(content, content_type="application/pdf")
        response["Content-Disposition"] = content_disposition_header(True, f"{name}.pdf") or "attachment"
        response["Cache-Control"] = "private, no-store"
        response["X-Content-Type-Options"] = "nosniff"
        return response


def on_paper(summary: Summary) -> bytes:
    """The table as PDF on A4, across. Raises PdfUnavailable."""
    rows = tuple(tuple("" if value is None else str(value) for value in row) for row in summary.rows)
    return render_table(
        summary.title,
        summary.headers,
        rows,
        landscape=True,
        widths=summary.widths,
        subtitle=summary.subtitle,
        notes=summary.notes,
    )
