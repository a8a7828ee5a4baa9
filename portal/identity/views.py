"""A correction asked for by the person, and both numbers side by side for whoever compares them."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View

from accounts.models import Principal
from office.attachments import BadFile
from office.history import record
from office.requests import Request
from portal.models import IdentityCorrection

from .asking import ask, open_request
from .flow import IDENTITY_CORRECTION
from .forms import CorrectionForm


class AskCorrection(LoginRequiredMixin, View):
    """The form of who has a principal's record; 404 for others. A request still open is shown instead."""

    http_method_names = ["get", "post"]

    def _own(self, request: Request, *, lock: bool = False) -> Principal:
        rows = (
            Principal.objects.select_for_update(of=("self",), no_key=True)
            if lock
            else Principal.objects.all()
        )
        own = rows.filter(user=request.me.user_id).first()
        if own is None:
            raise Http404("您没有校长档案。")
        return own

    def get(self, request: Request) -> HttpResponse:
        own = self._own(request)
        if asked := open_request(own):
            return redirect(asked.get_absolute_url())
        return self._page(request, CorrectionForm(record=own))

    def post(self, request: Request) -> HttpResponse:
        form = CorrectionForm(request.POST, request.FILES, record=self._own(request))
        if not form.is_valid():
            return self._page(request, form, 422)
        try:
            case = self._ask(request, form)
        except BadFile as refusal:
            form.add_error("card", str(refusal))
            return self._page(request, form, 422)
        messages.success(request, "申请已交主管部门核对，办结后会收到消息。")
        return redirect(case.get_absolute_url())

    def _ask(self, request: Request, form: CorrectionForm) -> IdentityCorrection:
        data = form.cleaned_data
        return ask(form.record, data["identity"], data["card"], data["reason"], request.me, request.at)

    def _page(self, request: Request, form: CorrectionForm, status: int = 200) -> HttpResponse:
        context = {
            "form": form,
            "form_title": "申请更正身份证号",
            "form_crumbs": [{"label": "我的资料", "url": reverse("own")}],
            "subtitle": f"档案中现为 {form.record.masked_identity}；由主管部门对照身份证核对后更正",
            "formsets": [],
        }
        response = render(request, "patterns/form.html", context, status=status)
        response["Cache-Control"] = "no-store"
        return response


class CompareNumbers(LoginRequiredMixin, View):
    """POST: both numbers in full, for whoever may correct them; each look is an entry."""

    http_method_names = ["post"]

    def post(self, request: Request, pk: int) -> HttpResponse:
        flow = IDENTITY_CORRECTION
        case = flow.seen(request.me).select_related("principal__school").filter(pk=pk).first()
        if case is None or not case.identity:
            raise Http404("没有这件更正，或者已经办结。")
        if not flow.model._default_manager.filter(flow.may(flow.step("correct"), request.me), pk=pk).exists():
            raise PermissionDenied("完整的号码只供核对的经办人查看。")
        record(case, "unmask", "查看完整号码", request.me, request.at)
        response = render(request, "own/correction_numbers.html", {"case": case})
        response["Cache-Control"] = "no-store"
        return response
