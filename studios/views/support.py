"""The schools' support, listed: what is confirmed and what is not (Art. 12)."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet

from accounts.capacity import Capacity
from accounts.models import Role
from office.filters import AuthorityFilter, CaseFilter
from office.lists import CaseList, Column
from studios.flows import PLEDGE
from studios.models import PledgeState, SupportPledge
from studios.scopes import OFFICES

STUDIO = "year__term__studio__"


class PledgeFilter(CaseFilter):
    """What waits for me; whose; the state, first of all 未确认; the school's county; words of school or studio."""

    flow = PLEDGE

    state = django_filters.ChoiceFilter(
        label="状态",
        choices=[(PledgeState.OPEN, "未确认"), *PledgeState.choices[1:]],
        empty_label="全部",
    )
    of = django_filters.ChoiceFilter(
        label="学校",
        choices=[("host", "所在学校"), ("member", "成员学校")],
        empty_label="全部",
        method="whose",
    )
    county = AuthorityFilter(field_name="school__parent")
    search_in = ("school__name", f"{STUDIO}name", f"{STUDIO}number")

    def whose(self, rows: QuerySet[SupportPledge], name: str, value: str) -> QuerySet[SupportPledge]:
        return rows.filter(membership__isnull=value == "host")


class PledgeList(CaseList):
    """The support of the studios and schools that concern me."""

    flow = PLEDGE
    title = "支持保障"
    unit = "份"
    template_name = "studios/pledges.html"
    filterset_class = PledgeFilter
    default_sort = "studio"
    related = ("school__parent", "membership__principal", "year__term__studio")
    columns = (
        Column("studio", "工作室", lambda row: row.studio.name, (f"{STUDIO}number", "membership")),
        Column("year", "建设年度", lambda row: f"第{row.year.number}年", ("year__starts",)),
        Column("school", "学校", lambda row: row.school.name, ("school__sort_key",)),
        Column("of", "身份", lambda row: "所在学校" if row.of_host else "成员学校"),
        Column("county", "旗县区", lambda row: row.school.parent.label, page=False),
        Column("workplace", "独立工作场所", lambda row: row.workplace, page=False),
        Column("area", "面积（㎡）", lambda row: row.area, page=False),
        Column("equipment", "办公条件与设备", lambda row: row.equipment, page=False),
        Column("load", "减轻工作负担的措施", lambda row: row.load, page=False),
        Column("convenience", "便利和支持", lambda row: row.convenience, page=False),
        Column("funds", "经费保障（元）", lambda row: row.funds, page=False),
        Column("due", "期限", lambda row: row.due, ("due",)),
        Column("state", "状态", lambda row: row.get_state_display()),
    )

    def open_to(self, me: Capacity) -> bool:
        return me.holds(*OFFICES, Role.PRINCIPAL, Role.AUDITOR)
