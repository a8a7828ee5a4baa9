"""The list of plans, and a plan on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import django_filters
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views import View

from accounts.capacity import Capacity
from accounts.models import Role
from office.filing.pages import form_address
from office.filing.saving import Closed, Overtaken, save_section, stamp
from office.filing.views import own_filing
from office.filters import CaseFilter
from office.lists import CaseList, Column
from office.pages import Link
from office.paper.engine import PdfUnavailable
from office.paper.forms import render_form
from office.requests import Request
from office.sheets import Column as SheetColumn
from studios.documents.plan import plan_paper
from studios.flows import PLAN
from studios.models import FiledState, Plan, PlanKind
from studios.pages.plan import FORM, RELATED, as_filed
from studios.plan_sheet import columns_of, items_section, merged, read_rows, rows_of
from studios.sheet_rows import Given
from studios.views.sheet_in import SheetIn


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


class PlanItemsIn(SheetIn):
    """The tasks of a plan that is being filled in, from a sheet: for whoever fills in the plan."""

    title = "导入计划任务"
    understood = (
        "职责写“办学研究”“培养中青年校长”“示范辐射”“建言献策”，也可以写办法中的全称",
        "月份写 2027年3月、2027.3 或 3月（按计划的年度）",
        "模板带有已填的任务和任务编码：编码相同，或者职责和任务都相同的，更新原有的任务",
        "草稿中有而表中没有的任务原样保留，要删除请在填报页删除",
    )

    def open(self, pk: int) -> HttpResponse | None:
        self.plan: Plan = own_filing(FORM, str(pk), self.request)
        self.section, _ = items_section(self.plan)
        if self.plan.state in Plan.mendable:
            return None
        messages.info(self.request, "计划已不在填报或修改中，内容在本页查看。")
        return redirect(self.plan)

    def columns(self) -> Sequence[SheetColumn]:
        return columns_of(self.plan)

    def filled(self) -> list[Sequence[Any]]:
        return rows_of(self.plan)

    def frame(self) -> dict[str, Any]:
        plan = self.plan
        crumbs = [*FORM.crumbs(plan), Link("任务", form_address(plan, self.section.key))]
        return {"import_crumbs": crumbs, "subtitle": f"{plan.studio.name}{plan.name}"}

    def read(self, rows: Sequence[Mapping[str, str]]) -> list[Given]:
        return read_rows(rows, self.plan)

    def along(self) -> dict[str, str]:
        return {"version": stamp(self.plan, self.section)}

    def keep(self, given: list[Given]) -> HttpResponse:
        """As long as the tasks are as they were previewed; else they are shown once more against what is there now."""
        read = self.request.POST.get("version", "")
        try:
            if read != stamp(self.plan, self.section):
                raise Overtaken(self.plan)
            values = {"items": merged(self.plan, given)}
            save_section(self.plan, self.section, values, read, self.request.at)
        except Overtaken:
            remarks = ["任务在您预览之后已在别处改过，还没有导入。下面是与现在的任务对照的结果，请重新核对。"]
            self.plan.refresh_from_db(fields=["content"])
            return self.preview(self.read([row.as_read for row in given]), 409, remarks=remarks)
        except Closed:
            messages.error(self.request, "计划已不在填报或修改中，没有导入。")
            return redirect(self.plan)
        good = sum(row.mark in ("new", "changed") for row in given)
        messages.success(self.request, f"已导入 {good} 项任务。")
        return redirect(form_address(self.plan, self.section.key))


def pdf(content: bytes, name: str) -> HttpResponse:
    """``content`` as a download that nobody keeps a copy of on the way."""
    headers: dict[str, Any] = {
        "Content-Disposition": f'attachment; filename="{name}.pdf"',
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(content, content_type="application/pdf", headers=headers)
