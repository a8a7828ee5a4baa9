"""分工 of a call among its owner's officers."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View

from applications import division
from applications.views.panels import owned_call
from office.requests import Request
from studios.models import Stage


class DivisionPage(LoginRequiredMixin, View):
    """GET: who looks after which counties and stages. POST: keep what was chosen; 409 where the call is over."""

    http_method_names = ["get", "post"]

    def get(self, request: Request, number: str) -> HttpResponse:
        return self._page(request, number)

    def post(self, request: Request, number: str) -> HttpResponse:
        call = owned_call(request, number)
        given = division.read(call, request.POST, request.at)
        try:
            changed = division.keep(call, given, request.me, request.at)
        except division.Closed:
            messages.error(request, f"本批次{call.get_state_display()}，不能再调整分工。")
            return self._page(request, number, 409)
        messages.success(request, f"已保存分工，调整 {changed} 处。" if changed else "分工没有变化。")
        return redirect("call-division", number)

    def _page(self, request: Request, number: str, status: int = 200) -> HttpResponse:
        call = owned_call(request, number)
        context = {
            "call": call,
            "lines": division.lines(call, request.at),
            "stages": [Stage(stage).label for stage in division.stages(call)],
            "officers": [(str(each.pk), str(each.user)) for each in division.officers(call, request.at)],
            "nobody": division.NOBODY,
            "open": call.state in division.OPEN,
            "back_url": f"{reverse('case-call', args=[number])}",
        }
        return render(request, "applications/division.html", context, status=status)
