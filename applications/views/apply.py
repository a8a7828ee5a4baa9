"""Opening the draft of an application in a call (Art. 9)."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views import View

from accounts.models import Role
from applications.filling import start
from applications.flows import CALL
from office.door import Refused
from office.filing.pages import form_address
from office.requests import Request


class ApplyView(LoginRequiredMixin, View):
    """POST: open the principal's draft in a call, a new one or the one there is."""

    http_method_names = ["post"]

    def post(self, request: Request, number: str) -> HttpResponse:
        call = CALL.seen(request.me).select_related("programme__owner").filter(number=number).first()
        if call is None:
            raise Http404("没有这个申报批次。")
        if not request.me.holds(Role.PRINCIPAL):
            raise PermissionDenied("只有校长可以申报。")
        try:
            application = start(call, request.me, request.at)
        except Refused as refusal:
            messages.error(request, f"没有开始申报：{refusal}。")
            return redirect(call.get_absolute_url())
        mending = application.state in application.mendable
        return redirect(form_address(application, "basics") if mending else application.get_absolute_url())
