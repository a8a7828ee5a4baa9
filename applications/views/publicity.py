"""Publicity lists as work: the list of them, the draft, its preview."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db.models import Count, Q, QuerySet

from accounts.capacity import Capacity
from accounts.models import Role
from applications import papers, scopes
from applications.flows import PUBLICITY
from applications.forms_publicity import PublicityForm
from applications.models import Call, CallState, Publicity, PublicityState
from applications.views.drafts import Draft, NewDraft, Preview
from office.filters import RowFilter
from office.lists import CaseList, Column

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

    @classmethod
    def told(cls, rows: QuerySet[Any], me: Capacity, at: Any) -> QuerySet[Any]:
        listed = Count(
            "applications", distinct=True, filter=Q(applications__state__in=papers.SHOWN_IN_PUBLICITY)
        )
        return super().told(rows, me, at).annotate(listed=listed, raised=Count("objections", distinct=True))


class NewPublicity(NewDraft):
    """A draft for a decided call, filled with the call's days."""

    form_class = PublicityForm
    first_state = PublicityState.DRAFT
    edit_name = "publicity-edit"
    begun = "拟定公示"
    title = "拟定公示"
    section_title = "公示安排"
    section_hint = "保存后可看名单和公文预览，核对无误再发布。"

    def usual(self, call: Call) -> dict[str, Any]:
        owner = call.programme.owner
        contact = "，".join(text for text in (owner.name, owner.contact, owner.contact_phone) if text)
        return {"days": call.publicity_days, "contact": contact}

    def too_early(self, call: Call) -> str:
        return "" if call.state in TO_PUBLISH else "名单尚未审定，不能拟定公示。"


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
