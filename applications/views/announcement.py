"""Announcements as work: the list of them, the draft, its preview."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from accounts.capacity import Capacity
from accounts.models import Role
from applications import papers, scopes
from applications.flows import ANNOUNCEMENT
from applications.forms_publicity import AnnouncementForm
from applications.models import Announcement, AnnouncementState, ApplicationState, Call
from applications.views.drafts import Draft, NewDraft, Preview
from office.filters import RowFilter
from office.lists import CaseList, Column

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

    @classmethod
    def told(cls, rows: QuerySet[Any], me: Capacity, at: Any) -> QuerySet[Any]:
        return super().told(rows, me, at).annotate(studios=Count("applications"))


class NewAnnouncement(NewDraft):
    """Draft the announcement of all that is confirmed in a call."""

    form_class = AnnouncementForm
    first_state = AnnouncementState.DRAFTED
    edit_name = "announcement-edit"
    begun = "拟稿"
    title = "拟定公布"
    section_title = "公布文件"
    section_hint = "保存后可看名单和公文预览，由审批人签发。"

    def usual(self, call: Call) -> dict[str, Any]:
        return {
            "title": papers.announcement_title(call),
            "issued_on": timezone.localdate(self.request.at),
            "copies_to": COPIES,
        }

    def too_early(self, call: Call) -> str:
        ready = call.applications.filter(state=ApplicationState.CONFIRMED).exists()
        return "" if ready else "没有公示无异议、待公布的工作室。"


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
