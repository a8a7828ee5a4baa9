"""The results of the experts, and the list the leader decides on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views import View

from applications import results
from applications.models import Call, CallState
from applications.results import Sent, StageList
from applications.views.panels import owned_call
from office.requests import Request
from office.sheets import download

HEADERS = (
    "学段", "名次", "申报编号", "拟设工作室", "领衔人", "学校", "主管部门", "推荐排序", "有效评审", "得分", "分差",
    "并列", "师德否决", "评审建议", "拟定结果", "不一致的理由", "越过", "与推荐排序不一致的理由", "状态",
)  # fmt: skip
CLOSED = "本批次不在评审中，拟定结果不能再改。"


class ResultsPage(LoginRequiredMixin, View):
    """GET: the ranking (``?export=xlsx``: its sheet, ``?view=print``: on paper). POST: keep results.

    POST ``act=proposals`` gives every application without a result the one proposed. 409: changed by another or
    decided meanwhile, 422: a reason is missing; nothing typed is lost.
    """

    http_method_names = ["get", "post"]

    def get(self, request: Request, number: str) -> HttpResponse | FileResponse:
        call = owned_call(request, number)
        if request.GET.get("export") == "xlsx":
            name = f"{call.name}评审结果{timezone.localdate(request.at):%Y%m%d}"
            return download(name, "评审结果", HEADERS, sheet(results.ranking(call)))
        template = "results_print" if request.GET.get("view") == "print" else "results"
        return page(request, call, results.ranking(call), template=template)

    def post(self, request: Request, number: str) -> HttpResponse:
        call = owned_call(request, number)
        try:
            if request.POST.get("act") == "proposals":
                given = results.take_over(call, request.me, request.at)
                messages.success(request, f"已按评审建议填入 {given} 份未定的结果。")
                return redirect("call-results", number)
            sent = sent_results(request)
            errors = results.keep(call, sent, request.me, request.at)
        except results.Closed:
            messages.error(request, CLOSED)
            return page(request, call, results.ranking(call), status=409)
        if errors:
            messages.error(request, f"没有保存：{len(errors)} 份需要核对，填写的内容都还在。")
            return page(request, call, with_sent(results.ranking(call), sent, errors), status=422)
        messages.success(request, "已保存。")
        return redirect("call-results", number)


def sent_results(request: Request) -> dict[int, Sent]:
    """What was sent, by application."""
    keys = [name.removeprefix("read-") for name in request.POST if name.startswith("read-")]
    return {
        int(key): Sent(
            request.POST.get(f"result-{key}", ""),
            request.POST.get(f"deviation-{key}", "").strip(),
            request.POST[f"read-{key}"],
            request.POST.get(f"rank-{key}", "").strip(),
        )
        for key in keys
        if key.isdecimal()
    }


def with_sent(lists: list[StageList], sent: dict[int, Sent], errors: dict[int, str]) -> list[StageList]:
    """The ranking with what was typed instead of what is kept."""
    for each in lists:
        for line in each.lines:
            if typed := sent.get(line.application.pk):
                line.result, line.deviation = typed.result, typed.deviation
                line.rank_deviation = typed.rank_deviation
                line.error = errors.get(line.application.pk, "")
    return lists


def page(
    request: Request, call: Call, lists: list[StageList], *, template: str = "results", status: int = 200
) -> HttpResponse:
    """The ranking as a page."""
    lines = [line for each in lists for line in each.lines]
    context = {
        "call": call,
        "lists": lists,
        "open": call.state == CallState.REVIEWING,
        "undecided": sum(not line.result for line in lines),
        "passing": sum(line.result == "pass" for line in lines),
        "count": len(lines),
        "at": request.at,
    }
    return render(request, f"applications/{template}.html", context, status=status)


def sheet(lists: list[StageList]) -> Iterator[list[Any]]:
    """The rows of the Excel sheet."""
    for each in lists:
        for line in each.lines:
            row, proposal = line.application, line.proposal
            yield [
                each.label,
                proposal.place if proposal else None,
                row.number,
                row.studio_name,
                row.lead.name,
                row.school.name,
                row.authority.label,
                row.rank,
                row.valid_reviews,
                row.score,
                row.spread,
                bool(proposal and proposal.tied),
                bool(proposal and proposal.vetoed),
                results.WORDS[proposal.result] if proposal else "",
                results.WORDS[row.result],
                row.deviation,
                line.over_words,
                row.rank_deviation,
                row.get_state_display(),
            ]
