"""The list of corrections: what waits for the authority, and what became of those asked before."""

from __future__ import annotations

import django_filters

from accounts.capacity import Capacity
from office.filters import CaseFilter
from office.lists import CaseList, Column
from portal.models import CorrectionState
from portal.registry.scopes import keeps_principals

from .flow import IDENTITY_CORRECTION


class CorrectionFilter(CaseFilter):
    """What waits for me, the state, words of the person or the school."""

    flow = IDENTITY_CORRECTION
    search_in = ("principal__name", "principal__school__name")
    state = django_filters.ChoiceFilter(label="状态", choices=CorrectionState.choices)


class CorrectionList(CaseList):
    """The authority's officer sees those of its schools, the bureau's all; both numbers masked."""

    flow = IDENTITY_CORRECTION
    title = "身份证号更正"
    unit = "件"
    template_name = "registry/corrections.html"
    filterset_class = CorrectionFilter
    default_sort = "-since"
    related = ("principal__school__parent",)
    deferred = ("identity", "former", "principal__identity", "principal__phone")
    columns = (
        Column("name", "姓名", lambda row: row.principal.name, ("principal__sort_key",)),
        Column("school", "所在学校", lambda row: row.principal.school.name, ("principal__school__sort_key",)),
        Column("former", "原身份证号", lambda row: row.masked_former),
        Column("number", "改为", lambda row: row.masked_identity),
        Column("state", "状态", lambda row: row.get_state_display(), ("state",)),
        Column("since", "进入本环节", lambda row: row.since, ("since",)),
    )

    def open_to(self, me: Capacity) -> bool:
        return keeps_principals(me)
