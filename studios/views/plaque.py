"""The plaque of a studio for the engraver."""

from __future__ import annotations

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.utils.text import slugify
from django.views import View

from office.checks import address
from office.paper.engine import PdfUnavailable
from office.paper.plaque import Plaque as PlaquePaper
from office.paper.plaque import render_plaque
from office.paper.typesetting import day
from office.requests import Request
from studios.flows import STUDIO
from studios.models import Plaque, Studio
from studios.pages.studio import may_have_plaque


def paper_of(studio: Studio, plaque: Plaque) -> PlaquePaper:
    """What the plaque says; its code leads to the public check page."""
    term = studio.terms.order_by("-number").first()
    return PlaquePaper(
        studio_name=studio.name,
        title=studio.programme.name,
        number=plaque.number,
        issuer=studio.programme.owner.name,
        dated=plaque.awarded_on,
        term_text=f"建设周期：{day(term.starts)}至{day(term.ends)}" if term else "",
        check_url=address(plaque.check_code),
    )


class PlaqueView(LoginRequiredMixin, View):
    """GET the PDF at true size; 404 for a studio not seen or a plaque withdrawn, 403 for whom it is not."""

    http_method_names = ["get"]

    def get(self, request: Request, number: str) -> HttpResponse:
        rows = STUDIO.seen(request.me).select_related("programme__owner", "lead")
        studio = rows.filter(number=number).first()
        plaque = Plaque.objects.filter(studio=studio, withdrawn_on=None).first() if studio else None
        if studio is None or plaque is None:
            raise Http404("没有这块牌匾，或者已经收回。")
        if not may_have_plaque(studio, request.me):
            raise PermissionDenied("牌匾由主管部门经办人、审批人和领衔人打印。")
        try:
            content = render_plaque(paper_of(studio, plaque))
        except PdfUnavailable as reason:
            return HttpResponse(
                f"本机暂不能生成 PDF：{reason}", status=503, content_type="text/plain; charset=utf-8"
            )
        name = slugify(f"plaque-{studio.number}")
        disposition = f'attachment; filename="{name}.pdf"'
        return HttpResponse(
            content, content_type="application/pdf", headers={"Content-Disposition": disposition}
        )
