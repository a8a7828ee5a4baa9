"""The ledger of a studio year: PDF and Excel."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect
from django.views import View

from office.paper.engine import PdfUnavailable
from office.paper.forms import render_form
from office.requests import Request
from office.sheets import download_book
from studios import ledger
from studios.documents.ledger import ledger_paper
from studios.flows import STUDIO
from studios.models import StudioYear
from studios.views.plans import pdf


class LedgerView(LoginRequiredMixin, View):
    """GET: the ledger of the studio year that begins in ``year``, as PDF, or ``?export=xlsx`` as Excel.

    404 for a studio not seen or a year it does not have, 403 for whom the ledger is not.
    """

    http_method_names = ["get"]

    def get(self, request: Request, number: str, year: int) -> HttpResponse | FileResponse:
        studio = STUDIO.seen(request.me).filter(number=number).first()
        found = (
            StudioYear.objects.filter(term__studio=studio, starts__year=year)
            .select_related("term__studio__lead", "term__studio__school")
            .first()
            if studio
            else None
        )
        if studio is None or found is None:
            raise Http404("没有这个工作室，或者工作室没有这个年度。")
        if not ledger.may_read(studio, request.me):
            raise PermissionDenied("台账由领衔人、主管部门、旗县区和依托学校查看。")
        sheets = ledger.sheets(found)
        if request.GET.get("export") == "xlsx":
            return download_book(
                f"{studio.name}{year}年台账", [(each.title, each.columns, each.rows) for each in sheets]
            )
        try:
            content = render_form(ledger_paper(found, sheets))
        except PdfUnavailable as reason:
            messages.error(request, f"现在不能生成 PDF：{reason}")
            return redirect(studio)
        return pdf(content, f"ledger-{studio.number}-{year}")
