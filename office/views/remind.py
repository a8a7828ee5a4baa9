"""催办 on a case page: a part that says whom it will reach, and the button."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View

from office.flow import Flow
from office.pages import page_of
from office.reminding import (
    AlreadyReminded,
    has_stake,
    holders,
    in_words,
    may_ask,
    remind,
    reminded_today,
)
from office.requests import Request
from office.views.case import find_case
from office.views.way import waited


class RemindView(LoginRequiredMixin, View):
    """GET: the part of the case page, empty (204) for whom there is nobody to remind. POST: remind, back to the case.

    404 where the case is not visible; POST 403 where it is not theirs to remind of.
    """

    request: Request
    flow: Flow = None  # type: ignore[assignment]  # given by as_view

    def get(self, request: Request, key: str) -> HttpResponse:
        flow, me = self.flow, request.me
        case = find_case(flow, key, request)
        if not (may_ask(flow, case, me) and has_stake(flow, case, me)):
            return HttpResponse(status=204)
        found = holders(flow, case, me, request.at)
        if not found:
            return HttpResponse(status=204)
        context = {
            "holders": in_words(found, named=page_of(flow.name).history(case, me)),
            "waited": waited(case, request.at),
            "today": reminded_today(case, me, request.at),
            "url": reverse(f"remind-{flow.name}", args=[key]),
        }
        return render(request, "components/remind.html", context)

    def post(self, request: Request, key: str) -> HttpResponse:
        case = find_case(self.flow, key, request)
        try:
            found = remind(self.flow, case.pk, request.me, request.at)
        except ObjectDoesNotExist as error:
            raise Http404 from error
        except AlreadyReminded:
            messages.info(request, "今天已催办过，明天可以再催。")
        else:
            names = "、".join(in_words(found, named=page_of(self.flow.name).history(case, request.me)))
            messages.success(request, f"已催办：{names}。")
        return redirect(case.get_absolute_url())
