"""Activity (活动, Art. 8, 14, 15): planned, held with report, attendance and proof, or cancelled."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import F, Q
from django.db.models.functions import Coalesce

from accounts.holders import holders
from accounts.models import Role
from office.door import Act, follow
from office.flow import Flow, Station, Step, also, register
from office.notices import progress
from office.reminders import Reminder
from office.reminders import register as remind
from office.words import moment
from studios.flows import tells
from studios.flows.studio import STUDIO
from studios.models import Activity, ActivityState, Studio
from studios.rules.activities import attended, begun, diagnosed, evidenced, reported
from studios.scopes.activities import activities_seen, holder

S = ActivityState
REPORT_WITHIN = timedelta(days=7)


def _ripe(at: datetime) -> Q:
    return Q(starts_at__lte=at)


def the_holders(activity: Activity) -> Iterable[int]:
    """Who has to report: the lead, or the officers of the organisation that holds it."""
    if activity.studio:
        return tells.the_lead(activity)
    organisation = activity.organiser_id or 0
    return [*holders(Role.OFFICER, organisation), *holders(Role.MANAGER, organisation)]


def the_partners(activity: Activity) -> Iterable[int]:
    """The leads of the studios that take part."""
    partners = activity.partners.select_related("lead", "acting_lead")
    return [user for studio in partners for user in tells.the_lead(studio)]


ACTIVITY = register(
    Flow(
        name="activity",
        label="活动",
        model=Activity,
        path="activities",
        visible=activities_seen,
        title=F("title"),
        subtitle=Coalesce(F("studio__name"), F("organiser__name")),
        sender=Coalesce(F("studio__lead__name"), F("organiser__name")),
        due=lambda case, at: case.ends_at + REPORT_WITHIN if case.state == S.PLANNED else None,
        steps=(
            Step(
                "hold",
                "登记为已开展",
                prompt="填写活动报告并登记",
                source=(S.PLANNED,),
                target=S.HELD,
                who=holder,
                needs=(begun, reported, attended, evidenced, diagnosed),
                ripe=_ripe,
                tells=(progress(the_partners),),
                tone="primary",
            ),
            Step(
                "cancel",
                "取消活动",
                source=(S.PLANNED,),
                target=S.CANCELLED,
                who=holder,
                opinion=True,
                waits=False,
                tells=(progress(the_partners),),
                tone="danger",
            ),
        ),
        way=(Station("安排", ("begin",), (S.PLANNED,)), Station("开展", ("hold",), (S.HELD,))),
        tones={S.PLANNED: "amber", S.HELD: "green", S.CANCELLED: "grey"},
    )
)

remind(
    Reminder(
        "activity-unreported",
        ACTIVITY,
        (S.PLANNED,),
        the_holders,
        says=lambda activity, ended: f"“{activity}”已于{moment(ended)}结束，请填写活动报告并登记",
        together=lambda number, ended: f"{number} 项活动已于{moment(ended)}结束，请填写活动报告并登记",
        moment=F("ends_at"),
        days=(-REPORT_WITHIN.days,),
    )
)


@also(STUDIO, "close")
def cancel_what_is_to_come(studio: Studio, act: Act) -> None:
    """What a studio that ended has yet to hold is cancelled; what has begun may still be reported."""
    coming = Activity.objects.filter(studio=studio, state=S.PLANNED, starts_at__gt=act.at)
    for activity in coming.order_by("pk"):
        follow(activity, "cancel", act.me, act.at, "工作室终止", cause=act.entry)
