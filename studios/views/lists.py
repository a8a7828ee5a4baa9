"""Studios and their members, listed."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.candidates import ground
from accounts.capacity import Capacity
from accounts.models import Role
from office.filters import AuthorityFilter, CaseFilter, RowFilter
from office.lists import CaseList, Column
from studios.flows import MEMBERSHIP, STUDIO
from studios.health import MARKS, marked
from studios.models import Membership, MembershipState, Stage, Studio, StudioState, Term
from studios.pages.studio import county_of
from studios.scopes import studios_held


class StudioFilter(RowFilter):
    """Words of name, lead or school; county, stage, state."""

    search_in = ("name", "number", "lead__name", "school__name")
    authority = AuthorityFilter()
    stage = django_filters.ChoiceFilter(label="学段", choices=Stage.choices)
    state = django_filters.ChoiceFilter(label="状态", choices=StudioState.choices)
    mark = django_filters.ChoiceFilter(
        method="bearing", label="需关注", choices=[(mark.key, mark.label) for mark in MARKS]
    )

    def bearing(self, rows: QuerySet[Studio], name: str, value: str) -> QuerySet[Studio]:
        """Those held by me that bear the mark; how a foreign studio stands is nobody's business."""
        return marked(rows.filter(studios_held(self.me)), value, self.at)


class StudioList(CaseList):
    """The studios I may see."""

    flow = STUDIO
    title = "工作室"
    unit = "个"
    template_name = "studios/studios.html"
    filterset_class = StudioFilter
    default_sort = "number"
    related = ("lead", "school", "authority")
    columns = (
        Column("number", "编号", lambda row: row.number, ("number",)),
        Column("name", "工作室", lambda row: row.name, ("name",)),
        Column("stage", "学段", lambda row: row.get_stage_display(), ("stage",)),
        Column("lead", "领衔人", lambda row: row.lead.name, ("lead__sort_key",)),
        Column("school", "依托学校", lambda row: row.school.name, ("school__sort_key",)),
        Column("county", "旗县区", county_of, ("authority__code",)),
        Column("members", "在任成员", lambda row: row.active, ("active",), css="figure"),
        Column("ends", "周期截止", lambda row: row.ends, ("ends",)),
        Column("state", "状态", lambda row: row.get_state_display()),
    )

    def open_to(self, me: Capacity) -> bool:
        return not me.holds(Role.ADMIN, Role.SECURITY)

    @classmethod
    def told(cls, rows: QuerySet[Any], me: Capacity, at: Any) -> QuerySet[Studio]:
        members = Membership.objects.filter(studio=OuterRef("pk"), state=MembershipState.ACTIVE).order_by()
        active = members.values("studio").annotate(number=Count("pk")).values("number")
        last = Term.objects.filter(studio=OuterRef("pk")).order_by("-ends").values("ends")[:1]
        return super().told(rows, me, at).annotate(active=Coalesce(Subquery(active), 0), ends=Subquery(last))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"members_open": lists_members(self.request.me)}


def lists_members(me: Capacity) -> bool:
    """Whether the list of members is open to this capacity."""
    return me.holds(Role.OFFICER, Role.LEADER, Role.FINANCE, Role.PRINCIPAL)


class MembershipFilter(CaseFilter):
    """Words of the member, the studio or the school; what waits for me; the state."""

    flow = MEMBERSHIP

    search_in = ("principal__name", "principal__school__name", "studio__name")
    state = django_filters.ChoiceFilter(label="状态", choices=MembershipState.choices)


class MembershipList(CaseList):
    """Members with their consents; those that wait for my consent can be given it together."""

    flow = MEMBERSHIP
    title = "工作室成员"
    unit = "名"
    template_name = "studios/memberships.html"
    filterset_class = MembershipFilter
    default_sort = "studio"
    related = ("studio", "principal__school")
    batch = ("consent_school", "consent_authority")
    columns = (
        Column("member", "成员", lambda row: row.principal.name, ("principal__sort_key",)),
        Column("school", "所在学校", lambda row: row.principal.school.name, ("principal__school__sort_key",)),
        Column("studio", "工作室", lambda row: row.studio.name, ("studio__number",)),
        Column("ground", "依据", ground),
        Column("school_consent", "学校同意", lambda row: row.school_consented_at),
        Column("authority_consent", "主管部门同意", lambda row: row.authority_consented_at),
        Column("state", "状态", lambda row: row.get_state_display()),
    )

    def open_to(self, me: Capacity) -> bool:
        return lists_members(me)
