"""Announcements as work: the list of them, the draft, its preview."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views import View

from accounts.capacity import Capacity
from accounts.models import Role
from applications import papers, scopes
from applications.flows import ANNOUNCEMENT
from applications.forms_publicity import AnnouncementForm
from applications.models import Announcement, AnnouncementState, ApplicationState, Call
from applications.views.drafts import Draft, Preview
from office.door import begin
from office.lists import CaseList, Column, RowFilter
from office.pages import Link
from office.requests import Request

COPIES = "各名校长工作室依托学校"


class AnnouncementFilter(RowFilter):
    """Words of title or number, the state."""

    search_in = ("title", "document_number", "call__name")
    state = django_filters.ChoiceFilter(label="状态", choices=AnnouncementState.choices)


class AnnouncementList(CaseList):
    """The announcements of the calls that the organisation owns."""

    flow = ANNOUNCEMENT
    title = "公布"
    template_name = "applications/announcement_list.html"
    filterset_class = AnnouncementFilter
    default_sort = "-issued_on"
    related = ("call",)
    columns = (
        Column("title", "标题", lambda row: row.title, ("title",)),
        Column("call", "批次", lambda row: row.call.name, ("call__name",)),
        Column("state", "状态", lambda row: row.get_state_display()),
        Column("issued_on", "成文日期", lambda row: row.issued_on, ("issued_on",)),
        Column("studios", "工作室", lambda row: row.studios, css="figure"),
    )

    def open_to(self, me: Capacity) -> bool:
        return me.holds(*scopes.STAFF, Role.AUDITOR)

    def rows(self, me: Capacity, at: Any) -> QuerySet[Any]:
        return super().rows(me, at).annotate(studios=Count("applications"))


class NewAnnouncement(LoginRequiredMixin, View):
    """Draft the announcement of all that is confirmed in a call; a call has one draft at a time."""

    request: Request

    def _call(self, number: str) -> Call:
        mine = Call.objects.filter(scopes.call_officer(self.request.me), number=number)
        call = mine.select_related("programme__owner").first()
        if call is None:
            raise Http404("没有这个批次，或者不由您拟定公布。")
        return call

    def _earlier(self, call: Call) -> Announcement | None:
        return call.announcements.filter(state=AnnouncementState.DRAFTED).first()

    def get(self, request: Request, number: str) -> HttpResponse:
        call = self._call(number)
        if draft := self._earlier(call):
            return redirect("announcement-edit", draft.pk)
        usual = {
            "title": papers.announcement_title(call),
            "issued_on": timezone.localdate(request.at),
            "copies_to": COPIES,
        }
        return self._page(call, AnnouncementForm(instance=Announcement(call=call), initial=usual))

    @transaction.atomic
    def post(self, request: Request, number: str) -> HttpResponse:
        call = self._call(number)
        Call.objects.select_for_update(no_key=True).get(pk=call.pk)
        if draft := self._earlier(call):
            return redirect("announcement-edit", draft.pk)
        form = AnnouncementForm(request.POST, instance=Announcement(call=call))
        if not form.is_valid():
            return self._page(call, form, 422)
        if not call.applications.filter(state=ApplicationState.CONFIRMED).exists():
            messages.error(request, "没有公示无异议、待公布的工作室。")
            return self._page(call, form, 422)
        draft = form.save(commit=False)
        begin(draft, request.me, request.at, "拟稿")
        return redirect(draft.get_absolute_url())

    def _page(self, call: Call, form: AnnouncementForm, status: int = 200) -> HttpResponse:
        context = {
            "form_title": "拟定公布",
            "form_crumbs": [Link("申报批次", ""), Link(call.name, call.get_absolute_url())],
            "subtitle": call.name,
            "section_title": "公布文件",
            "section_hint": "保存后可看名单和公文预览，由审批人签发。",
            "form": form,
        }
        return render(self.request, "patterns/form.html", context, status=status)


class EditAnnouncement(Draft):
    """Title, number, date, copies of a draft."""

    flow = ANNOUNCEMENT
    form_class = AnnouncementForm
    first_state = AnnouncementState.DRAFTED
    preview_name = "announcement-preview"
    hint = "右侧是文件的样子；名单为公示无异议的全部工作室，签发时编定工作室编号和发文字号。"

    def may_edit(self, me: Capacity) -> Q:
        return scopes.owner_officer(me)


class PreviewAnnouncement(Preview):
    """The document as it would be issued."""

    flow = ANNOUNCEMENT
    form_class: ClassVar = AnnouncementForm

    def make(self, case: Announcement) -> bytes:
        return papers.preview_announcement(case, timezone.localdate(self.request.at))
