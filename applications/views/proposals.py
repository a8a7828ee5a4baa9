"""The list of proposed members: those I was asked for, and those my school or county has to agree to."""

from __future__ import annotations

from typing import Any

import django_filters

from accounts.candidates import ground
from accounts.capacity import Capacity
from accounts.models import Role
from applications.flows import PROPOSED_MEMBER
from applications.models import MemberState
from applications.scopes import STAFF
from applications.views.lists import takeable
from office.filters import CaseFilter
from office.lists import CaseList, Column
from office.words import plain_day


class ProposalFilter(CaseFilter):
    """What waits for me, state; search by name, school, studio."""

    flow = PROPOSED_MEMBER

    state = django_filters.ChoiceFilter(label="状态", choices=MemberState.choices, empty_label="全部")
    search_in = (
        "principal__name",
        "principal__school__name",
        "application__studio_name",
        "application__number",
    )


def _consent(moment: Any) -> str:
    return f"{plain_day(moment)}同意" if moment else "待同意"


class ProposalList(CaseList):
    """GET: proposed members as far as the person sees them; schools and counties agree to several at once."""

    flow = PROPOSED_MEMBER
    title = "拟任成员"
    unit = "人"
    batch = ("consent_school", "consent_authority")
    related = ("application__call", "application__lead", "principal__school__parent")
    filterset_class = ProposalFilter
    template_name = "applications/proposals.html"
    default_sort = "studio"
    columns = (
        Column("name", "姓名", lambda row: row.principal.name, ("principal__sort_key",)),
        Column(
            "school",
            "所在学校",
            lambda row: row.principal.school.name,
            ("principal__school__sort_key", "principal__sort_key"),
        ),
        Column(
            "studio",
            "拟设工作室",
            lambda row: row.application.studio_name,
            ("application__number", "principal__sort_key"),
        ),
        Column("basis", "依据", ground),
        Column("state", "状态", lambda row: row.get_state_display(), ("state",)),
        Column("by_school", "学校", lambda row: _consent(row.school_consented_at), ("school_consented_at",)),
        Column(
            "by_authority",
            "主管部门",
            lambda row: _consent(row.authority_consented_at),
            ("authority_consented_at",),
        ),
    )

    def open_to(self, me: Capacity) -> bool:
        return me.holds(*STAFF, Role.PRINCIPAL)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["batch_steps"] = takeable(context)
        for row in context["page_obj"].object_list:
            row.by_school, row.by_authority = (
                _consent(row.school_consented_at),
                _consent(row.authority_consented_at),
            )
        return context
