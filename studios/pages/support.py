"""The case page of a school's support."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.capacity import Capacity
from office.pages import CasePage, Link, Tab, register
from office.words import money
from studios.models import PledgeState, SupportPledge

RELATED = (
    "school",
    "membership__principal",
    *(f"year__term__studio__{path}" for path in ("programme__owner", "lead", "acting_lead")),
)


def _content(case: SupportPledge, me: Capacity, at: datetime) -> dict[str, Any]:
    if case.of_host:
        rows = [
            ("独立工作场所", case.workplace),
            ("面积", f"{case.area.normalize():f} ㎡" if case.area else ""),
            ("办公条件与设备", case.equipment),
            ("减轻工作负担的措施", case.load),
        ]
    else:
        funds = "" if case.funds is None else money(case.funds)
        rows = [("为参加活动提供的便利和支持", case.convenience), ("经费保障", funds)]
    return {
        "pledge": case,
        "studio": case.studio,
        "said": [{"label": label, "value": value, "wide": True} for label, value in rows],
    }


register(
    CasePage(
        "supportpledge",
        title=lambda case: f"{case.school.name}对{case.studio.name}的支持保障",
        subtitle=lambda case: (
            f"第{case.year.number}年 · {'所在学校' if case.of_host else f'成员{case.membership.principal.name}所在学校'}"
        ),
        tabs=(Tab("content", "支持保障", "studios/pledge.html", context=_content),),
        owner=lambda case: case.studio.programme.owner_id,
        related=RELATED,
        holder=lambda case: case.school.name if case.state == PledgeState.OPEN else "",
        standing=lambda case: f"本年度的支持保障{case.get_state_display()}。",
        crumbs=lambda case, me: [
            Link("支持保障", reverse("supportpledge-list")),
            Link(case.studio.name, case.studio.get_absolute_url()),
        ],
    )
)
