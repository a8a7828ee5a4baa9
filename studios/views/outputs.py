"""Outputs: the list, and the form of one."""

from __future__ import annotations

from typing import Any

import django_filters
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View

from accounts.capacity import Capacity
from office.filters import AuthorityFilter, OfferedFilter, RowFilter
from office.lists import CaseList, Column
from office.requests import Request
from studios import outputs
from studios.flows import OUTPUT
from studios.models import Duty, Level, Output, OutputKind, OutputState, Studio
from studios.scopes.people import drafter
from studios.views.activities import own_studios, sees_work, studios_offered
from studios.work_forms import OutputForm

OVERTAKEN = "这项成果刚被他人修改，没有覆盖。您填的内容都在下面，请核对后再保存一次。"


class OutputFilter(RowFilter):
    """Studio, kind, level, duty, state, county, dates; words of title, authors or number."""

    studio = OfferedFilter(studios_offered, label="工作室")
    kind = django_filters.ChoiceFilter(label="类别", choices=OutputKind.choices)
    level = django_filters.ChoiceFilter(label="级别", choices=Level.choices)
    duty = django_filters.ChoiceFilter(label="职责", choices=Duty.choices)
    state = django_filters.ChoiceFilter(label="状态", choices=OutputState.choices)
    county = AuthorityFilter(field_name="studio__authority")
    since = django_filters.DateFilter(label="自", field_name="dated", lookup_expr="gte")
    until = django_filters.DateFilter(label="至", field_name="dated", lookup_expr="lte")
    search_in = ("title", "authors", "number", "source", "studio__name")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("since", "until"):
            self.filters[name].field.widget.input_type = "date"


class OutputList(CaseList):
    """The outputs of the studios I hold."""

    flow = OUTPUT
    title = "成果"
    unit = "项"
    template_name = "studios/outputs.html"
    filterset_class = OutputFilter
    default_sort = "-dated"
    related = ("studio",)
    deferred = ("summary",)
    columns = (
        Column("title", "成果", lambda row: row.title, ("title",)),
        Column("studio", "工作室", lambda row: row.studio.name, ("studio__number",)),
        Column("kind", "类别", lambda row: row.get_kind_display(), ("kind",)),
        Column("level", "级别", lambda row: row.get_level_display()),
        Column("authors", "作者或完成人", lambda row: row.authors),
        Column("number", "编号或文号", lambda row: row.number, page=False),
        Column("source", "刊物、出版社或授予单位", lambda row: row.source, page=False),
        Column("dated", "时间", lambda row: row.dated, ("dated",)),
        Column("state", "状态", lambda row: row.get_state_display()),
    )

    def open_to(self, me: Capacity) -> bool:
        return sees_work(me)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"may_record": own_studios(self.request.me).exists()}


def own_output(request: Request, pk: int) -> Output:
    """The output for whoever writes it; Http404 where it is not seen, PermissionDenied for others who see it."""
    found: Output | None = OUTPUT.seen(request.me).filter(pk=pk).first()
    if found is None:
        raise Http404("没有这项成果，或者不在您的查看范围内。")
    if not Output.objects.filter(drafter("studio__")(request.me), pk=pk).exists():
        raise PermissionDenied("成果由工作室领衔人或受托的助理登记。")
    return found


class OutputNew(LoginRequiredMixin, View):
    """Record an output of a studio one writes for."""

    http_method_names = ["get", "post"]

    def get(self, request: Request) -> HttpResponse:
        return form_page(request, OutputForm(instance=Output(), studios=self._studios(request)), "登记成果")

    def post(self, request: Request) -> HttpResponse:
        blank = Output()
        form = OutputForm(request.POST, instance=blank, studios=self._studios(request))
        if not form.is_valid():
            return form_page(request, form, "登记成果", status=422)
        made = outputs.add(blank, request.me, request.at)
        fresh = made.pk == blank.pk
        words = "已登记，请上传佐证材料。" if fresh else "这项成果已经登记过，没有重复登记。"
        messages.success(request, words)
        return redirect(f"{made.get_absolute_url()}?tab=files")

    def _studios(self, request: Request) -> QuerySet[Studio]:
        studios = own_studios(request.me)
        if not studios:
            raise PermissionDenied("成果由工作室领衔人或受托的助理登记。")
        return studios


class OutputEdit(LoginRequiredMixin, View):
    """Change an output while it is recorded; 409 where it was changed elsewhere."""

    http_method_names = ["get", "post"]

    def get(self, request: Request, pk: int) -> HttpResponse:
        output = own_output(request, pk)
        if output.state != OutputState.RECORDED:
            messages.info(request, outputs.CLOSED)
            return redirect(output)
        form = OutputForm(instance=output, studios=own_studios(request.me))
        return form_page(request, form, "修改成果", output)

    def post(self, request: Request, pk: int) -> HttpResponse:
        output = own_output(request, pk)
        form = OutputForm(request.POST, instance=output, studios=own_studios(request.me))
        if not form.is_valid():
            return form_page(request, form, "修改成果", output, 422)
        try:
            outputs.change(output, request.POST.get("version", ""), request.me, request.at)
        except outputs.Closed:
            messages.error(request, outputs.CLOSED)
            return redirect(output)
        except outputs.Overtaken:
            form.add_error(None, OVERTAKEN)
            return form_page(request, form, "修改成果", output, 409)
        messages.success(request, "已保存。")
        return redirect(output)


def form_page(
    request: Request, form: Any, title: str, output: Output | None = None, status: int = 200
) -> HttpResponse:
    """The form over patterns/form.html."""
    kept = Output.objects.get(pk=output.pk) if output else None
    crumbs = [{"label": "成果", "url": reverse("output-list")}]
    if kept:
        crumbs.append({"label": kept.title, "url": kept.get_absolute_url()})
    context = {
        "form": form,
        "form_title": title,
        "form_crumbs": crumbs,
        "section_title": "成果",
        "version": outputs.stamp(kept) if kept else None,
    }
    return render(request, "patterns/form.html", context, status=status)
