"""The progress of the experts, and giving an application to another expert."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views import View

from accounts.models import Role
from applications import panels, progress
from applications.models import CallState, Review
from applications.views.panels import number_of, owned_call
from office.door import Refused
from office.requests import Request


class ProgressPage(LoginRequiredMixin, View):
    """Expert by expert, application by application."""

    def get(self, request: Request, number: str) -> HttpResponse:
        call = owned_call(request, number)
        reviews = progress.reviews_of(call)
        rows = progress.judged(reviews, call, request.at)
        may_assign = request.me.holds(Role.OFFICER) and call.state == CallState.REVIEWING
        short = [row.application for row in rows if row.short] if may_assign else []
        free = panels.eligible(call, short, request.at) if short else {}
        loads = progress.loads(reviews, call, request.at)
        context = {
            "call": call,
            "loads": loads,
            "done": sum(load.done for load in loads),
            "of": sum(load.of for load in loads),
            "rows": [(row, free.get(row.application.pk, [])) for row in rows],
            "may_assign": may_assign,
            "short": len(short),
            "pool": {expert.pk: expert for found in free.values() for expert in found}.values(),
            "at": request.at,
        }
        return render(request, "applications/progress.html", context)


class Assign(LoginRequiredMixin, View):
    """POST ``application`` (one or several) and ``expert``: give each to one more expert, and say of which it failed."""

    http_method_names = ["post"]

    def post(self, request: Request, number: str) -> HttpResponse:
        call = owned_call(request, number, to_write=True)
        expert = number_of(request, "expert")
        chosen = [int(key) for key in request.POST.getlist("application") if key.isdecimal()]
        if not chosen:
            messages.error(request, "没有分配：请勾选要分配的申报。")
        given: list[Review] = []
        for application in chosen:
            try:
                given.append(panels.assign(call, application, expert, request.me, request.at))
            except ObjectDoesNotExist as error:
                raise Http404 from error
            except Refused as refusal:
                messages.error(request, f"没有分配：{refusal}。")
        if given:
            number_words = f" {len(given)} 份" if len(given) > 1 else ""
            messages.success(request, f"已分配{number_words}给{given[0].expert}。")
        return redirect("call-progress", number)
