"""Publicity lists as work: the list of them, the draft, its preview."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views import View

from accounts.capacity import Capacity
from accounts.models import Role
from applications import papers, scopes
from applications.flows import PUBLICITY
from applications.forms_publicity import PublicityForm
from applications.models import Call, CallState, Publicity, PublicityState
from applications.views.drafts import Draft, Preview
from office.door import begin
from office.lists import CaseList, Column, RowFilter
from office.pages import Link
from office.requests import Request

TO_PUBLISH = (CallState.DECIDED, CallState.PUBLICITY)


class PublicityFilter(RowFilter):
    """Words of the call's name, the state."""

    search_in = ("call__name", "call__number")
    state = django_filters.ChoiceFilter(label="状态", choices=PublicityState.choices)


class PublicityList(CaseList):
    """The publicity lists of the calls that the organisation owns."""

    flow = PUBLICITY
    title = "公示"
    template_name = "applications/publicity_list.html"
    filterset_class = PublicityFilter
    default_sort = "-published"
    related = ("call",)
    columns = (
        Column("call", "批次", lambda row: row.call.name, ("call__name",)),
        Column("state", "状态", lambda row: row.get_state_display()),
        Column("published", "公示开始", lambda row: row.published_at, ("published_at",)),
        Column("ends", "公示结束", lambda row: row.ends_at, ("ends_at",)),
        Column("listed", "名单", lambda row: row.listed, css="figure"),
        Column("objections", "异议", lambda row: row.raised, css="figure"),
    )

    def open_to(self, me: Capacity) -> bool:
        return me.holds(*scopes.STAFF, Role.AUDITOR)

    def rows(self, me: Capacity, at: Any) -> QuerySet[Any]:
        listed = Count(
            "applications", distinct=True, filter=Q(applications__state__in=papers.SHOWN_IN_PUBLICITY)
        )
        return super().rows(me, at).annotate(listed=listed, raised=Count("objections", distinct=True))


class NewPublicity(LoginRequiredMixin, View):
    """A draft for a decided call, filled with the call's days; a call has one draft at a time."""

    request: Request

    def _call(self, number: str) -> Call:
        mine = Call.objects.filter(scopes.call_officer(self.request.me), number=number)
        call = mine.select_related("programme__owner").first()
        if call is None:
            raise Http404("没有这个批次，或者不由您拟定公示。")
        return call

    def _earlier(self, call: Call) -> Publicity | None:
        return call.publicities.filter(state=PublicityState.DRAFT).first()

    def get(self, request: Request, number: str) -> HttpResponse:
        call = self._call(number)
        if draft := self._earlier(call):
            return redirect("publicity-edit", draft.pk)
        owner = call.programme.owner
        contact = "，".join(text for text in (owner.name, owner.contact, owner.contact_phone) if text)
        return self._page(call, PublicityForm(initial={"days": call.publicity_days, "contact": contact}))

    @transaction.atomic
    def post(self, request: Request, number: str) -> HttpResponse:
        call = self._call(number)
        Call.objects.select_for_update(no_key=True).get(pk=call.pk)
        if draft := self._earlier(call):
            return redirect("publicity-edit", draft.pk)
        form = PublicityForm(request.POST, instance=Publicity(call=call))
        if not form.is_valid():
            return self._page(call, form, 422)
        if call.state not in TO_PUBLISH:
            messages.error(request, "名单尚未审定，不能拟定公示。")
            return self._page(call, form, 422)
        draft = form.save(commit=False)
        begin(draft, request.me, request.at, "拟定公示")
        return redirect(draft.get_absolute_url())

    def _page(self, call: Call, form: PublicityForm, status: int = 200) -> HttpResponse:
        context = {
            "form_title": "拟定公示",
            "form_crumbs": [Link("申报批次", ""), Link(call.name, call.get_absolute_url())],
            "subtitle": call.name,
            "section_title": "公示安排",
            "section_hint": "保存后可看名单和公文预览，核对无误再发布。",
            "form": form,
        }
        return render(self.request, "patterns/form.html", context, status=status)


class EditPublicity(Draft):
    """Days and contact of a draft."""

    flow = PUBLICITY
    form_class = PublicityForm
    first_state = PublicityState.DRAFT
    preview_name = "publicity-preview"
    hint = "右侧是公示文本的样子；名单取自已审定的通过名单。"

    def may_edit(self, me: Capacity) -> Q:
        return scopes.owner_officer(me)


class PreviewPublicity(Preview):
    """The list as it would go up now."""

    flow = PUBLICITY
    form_class: ClassVar = PublicityForm

    def make(self, case: Publicity) -> bytes:
        return papers.preview_publicity(case, self.request.at)
