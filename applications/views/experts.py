"""The pool of experts: list with its Excel, adding, changing."""

from __future__ import annotations

from typing import Any

import django_filters
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View

from accounts.capacity import Capacity
from accounts.models import Organisation
from applications import experts
from applications.expert_forms import ExpertForm, tie_formset, ties_given
from applications.models import Expert
from office.filters import AuthorityFilter, RowFilter
from office.lists import Column, RowList
from office.requests import Request
from office.views.entries import history, lines
from studios.models import Stage

FOUND = 20
LABELS = dict(Stage.choices)


def stage_words(expert: Expert) -> str:
    """The stages an expert judges, in words."""
    return "、".join(str(LABELS[stage]) for stage in expert.stages if stage in LABELS)


class ExpertFilter(RowFilter):
    search_in = ("user__name", "unit__name", "speciality")
    stage = django_filters.ChoiceFilter(
        label="学段", choices=Stage.choices, empty_label="全部", method="judging"
    )
    county = AuthorityFilter()
    active = django_filters.TypedChoiceFilter(
        label="在库", choices=[("", "全部"), ("1", "是"), ("0", "否")], coerce=lambda value: value == "1"
    )

    class Meta:
        model = Expert
        fields: list[str] = []

    def judging(self, rows: QuerySet[Expert], name: str, value: str) -> QuerySet[Expert]:
        return rows.annotate(words=Cast("stages", TextField())).filter(words__contains=f'"{value}"')


class ExpertList(RowList):
    """The pool."""

    title = "评审专家库"
    unit = "人"
    default_sort = "name"
    filterset_class = ExpertFilter
    template_name = "applications/experts.html"
    columns = (
        Column("name", "姓名", lambda row: str(row.user), ("user__sort_key",)),
        Column("unit", "所在单位", lambda row: str(row.unit or ""), ("unit__sort_key",)),
        Column("username", "用户名", lambda row: row.user.username, page=False),
        Column("post", "职务", lambda row: row.post, page=False),
        Column("county", "旗县区", lambda row: row.county.label if row.county else "", ("county__sort_key",)),
        Column("stages", "可评学段", stage_words),
        Column("speciality", "专长", lambda row: row.speciality),
        Column("tied", "回避关系", lambda row: row.tied, ("tied",), "figure"),
        Column("pending", "待评", lambda row: row.pending, ("pending",), "figure"),
        Column("active", "在库", lambda row: row.active, ("active",)),
    )

    def open_to(self, me: Capacity) -> bool:
        return experts.sees_pool(me)

    def rows(self, me: Capacity, at: Any) -> QuerySet[Any]:
        assert me.organisation is not None  # open_to lets in whoever acts for an owner
        return experts.pool(me.organisation, at)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        for row in context["page_obj"].object_list:
            row.stage_words = stage_words(row)
        return context | {"may_write": experts.keeps_pool(self.request.me)}


class _Keeper(LoginRequiredMixin, View):
    """For whoever keeps the pool; 403 for others."""

    http_method_names = ["get", "post"]

    def dispatch(self, request: Request, *args: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        if request.user.is_authenticated and not experts.keeps_pool(request.me):
            raise PermissionDenied("专家库由项目主管部门经办人维护。")
        return super().dispatch(request, *args, **kwargs)

    def owner(self, request: Request) -> Organisation:
        """Whose pool it is."""
        owner = request.me.organisation
        assert owner is not None  # dispatch lets in officers only
        return owner

    def page(
        self, request: Request, expert: Expert, form: ExpertForm, formset: Any, status: int = 200
    ) -> HttpResponse:
        """The form of one expert."""
        context = {
            "form": form,
            "form_title": str(expert.user),
            "subtitle": f"账号 {expert.user.username}",
            "form_crumbs": [{"label": "评审专家库", "url": reverse("expert-list")}],
            "section_title": "专家信息",
            "formsets": [
                {
                    "title": "回避关系",
                    "formset": formset,
                    "hint": "登记后，该专家不会被分配到相关校长的申报。",
                    "add_label": "增加一项回避关系",
                    "row_label": "回避关系",
                }
            ],
            "version": None,
            "entries": lines(expert, history(expert)) if expert.pk else [],
        }
        return render(request, "applications/expert_form.html", context, status=status)

    def save(self, request: Request, expert: Expert) -> HttpResponse:
        """Keep what was sent, or give it back with what is wrong."""
        form, formset = ExpertForm(request.POST, instance=expert), tie_formset(request.POST, expert)
        if not (form.is_valid() & formset.is_valid()):
            return self.page(request, expert, form, formset, 422)
        experts.keep(form.save(commit=False), ties_given(formset), request.me, request.at)
        messages.success(request, f"已保存专家{expert}。")
        return redirect("expert-list")


class ExpertNew(_Keeper):
    """Add an account to the pool: found by name (``?search``), then ``?user``."""

    def _chosen(self, request: Request) -> Expert | None:
        number = request.GET.get("user", "")
        if not number:
            return None
        user = (
            experts.accounts("", self.owner(request), request.at).filter(pk=number).first()
            if number.isdecimal()
            else None
        )
        if user is None:
            raise Http404("没有这个账号，或者已在专家库中。")
        return Expert(user=user)

    def get(self, request: Request) -> HttpResponse:
        if expert := self._chosen(request):
            return self.page(request, expert, ExpertForm(instance=expert), tie_formset(None, expert))
        words = request.GET.get("search", "").strip()
        found = list(experts.accounts(words, self.owner(request), request.at)[: FOUND + 1])
        context = {"words": words, "found": found[:FOUND], "more": len(found) > FOUND}
        return render(request, "applications/expert_new.html", context)

    def post(self, request: Request) -> HttpResponse:
        expert = self._chosen(request)
        if expert is None:
            raise Http404("请先选定账号。")
        return self.save(request, expert)


class ExpertEdit(_Keeper):
    """Change an expert."""

    def _found(self, request: Request, pk: int) -> Expert:
        expert = experts.pool(self.owner(request), request.at).filter(pk=pk).first()
        if expert is None:
            raise Http404("专家库中没有此人。")
        return expert

    def get(self, request: Request, pk: int) -> HttpResponse:
        expert = self._found(request, pk)
        return self.page(request, expert, ExpertForm(instance=expert), tie_formset(None, expert))

    def post(self, request: Request, pk: int) -> HttpResponse:
        return self.save(request, self._found(request, pk))
