"""Rubrics: list, tree, editing what is not in use, a new version of what is."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet, Sum
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View

from accounts.capacity import Capacity
from accounts.models import Role
from evaluations import defaults, trees
from evaluations.forms import NameForm, line_formset
from evaluations.models import Rubric
from evaluations.scopes import rubrics_kept, rubrics_seen
from evaluations.trees import FULL
from office.flow import NOTHING
from office.history import record
from office.lists import Column, RowList
from office.requests import Request
from office.sheets import download
from office.views.entries import history, lines
from office.words import points
from programmes.models import Programme

OVERTAKEN = "此评分标准刚被他人修改，没有覆盖。请核对下面的内容后再保存一次。"
SHEET = ["一级指标", "一级指标分值", "二级指标", "分值", "说明"]
FROZEN = "此版本已启用，不能再改；请建立新版本。"


class RubricList(RowList):
    """The rubrics of one's own programmes."""

    title = "评分标准"
    unit = "个"
    template_name = "evaluations/rubrics.html"
    default_sort = "name"
    columns = (
        Column("name", "名称", lambda row: row.name, ("purpose", "name", "version")),
        Column("version", "版本", lambda row: row.version, ("version",), "figure"),
        Column("purpose", "用途", lambda row: row.get_purpose_display(), ("purpose",)),
        Column("programme", "项目", lambda row: row.programme.name),
        Column("full", "合计", lambda row: row.full, css="figure"),
        Column("frozen", "启用时间", lambda row: row.frozen_at, ("frozen_at",)),
    )

    def open_to(self, me: Capacity) -> bool:
        return rubrics_seen(me) != NOTHING

    def rows(self, me: Capacity, at: Any) -> QuerySet[Any]:
        leaves = Sum("indicators__points", filter=Q(indicators__parent__isnull=False))
        return Rubric.objects.filter(rubrics_seen(me)).select_related("programme").annotate(full=leaves)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        me = self.request.me
        owned = Programme.objects.filter(owner=me.organisation_id) if me.holds(Role.OFFICER) else ()
        return super().get_context_data(**kwargs) | {"programmes": list(owned)}


def sheet(groups: list[trees.Group]) -> list[list[Any]]:
    """A rubric as rows under ``SHEET``, which the import reads back."""
    return [
        [group.label, group.points, item.label, item.points, item.guide]
        for group in groups
        for item in group.items
    ]


def found(request: Request, pk: int, *, to_write: bool = False) -> Rubric:
    """The rubric, or Http404; ``to_write``: PermissionDenied for who only reads it."""
    rows = Rubric.objects.select_related("programme")
    rubric = rows.filter(rubrics_seen(request.me), pk=pk).first()
    if rubric is None:
        raise Http404("没有这个评分标准，或者不在您的查看范围内。")
    if to_write and not rows.filter(rubrics_kept(request.me), pk=pk).exists():
        raise PermissionDenied("评分标准由项目主管部门经办人维护。")
    return rubric


class RubricPage(LoginRequiredMixin, View):
    """One version as a tree, with what has been done to it."""

    def get(self, request: Request, pk: int) -> HttpResponse | FileResponse:
        rubric = found(request, pk)
        groups = trees.tree(rubric)
        if request.GET.get("export") == "xlsx":
            return download(str(rubric), "评分标准", SHEET, sheet(groups))
        context = {
            "row": rubric,
            "groups": groups,
            "total": sum(group.points for group in groups),
            "full": FULL,
            "may_write": request.me.holds(Role.OFFICER),
            "entries": lines(rubric, history(rubric)),
        }
        return render(request, "evaluations/rubric.html", context)


class LayDefault(LoginRequiredMixin, View):
    """POST ``programme``: the default rubric of one's own programme, if it has none yet."""

    http_method_names = ["post"]

    def post(self, request: Request) -> HttpResponse:
        if not request.me.holds(Role.OFFICER):
            raise PermissionDenied("评分标准由项目主管部门经办人维护。")
        number = request.POST.get("programme", "")
        programmes = Programme.objects.filter(owner=request.me.organisation_id)
        programme = programmes.filter(pk=number).first() if number.isdecimal() else None
        if programme is None:
            raise Http404("没有这个项目。")
        rubric = defaults.lay(programme)
        return redirect("rubric", rubric.pk)


class NewVersion(LoginRequiredMixin, View):
    """POST: copy a version, to change the copy."""

    http_method_names = ["post"]

    @transaction.atomic
    def post(self, request: Request, pk: int) -> HttpResponse:
        rubric = found(request, pk, to_write=True)
        copy = trees.new_version(rubric)
        record(copy, "create", "建立新版本", request.me, request.at, {"来源": str(rubric)})
        messages.success(request, f"已建立第 {copy.version} 版，可以修改。")
        return redirect("rubric-edit", copy.pk)


class RubricEdit(LoginRequiredMixin, View):
    """Change a version that is not in use: 409 where it was changed or put to use meanwhile, 422 what is wrong."""

    http_method_names = ["get", "post"]

    def get(self, request: Request, pk: int) -> HttpResponse:
        rubric = found(request, pk, to_write=True)
        if rubric.frozen_at:
            messages.error(request, FROZEN)
            return redirect("rubric", pk)
        return self._page(request, rubric, NameForm(instance=rubric), line_formset(None, trees.lines(rubric)))

    def post(self, request: Request, pk: int) -> HttpResponse:
        rubric = found(request, pk, to_write=True)
        form, formset = NameForm(request.POST, instance=rubric), line_formset(request.POST, [])
        if not (form.is_valid() & formset.is_valid()):
            return self._page(request, rubric, form, formset, 422)
        if problem := self._save(request, pk, form, formset):
            form.add_error(None, problem)
            return self._page(request, rubric, form, formset, 409)
        full = sum(line[2] for line in formset.lines())
        messages.success(request, f"已保存，合计 {points(full)} 分。")
        if full != FULL:
            messages.warning(request, f"合计应为 100 分，现为 {points(full)} 分；凑满后才能用于申报批次。")
        return redirect("rubric", pk)

    @transaction.atomic
    def _save(self, request: Request, pk: int, form: NameForm, formset: Any) -> str:
        """Write it, or say why not."""
        rubric = Rubric.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)
        if rubric.frozen_at:
            return FROZEN
        before = trees.lines(rubric)
        if trees.stamp(rubric) != request.POST.get("version"):
            return OVERTAKEN
        old, name = rubric.name, form.cleaned_data["name"]
        trees.rewrite(rubric, name, formset.lines())
        facts = trees.difference(old, name, before, formset.lines())
        record(rubric, "change", "修改评分标准", request.me, request.at, facts)
        return ""

    def _page(
        self, request: Request, rubric: Rubric, form: NameForm, formset: Any, status: int = 200
    ) -> HttpResponse:
        kept = Rubric.objects.get(pk=rubric.pk)
        context = {
            "form": form,
            "form_title": f"修改 {kept}",
            "form_crumbs": [
                {"label": "评分标准", "url": reverse("rubric-list")},
                {"label": str(kept), "url": reverse("rubric", args=[kept.pk])},
            ],
            "section_title": "名称",
            "formsets": [
                {
                    "title": "指标",
                    "formset": formset,
                    "hint": "按顺序填写；合计满 100 分后才能用于申报批次。",
                    "add_label": "增加一项指标",
                    "row_label": "指标",
                }
            ],
            "version": trees.stamp(kept),
        }
        return render(request, "evaluations/rubric_form.html", context, status=status)
