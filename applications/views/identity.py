"""The lead's identity number in full, once, for whom the programme allows it; each look is an entry."""

from __future__ import annotations

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views import View

from applications.flows import APPLICATION
from applications.privacy import may_unmask
from office.history import record
from office.requests import Request


class IdentityView(LoginRequiredMixin, View):
    """POST: the number, not kept by the browser. 404 where the application is not visible, 403 where it stays masked."""

    http_method_names = ["post"]

    def post(self, request: Request, number: str) -> HttpResponse:
        application = APPLICATION.seen(request.me).select_related("lead").filter(number=number).first()
        if application is None:
            raise Http404("没有这份申报，或者不在您的查看范围内。")
        if not may_unmask(application, request.me):
            raise PermissionDenied("您现在的身份不能查看完整的身份证号。")
        record(application, "unmask", "查看身份证号", request.me, request.at)
        template = (
            "applications/identity_shown.html"
            if "HX-Request" in request.headers
            else "applications/identity.html"
        )
        response = render(request, template, {"application": application})
        response["Cache-Control"] = "no-store"
        return response
