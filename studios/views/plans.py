"""The list of plans, and a plan on paper."""

from __future__ import annotations

from typing import Any

import django_filters
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views import View

from accounts.capacity import Capacity
from accounts.models import Role
from office.lists import CaseFilter, CaseList, Column
from office.paper.engine import PdfUnavailable
from office.paper.forms import render_form
from office.requests import Request
from studios.documents.plan import plan_paper
from studios.flows import PLAN
from studios.models import FiledState, PlanKind
from studios.pages.plan import RELATED, as_filed


class PlanFilter(CaseFilter):
    """What waits for me, kind, state; words of the studio, its lead or its school."""

    flow = PLAN

    kind = django_filters.ChoiceFilter(label="种类", choices=PlanKind.choices, empty_label="全部")
    state = django_filters.ChoiceFilter(label="状态", choices=FiledState.choices, empty_label="全部")
    late = django_filters.ChoiceFilter(
        label="逾期备案", choices=[("1", "是"), ("0", "否")], empty_label="全部"
    )
    search_in = ("studio__name", "studio__number", "studio__lead__name", "studio__school__name")


class PlanList(CaseList):
    """The plans of the studios I hold."""

    flow = PLAN
    title = "规划与计划"
    unit = "份"
    template_name = "studios/plans.html"
    filterset_class = PlanFilter
    default_sort = "studio"
    related = ("studio__lead", "studio__school", "term", "year")
    deferred = ("content",)
    columns = (
        Column("studio", "工作室", lambda row: row.studio.name, ("studio__number",)),
        Column("plan", "计划", lambda row: row.name, ("kind", "year__starts")),
        Column("due", "期限", lambda row: row.due, ("due",)),
        Column("filed", "备案时间", lambda row: row.filed_at, ("filed_at",)),
        Column("late", "逾期", lambda row: "逾期" if row.late else "", page=False),
        Column("state", "状态", lambda row: row.get_state_display()),
    )

    def open_to(self, me: Capacity) -> bool:
        return not me.holds(Role.ADMIN, Role.SECURITY, Role.EXPERT)


class PlanPrint(LoginRequiredMixin, View):
    """GET: the plan as PDF, for whoever sees it; 404 for others, and before it was filed."""

    http_method_names = ["get"]

    def get(self, request: Request, pk: int) -> HttpResponse:
        plan = PLAN.seen(request.me).select_related(*RELATED).filter(pk=pk, filed_at__isnull=False).first()
        if plan is None:
            raise Http404("没有这份计划，或者还没有备案。")
        try:
            content = render_form(plan_paper(plan, as_filed(plan, request.me)))
        except PdfUnavailable as reason:
            messages.error(request, f"现在不能生成 PDF：{reason}")
            return redirect(plan)
        return pdf(content, f"plan-{plan.studio.number}-{plan.pk}")


def pdf(content: bytes, name: str) -> HttpResponse:
    """``content`` as a download that nobody keeps a copy of on the way."""
    headers: dict[str, Any] = {
        "Content-Disposition": f'attachment; filename="{name}.pdf"',
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(content, content_type="application/pdf", headers=headers)
