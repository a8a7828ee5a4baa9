"""The printed consent form of a member (Art. 6)."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views import View

from office.models import Entry
from office.paper.engine import PdfUnavailable
from office.paper.forms import render_form
from office.requests import Request
from studios.documents.membership import consent_paper
from studios.flows import MEMBERSHIP
from studios.pages.membership import prints_consent
from studios.views.plans import pdf


class ConsentPrint(LoginRequiredMixin, View):
    """GET: the form as PDF for lead, member, the member's school and its authority; 403 for whoever else sees them."""

    http_method_names = ["get"]

    def get(self, request: Request, pk: int) -> HttpResponse:
        rows = MEMBERSHIP.seen(request.me).select_related(
            "studio__programme", "studio__lead", "studio__school", "principal__school__parent"
        )
        membership = rows.filter(pk=pk).first()
        if membership is None:
            raise Http404("没有这名成员，或者不在您的查看范围内。")
        if not prints_consent(membership, request.me):
            raise PermissionDenied("同意书由领衔人、成员本人、所在学校和主管部门打印。")
        accepted = Entry.objects.of(membership).filter(step="accept").last()
        try:
            content = render_form(consent_paper(membership, accepted.at if accepted else None))
        except PdfUnavailable as reason:
            messages.error(request, f"现在不能生成 PDF：{reason}")
            return redirect(membership)
        return pdf(content, f"consent-{membership.studio.number}-{membership.pk}")
