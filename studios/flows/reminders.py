"""What time tells of studios: papers that come due, members who are missing, terms that end, consents that wait."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import DateTimeField, F, Func, OuterRef, Q, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast
from django.urls import reverse

from office.models import NoticeKind
from office.reminders import Reminder, register
from office.words import day
from studios.flows import tells
from studios.flows.membership import MEMBERSHIP
from studios.flows.plan import PLAN
from studios.flows.studio import STUDIO
from studios.models import FiledState, MembershipState, StudioState, Term

WORKING = (StudioState.ACTIVE, StudioState.RECTIFYING)
BEFORE = (30, 7, 1)
# What is not there on its day is told to those above every week, five times.
WEEKLY = (-1, -8, -15, -22, -29)


def _day_of(date: str) -> Combinable:
    """A stored day as the moment reminders count from."""
    return Cast(date, DateTimeField())


def _above(case: Any) -> Iterable[int]:
    """Officers of the county and of the owner."""
    return {*tells.the_county(case), *tells.the_owner(case)}


def _all_concerned(case: Any) -> Iterable[int]:
    return {*tells.the_lead(case), *_above(case)}


def _list(name: str, query: str) -> Callable[[Any], str]:
    return lambda case: f"{reverse(name)}?{query}"


# Plans (Art. 16)

register(
    Reminder(
        "plan-closes",
        PLAN,
        (FiledState.DRAFT,),
        tells.the_lead,
        lambda plan, until: f"{plan}尚未备案，{day(until)}截止",
        lambda number, until: f"{number} 份规划或计划尚未备案，{day(until)}截止",
        days=BEFORE,
    )
)
register(
    Reminder(
        "plan-overdue",
        PLAN,
        (FiledState.DRAFT,),
        tells.the_lead,
        lambda plan, until: f"{plan}已于{day(until)}到期，尚未备案；逾期仍可备案，将标明逾期",
        lambda number, until: f"{number} 份规划或计划已于{day(until)}到期，尚未备案",
    )
)
register(
    Reminder(
        "plans-outstanding",
        PLAN,
        (FiledState.DRAFT,),
        _above,
        lambda plan, until: f"{plan}已于{day(until)}到期，尚未备案",
        lambda number, until: f"{number} 份规划或计划已于{day(until)}到期，尚未备案",
        days=WEEKLY,
        leads=_list("studio-list", "mark=plan"),
    )
)

# Members (Art. 6)


class DaysAfter(Func):
    """A stored day and so many days after it, as a moment."""

    output_field = DateTimeField()

    def __str__(self) -> str:
        day, days = self.get_source_expressions()
        return f"{day} + {days}"

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return self.as_sql(compiler, connection, template="DATETIME(%(expressions)s || ' days')", **more)

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        plus = {"template": "(%(expressions)s)::timestamptz", "arg_joiner": " + "}
        return self.as_sql(compiler, connection, **plus, **more)


register(
    Reminder(
        "members-below",
        STUDIO,
        WORKING,
        _all_concerned,
        lambda studio, at: f"{studio}在任成员自{day(studio.below_since)}起不足下限，请及时补充（第六条）",
        lambda number, at: f"{number} 个工作室在任成员长期不足下限（第六条）",
        days=(0,),
        moment=DaysAfter("below_since", "programme__members_below_days"),
        when=Q(below_since__isnull=False),
        leads=_list("studio-list", "mark=members"),
    )
)
register(
    Reminder(
        "preparing-ends",
        STUDIO,
        (StudioState.PREPARING,),
        tells.the_lead,
        lambda studio, until: f"{studio}组建期{day(until)}届满，请尽快办齐成员（第六条）",
        lambda number, until: f"{number} 个工作室组建期{day(until)}届满",
        days=(14, 3),
        moment=_day_of("prepare_by"),
        when=Q(prepare_by__isnull=False),
    )
)
register(
    Reminder(
        "preparing-over",
        STUDIO,
        (StudioState.PREPARING,),
        lambda studio: {*_all_concerned(studio), *tells.the_owners_leaders(studio)},
        lambda studio, until: f"{studio}组建期已于{day(until)}届满，成员仍未到位，请决定延长或者终止",
        lambda number, until: f"{number} 个工作室组建期已于{day(until)}届满，成员仍未到位",
        days=(-1,),
        moment=_day_of("prepare_by"),
        when=Q(prepare_by__isnull=False),
        leads=lambda studio: studio.get_absolute_url(),
    )
)


def _who_has_not_consented(case: Any) -> Iterable[int]:
    """School and authority, whichever has yet to answer."""
    if not case.school_consented_at:
        yield from tells.the_members_school(case)
    if not case.authority_consented_at:
        yield from tells.the_members_authority(case)


register(
    Reminder(
        "consent-waits",
        MEMBERSHIP,
        (MembershipState.ACCEPTED,),
        _who_has_not_consented,
        lambda member, since: f"{member.principal.name}参加{member.studio}，{day(since)}起等待同意",
        lambda number, since: f"{number} 名所属校长参加工作室，{day(since)}起等待同意",
        days=(-7,),
        moment=F("since"),
    )
)
register(
    Reminder(
        "invitation-waits",
        MEMBERSHIP,
        (MembershipState.INVITED,),
        tells.the_member,
        lambda member, since: f"{member.studio}邀请您参加，{day(since)}起等待您答复",
        lambda number, since: f"{number} 个工作室的邀请自{day(since)}起等待您答复",
        days=(-7,),
        moment=F("since"),
    )
)

# The term (Art. 5)


class EndOfTerm(Subquery):
    """The last day of a studio's latest term, as a moment."""

    def __init__(self) -> None:
        latest = Term.objects.filter(studio=OuterRef("pk")).order_by("-number")
        super().__init__(latest.values(last=Cast("ends", DateTimeField()))[:1])

    def __str__(self) -> str:
        return "end of the term"


register(
    Reminder(
        "term-ends",
        STUDIO,
        WORKING,
        _all_concerned,
        lambda studio, until: f"{studio}的建设周期{day(until)}届满，请准备期满评估（第十八条）",
        lambda number, until: f"{number} 个工作室的建设周期{day(until)}届满，请准备期满评估（第十八条）",
        days=(180, 90),
        moment=EndOfTerm(),
        kind=NoticeKind.REMINDER,
        leads=lambda studio: studio.get_absolute_url(),
    )
)
