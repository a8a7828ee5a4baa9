"""County work plans (Art. 15): the list of a year, one item's form, and the sheet taken over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import django_filters
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.timezone import localdate
from django.views import View

from accounts.capacity import Capacity
from accounts.models import Kind, Organisation
from office.filters import AuthorityFilter, RowFilter
from office.lists import Column as ListColumn
from office.lists import RowList
from office.requests import Request
from office.sheets import Column
from studios.county_plan import COLUMNS, CountyPlanForm, read_rows
from studios.models import CountyPlanItem
from studios.scopes.county import OFFICES, county_plans_seen, keeps_county_plan
from studios.sheet_rows import Given
from studios.views.sheet_in import SheetIn

CRUMBS = [{"label": "旗县区年度工作计划", "url": reverse_lazy("county-plan")}]
COUNTIES = Organisation.objects.filter(kind=Kind.COUNTY).order_by("code", "pk")


class CountyPlanFilter(RowFilter):
    """Words of task or studio; year, county, whether something is said of its completion."""

    search_in = ("task", "timing", "county__name")
    year = django_filters.NumberFilter(label="年度")
    county = AuthorityFilter()
    open = django_filters.ChoiceFilter(
        label="完成情况", choices=[("1", "未填写"), ("0", "已填写")], method="unfinished"
    )

    def unfinished(self, rows: QuerySet[CountyPlanItem], name: str, value: str) -> QuerySet[CountyPlanItem]:
        """Those of which nothing is said yet, or the others."""
        return rows.filter(done="") if value == "1" else rows.exclude(done="")


class CountyPlanList(RowList):
    """The items of the county's plan, or of all counties for the bureau."""

    title = "旗县区年度工作计划"
    unit = "项"
    template_name = "studios/county_plan.html"
    filterset_class = CountyPlanFilter
    default_sort = "-year"
    columns = (
        ListColumn("year", "年度", lambda row: row.year, ("year",)),
        ListColumn("county", "旗县区", lambda row: row.county.label, ("county__code",)),
        ListColumn("task", "工作任务", lambda row: row.task, ("task",)),
        ListColumn("timing", "时间安排", lambda row: row.timing),
        ListColumn("studios", "涉及的工作室", lambda row: "、".join(each.name for each in row.studios.all())),
        ListColumn("done", "完成情况", lambda row: row.done),
    )

    def open_to(self, me: Capacity) -> bool:
        return me.holds(*OFFICES) and me.kind in (Kind.BUREAU, Kind.COUNTY)

    def rows(self, me: Capacity, at: Any) -> QuerySet[CountyPlanItem]:
        rows = CountyPlanItem.objects.filter(county_plans_seen(me))
        return rows.select_related("county").prefetch_related("studios")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"keeps": keeps_county_plan(self.request.me)}


def county_of(me: Capacity) -> Organisation:
    """The county whose officer ``me`` is; PermissionDenied for everybody else."""
    if not keeps_county_plan(me) or me.organisation is None:
        raise PermissionDenied("年度工作计划由旗县区教育局的经办人录入。")
    return me.organisation


class CountyPlanEdit(LoginRequiredMixin, View):
    """GET, POST: an item's form; without ``pk`` a new one. Open to the county's officers."""

    request: Request
    http_method_names = ["get", "post"]

    def get(self, request: Request, pk: int | None = None) -> HttpResponse:
        first = {"year": localdate(request.at).year}
        return self._page(
            CountyPlanForm(instance=self._item(pk), initial=first, county=county_of(self.request.me))
        )

    def post(self, request: Request, pk: int | None = None) -> HttpResponse:
        form = CountyPlanForm(request.POST, instance=self._item(pk), county=county_of(self.request.me))
        if not form.is_valid():
            return self._page(form, 422)
        item = form.keep(request.me, request.at)
        messages.success(request, f"已保存：{item.task}。")
        return redirect(f"{reverse('county-plan')}?year={item.year}")

    def _item(self, pk: int | None) -> CountyPlanItem | None:
        county = county_of(self.request.me)
        if pk is None:
            return None
        item = CountyPlanItem.objects.filter(pk=pk, county=county).first()
        if item is None:
            raise Http404("没有这项工作任务，或者不是本局的。")
        return item

    def _page(self, form: CountyPlanForm, status: int = 200) -> HttpResponse:
        title = "修改工作任务" if form.instance.pk else "列入工作任务"
        context = {
            "form": form,
            "form_title": title,
            "form_crumbs": CRUMBS,
            "at": self.request.at,
        }
        return render(self.request, "patterns/form.html", context, status=status)


class CountyPlanImport(SheetIn):
    """The county's plan of a year from its own sheet."""

    title = "导入年度工作计划"
    understood = (
        "表头上方的标题行、合并的单元格可以保留",
        "工作室写编号或名称，几个之间用顿号隔开；不填表示本地全部工作室",
        "不写年度的按今年；同一年度、同一任务的更新原有的",
    )

    def open(self) -> None:
        self.county = county_of(self.request.me)

    def columns(self) -> Sequence[Column]:
        return COLUMNS

    def frame(self) -> dict[str, Any]:
        return {"import_crumbs": CRUMBS}

    def read(self, rows: Sequence[Mapping[str, str]]) -> list[Given]:
        return read_rows(rows, self.county, localdate(self.request.at).year)

    def keep(self, given: list[Given]) -> HttpResponse:
        good = [row for row in given if not row.reasons]
        with transaction.atomic():
            for row in good:
                row.kept.keep(self.request.me, self.request.at)
        messages.success(self.request, f"已导入 {len(good)} 项工作任务。")
        return redirect("county-plan")
