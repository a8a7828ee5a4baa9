"""County work plans (Art. 15): the list of a year, one item's form, and the sheet taken over."""

from __future__ import annotations

import json
from typing import Any, BinaryIO, cast

import django_filters
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views import View

from accounts.capacity import Capacity
from accounts.models import Kind, Organisation
from office.lists import Column, RowFilter, RowList
from office.requests import Request
from office.sheets import BadSheet, read_table
from studios.county_plan import COLUMNS, CountyPlanForm, Given, read_rows
from studios.models import CountyPlanItem
from studios.scopes.county import OFFICES, county_plans_seen, keeps_county_plan

COUNTIES = Organisation.objects.filter(kind=Kind.COUNTY).order_by("code", "pk")


class CountyPlanFilter(RowFilter):
    """Words of task or studio; year, county, whether something is said of its completion."""

    search_in = ("task", "timing", "county__name")
    year = django_filters.NumberFilter(label="年度")
    county = django_filters.ModelChoiceFilter(label="旗县区", queryset=COUNTIES)
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
        Column("year", "年度", lambda row: row.year, ("year",)),
        Column("county", "旗县区", lambda row: row.county.label, ("county__code",)),
        Column("task", "工作任务", lambda row: row.task, ("task",)),
        Column("timing", "时间安排", lambda row: row.timing),
        Column("studios", "涉及的工作室", lambda row: "、".join(each.name for each in row.studios.all())),
        Column("done", "完成情况", lambda row: row.done),
    )

    def open_to(self, me: Capacity) -> bool:
        return me.holds(*OFFICES) and me.kind in (Kind.BUREAU, Kind.COUNTY)

    def rows(self, me: Capacity, at: Any) -> QuerySet[CountyPlanItem]:
        rows = CountyPlanItem.objects.filter(county_plans_seen(me))
        return rows.select_related("county").prefetch_related("studios")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"keeps": keeps_county_plan(self.request.me)}


class _Keeping(LoginRequiredMixin, View):
    """Open to the county's officers."""

    request: Request
    http_method_names = ["get", "post"]

    def county(self) -> Organisation:
        """The county of ``me``; PermissionDenied for everybody else."""
        me = self.request.me
        if not keeps_county_plan(me) or me.organisation is None:
            raise PermissionDenied("年度工作计划由旗县区教育局的经办人录入。")
        return me.organisation


class CountyPlanEdit(_Keeping):
    """GET, POST: an item's form; without ``pk`` a new one."""

    def get(self, request: Request, pk: int | None = None) -> HttpResponse:
        first = {"year": localdate(request.at).year}
        return self._page(CountyPlanForm(instance=self._item(pk), initial=first, county=self.county()))

    def post(self, request: Request, pk: int | None = None) -> HttpResponse:
        form = CountyPlanForm(request.POST, instance=self._item(pk), county=self.county())
        if not form.is_valid():
            return self._page(form, 422)
        item = form.keep(request.me, request.at)
        messages.success(request, f"已保存：{item.task}。")
        return redirect(f"{reverse('county-plan')}?year={item.year}")

    def _item(self, pk: int | None) -> CountyPlanItem | None:
        county = self.county()
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
            "form_crumbs": [{"label": "旗县区年度工作计划", "url": reverse("county-plan")}],
            "at": self.request.at,
        }
        return render(self.request, "patterns/form.html", context, status=status)


class CountyPlanImport(_Keeping):
    """GET: where to drop the sheet. POST ``file``: what each row would become. POST ``rows``: take them over."""

    def get(self, request: Request) -> HttpResponse:
        self.county()
        return self._page([])

    def post(self, request: Request) -> HttpResponse:
        county, year = self.county(), localdate(request.at).year
        if "rows" in request.POST:
            return self._take_over(county, year)
        sent = request.FILES.get("file")
        try:
            table = read_table(cast(BinaryIO, sent), COLUMNS) if sent else None
        except BadSheet as problem:
            messages.error(request, str(problem))
            return self._page([], 422)
        if table is None or not table.rows:
            messages.error(request, "表中没有可以导入的行。" if table else "请选择 Excel 文件。")
            return self._page([], 422)
        return self._page(read_rows(table.rows, county, year))

    def _take_over(self, county: Organisation, year: int) -> HttpResponse:
        """The rows come back with the confirmation and are read once more: nothing is believed."""
        try:
            sent = json.loads(self.request.POST["rows"])
            rows = [{str(key): str(value) for key, value in row.items()} for row in sent]
        except (ValueError, AttributeError, TypeError):
            raise Http404("没有可以导入的行。") from None
        good = [given for given in read_rows(rows, county, year) if not given.problems]
        with transaction.atomic():
            for given in good:
                if given.form:
                    given.form.keep(self.request.me, self.request.at)
        messages.success(self.request, f"已导入 {len(good)} 项工作任务。")
        return redirect("county-plan")

    def _page(self, given: list[Given], status: int = 200) -> HttpResponse:
        good = [row.words for row in given if not row.problems]
        context = {
            "given": given,
            "good": len(good),
            "rows": json.dumps(good, ensure_ascii=False),
            "columns": [column.name for column in COLUMNS],
        }
        return render(self.request, "studios/county_plan_import.html", context, status=status)
