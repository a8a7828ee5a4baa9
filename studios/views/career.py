"""The list of career plans, one on paper, a note on the way."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views import View

from accounts.capacity import Capacity
from office.filters import CaseFilter
from office.history import record
from office.lists import CaseList, Column
from office.models import NoticeKind
from office.notices import tell
from office.paper.engine import PdfUnavailable
from office.paper.forms import render_form
from office.requests import Request
from studios.documents.career import career_paper
from studios.flows import CAREER_PLAN
from studios.models import CareerNote, CareerPlan, CareerState
from studios.pages.career import RELATED, as_agreed, writes
from studios.views.lists import lists_members
from studios.views.plans import pdf


def signed(row: CareerPlan) -> str:
    """Who has signed the words as they are."""
    names = [("成员", row.member_signed), ("领衔人", row.lead_signed)]
    return "、".join(name for name, given in names if given)


class CareerFilter(CaseFilter):
    """What waits for me, state; words of member, school or studio."""

    flow = CAREER_PLAN

    state = django_filters.ChoiceFilter(label="状态", choices=CareerState.choices, empty_label="全部")
    search_in = (
        "membership__principal__name",
        "membership__principal__school__name",
        "membership__studio__name",
    )


class CareerList(CaseList):
    """The career plans I may see."""

    flow = CAREER_PLAN
    title = "职业发展规划"
    unit = "份"
    template_name = "studios/careers.html"
    filterset_class = CareerFilter
    default_sort = "studio"
    related = ("membership__studio", "membership__principal__school")
    deferred = ("content",)
    columns = (
        Column(
            "member", "成员", lambda row: row.membership.principal.name, ("membership__principal__sort_key",)
        ),
        Column(
            "school",
            "所在学校",
            lambda row: row.membership.principal.school.name,
            ("membership__principal__school__sort_key",),
        ),
        Column("studio", "工作室", lambda row: row.membership.studio.name, ("membership__studio__number",)),
        Column("signed", "已签署", signed),
        Column("since", "更新时间", lambda row: row.since, ("since",)),
        Column("state", "状态", lambda row: row.get_state_display()),
    )

    def open_to(self, me: Capacity) -> bool:
        return lists_members(me)


def _found(request: Request, pk: int) -> CareerPlan:
    plan: CareerPlan | None = CAREER_PLAN.seen(request.me).select_related(*RELATED).filter(pk=pk).first()
    if plan is None:
        raise Http404("没有这份规划，或者不在您的查看范围内。")
    return plan


class CareerPrint(LoginRequiredMixin, View):
    """GET: the plan as PDF, for whoever sees it."""

    http_method_names = ["get"]

    def get(self, request: Request, pk: int) -> HttpResponse:
        plan = _found(request, pk)
        try:
            content = render_form(career_paper(plan, as_agreed(plan, request.me)))
        except PdfUnavailable as reason:
            messages.error(request, f"现在不能生成 PDF：{reason}")
            return redirect(plan)
        return pdf(content, f"career-{plan.pk}")


class NoteForm(forms.ModelForm):
    """A note on a member's progress."""

    class Meta:
        model = CareerNote
        fields = ("text",)


class NoteView(LoginRequiredMixin, View):
    """POST ``text``: a note by the member or the lead; the other is told. 403 for whoever else sees the plan."""

    http_method_names = ["post"]

    def post(self, request: Request, pk: int) -> HttpResponse:
        plan = _found(request, pk)
        if not writes(plan, request.me):
            raise PermissionDenied("进展由成员本人和领衔人记录。")
        form = NoteForm(request.POST, instance=CareerNote(plan=plan, user=request.me.user, at=request.at))
        if plan.state not in (CareerState.DRAFT, CareerState.AGREED):
            messages.error(request, f"规划{plan.get_state_display()}，不再记录进展。")
        elif form.is_valid():
            _keep(plan, form.save(commit=False), request)
            messages.success(request, "已记录。")
        else:
            messages.error(request, f"没有记录：{form.errors['text'][0]}")
        return redirect(f"{plan.get_absolute_url()}?tab=notes")


@transaction.atomic
def _keep(plan: CareerPlan, note: CareerNote, request: Request) -> None:
    note.save()
    record(plan, "note", "记录进展", request.me, request.at, opinion=note.text)
    people: set[Any] = {plan.membership.principal.user_id, plan.membership.studio.lead.user_id}
    tell(
        people - {None, request.me.user_id},
        f"{plan}：{note.text}",
        request.at,
        kind=NoticeKind.PROGRESS,
        url=f"{plan.get_absolute_url()}?tab=notes",
        case=plan,
    )
