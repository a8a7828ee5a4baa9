"""The printed application form (申报表)."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views import View

from applications.flows import APPLICATION
from applications.printed_form import application_form
from office.paper.engine import PdfUnavailable
from office.paper.forms import render_form
from office.requests import Request


class PrintView(LoginRequiredMixin, View):
    """GET: the form as PDF, for whoever sees the application, with what they may see; 404 for others."""

    http_method_names = ["get"]

    def get(self, request: Request, number: str) -> HttpResponse:
        related = ("call__programme__owner", "lead", "school__parent", "authority")
        application = APPLICATION.seen(request.me).select_related(*related).filter(number=number).first()
        if application is None:
            raise Http404("没有这份申报，或者不在您的查看范围内。")
        try:
            content = render_form(application_form(application, request.me, request.at))
        except PdfUnavailable as reason:
            messages.error(request, f"现在不能生成申报表的 PDF：{reason}")
            return redirect(application)
        response = HttpResponse(content, content_type="application/pdf")
        response["Content-Disposition"] = f'attachment; filename="{application.number}.pdf"'
        response["Cache-Control"] = "private, no-store"
        response["X-Content-Type-Options"] = "nosniff"
        return response
