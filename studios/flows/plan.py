"""Plan (规划与计划, Art. 16): filed with the owner, returned, amended with a reason."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Case, CharField, F, Value, When
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from accounts.capacity import CLOCK
from office.door import Act
from office.filing.pages import form_complete
from office.flow import Errand, Flow, Missing, Station, Step, also, register
from office.notices import action, progress
from studios.filing import keep_version, rest, stamp_filed
from studios.flows import tells
from studios.flows.studio import STUDIO
from studios.models import FiledState, Plan, PlanKind, Studio, StudioState
from studios.planning import items_from_form, open_due_plans
from studios.scopes import people, work

S = FiledState
lead = people.lead("studio__")


def months_in_order(plan: Plan, at: datetime) -> Iterator[Missing]:
    """No task ends before it begins."""
    rows = plan.content.get("items", {}).get("items", [])
    for place, row in enumerate(rows, 1):
        if row.get("starts") and row.get("ends") and row["ends"] < row["starts"]:
            yield Missing(f"任务第{place}行的结束月份早于开始月份", 16)


def studio_at_work(case: Any, at: datetime) -> Iterator[Missing]:
    """The studio still goes on; also a need of whatever else it files."""
    if case.studio.state not in StudioState.live:
        yield Missing(f"工作室{case.studio.get_state_display()}，不再填报")


# As Plan.name says it, for rows.
NAME = Case(
    When(
        kind=PlanKind.ANNUAL,
        then=Concat(Value("第"), Cast("year__number", CharField()), Value("年度工作计划")),
    ),
    default=Value("发展规划"),
    output_field=CharField(),
)

PLAN = register(
    Flow(
        name="plan",
        label="规划与计划",
        model=Plan,
        path="plans",
        visible=work.held_once_sent("studio__", S.DRAFT),
        title=Concat(F("studio__name"), Value(" "), NAME),
        subtitle=F("studio__programme__name"),
        sender=F("studio__lead__name"),
        hands=lambda plan: (plan.studio.programme.owner_id,),
        people=lambda plan: (plan.studio.lead.user_id,),
        due=lambda plan, at: plan.due_by if plan.filed_at is None and plan.state != S.FILED else None,
        steps=(
            Step(
                "file",
                "备案",
                prompt="填报并备案",
                source=(S.DRAFT, S.RETURNED, S.AMENDING),
                target=S.FILED,
                who=lead,
                turn=people.going_on("studio__"),
                needs=(studio_at_work, form_complete, months_in_order),
                then=(keep_version, items_from_form, stamp_filed),
                tells=(progress(tells.the_owner), progress(tells.the_county)),
                tone="primary",
            ),
            Step(
                "return",
                "退回修改",
                source=(S.FILED,),
                target=S.RETURNED,
                who=people.owner_officer("studio__"),
                opinion=True,
                waits=False,
                tells=(action(tells.the_lead),),
            ),
            Step(
                "amend",
                "调整",
                source=(S.FILED,),
                target=S.AMENDING,
                who=lead,
                needs=(studio_at_work,),
                opinion=True,
                waits=False,
            ),
        ),
        way=(
            Station("填报", ("begin", "amend"), (S.DRAFT, S.RETURNED, S.AMENDING)),
            Station("备案", ("file",), (S.FILED,)),
        ),
        errands=(
            Errand(
                people.helper("studio__"),
                (S.DRAFT, S.RETURNED, S.AMENDING),
                "代为起草",
                lambda key: reverse("form-plan", args=[key, "aims"]),
            ),
        ),
        tones={S.DRAFT: "grey", S.RETURNED: "amber", S.AMENDING: "amber", S.FILED: "green"},
    )
)


@also(STUDIO, "activate")
def open_plans(studio: Studio, act: Act) -> None:
    """With the studio at work its plans stand on the lead's desk."""
    open_due_plans(studio, CLOCK, act.at, act.entry)


@also(STUDIO, "close")
def plans_rest(studio: Studio, act: Act) -> None:
    """What was not filed is not asked for any more."""
    rest(Plan.objects.filter(studio=studio))
