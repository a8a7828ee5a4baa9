"""What a board counts of a call, and what the list of applications filters by: the same conditions for both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from accounts.capacity import Capacity
from accounts.statements import Given
from applications.flows import APPLICATION
from applications.models import Application, ApplicationState, Call, CallState
from applications.scopes import STAFF
from office.asking import ask
from office.flow import EVERYTHING
from office.models import Entry

S = ApplicationState
# States a call is in once its list has been decided: results are then open to whoever sees the application.
DECIDED = (CallState.DECIDED, CallState.PUBLICITY, CallState.ANNOUNCED)
Condition = Callable[[Capacity], Q]

GROUPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "filling": ("填报与修改", (S.DRAFT, S.RETURNED)),
    "checking": ("审核推荐中", (S.SCHOOL_REVIEW, S.AUTHORITY_REVIEW)),
    "received": ("待形式审查", (S.RECOMMENDED,)),
    "judged": ("评审及以后", (S.UNDER_REVIEW, S.PASSED, S.PUBLICISED, S.HELD, S.CONFIRMED, S.ANNOUNCED)),
    "ended": ("未通过或终止", S.ended),
}


@dataclass(frozen=True)
class Figure:
    """One thing that is counted: its key in addresses, its words, which applications it counts for whom."""

    key: str
    label: str
    condition: Condition


def _entries(**given: str) -> QuerySet[Entry]:
    """The history of the application of the outer query."""
    kind = {"content_type__app_label": "applications", "content_type__model": "application"}
    return Entry.objects.filter(object_id=OuterRef("pk"), **kind, **given)


def _stepped(name: str) -> Condition:
    return lambda me: Q(Exists(_entries(step=name)))


def results_open(me: Capacity) -> Q:
    """Where ``me`` may know what the experts found: the owner's people as it comes, all others once the call is decided."""
    decided = Q(call__state__in=DECIDED)
    return decided | Q(call__programme__owner=me.organisation_id) if me.holds(*STAFF) else decided


def _reviewed(me: Capacity) -> Q:
    return Q(valid_reviews__gte=F("call__valid_reviews_min")) & results_open(me)


def _plain(condition: Q) -> Condition:
    return lambda me: condition


# How far applications have come. Who came further is counted in each earlier figure too.
REACHED = (
    Figure("to-submitted", "已提交", _plain(Q(submitted_at__isnull=False))),
    Figure("to-endorsed", "学校审核同意", _plain(Q(endorsed_at__isnull=False))),
    Figure("to-recommended", "主管部门推荐", _plain(Q(recommended_at__isnull=False))),
    Figure("to-accepted", "形式审查通过", _stepped("accept")),
    Figure("to-reviewed", "专家评审完成", _reviewed),
    Figure("to-passed", "评审通过", _stepped("pass")),
    Figure("to-publicised", "公示", _plain(Q(publicity__isnull=False))),
    Figure("to-announced", "公布", _plain(Q(announcement__isnull=False))),
)
# What holds a place under the quota (applications.rules.places_left).
PLACED = Figure("placed", "占用推荐名额", _plain(Q(recommended_at__isnull=False) & ~Q(state__in=S.freed)))
# Why applications came to an end.
ENDED = (
    Figure("out-school", "学校不予推荐", _plain(Q(state=S.DECLINED, resume_at=S.SCHOOL_REVIEW))),
    Figure("out-authority", "主管部门不予推荐", _plain(Q(state=S.DECLINED, resume_at=S.AUTHORITY_REVIEW))),
    Figure("out-owner", "形式审查不予受理", _plain(Q(state=S.DECLINED, resume_at=S.RECOMMENDED))),
    Figure("out-withdrawn", "申报人撤回", _plain(Q(state=S.WITHDRAWN))),
    Figure("out-lapsed", "逾期失效", _plain(Q(state=S.LAPSED))),
    Figure("out-failed", "评审未通过", _plain(Q(state=S.NOT_PASSED))),
    Figure("out-rejected", "异议成立", _plain(Q(state=S.REJECTED))),
)
# Where applications wait, as a bureau asks how long: the state and whose turn it is.
STAYS = {
    S.SCHOOL_REVIEW: "学校审核",
    S.AUTHORITY_REVIEW: "主管部门审核推荐",
    S.RETURNED: "退回后修改",
    S.RECOMMENDED: "形式审查",
    S.UNDER_REVIEW: "专家评审到审定",
    S.PASSED: "审定到公示",
    S.PUBLICISED: "公示",
    S.HELD: "异议核查",
    S.CONFIRMED: "公示期满到公布",
}


def _left(state: str) -> Condition:
    return lambda me: Q(Exists(_entries(source=state).exclude(target__in=("", state))))


LEFT = tuple(Figure(f"left-{state}", f"{label}已办结", _left(state)) for state, label in STAYS.items())
BY_STATE = tuple(Figure(f"in-{state}", label, _plain(Q(state=state))) for state, label in S.choices)
BY_GROUP = tuple(Figure(key, label, _plain(Q(state__in=states))) for key, (label, states) in GROUPS.items())
# As the list offers them, by heading.
OFFERED = (
    ("办理阶段", BY_GROUP),
    ("当前状态", BY_STATE),
    ("曾到达", (*REACHED, PLACED)),
    ("终止原因", ENDED),
    ("办结的环节", LEFT),
)
FIGURES = {figure.key: figure for _, figures in OFFERED for figure in figures}


def overdue(at: datetime) -> Q:
    """What should have left its state by now."""
    return Q(due__lt=at)


def owns(call: Call, me: Capacity) -> bool:
    """Whether ``me`` is of the staff of the call's owner."""
    return me.holds(*STAFF) and call.programme.owner_id == me.organisation_id


def counted(rows: QuerySet[Application], figures: tuple[Figure, ...], me: Capacity) -> dict[str, int]:
    """How many of ``rows`` each figure counts, by key, and all of them as ""; one query."""
    numbers = {
        f"n{place}": Count("pk", filter=condition) if condition != EVERYTHING else Count("pk")
        for place, condition in enumerate(figure.condition(me) for figure in figures)
    }
    found = rows.order_by().aggregate(total=Count("pk"), **numbers)
    return {"": found["total"]} | {figure.key: found[f"n{place}"] for place, figure in enumerate(figures)}


def reached(call: Call, me: Capacity, at: datetime) -> dict[str, int]:
    """How many applications of ``call`` came how far, for ``me``: as ``counted``, of the figures of the funnel."""
    shown = funnel(call, me)
    rows = ask(_reached, me, at, tuple(figure.key for figure in shown), call=call.pk)
    numbers = rows[0] if rows else (0,) * (len(shown) + 1)
    return dict(zip(("", *(figure.key for figure in shown)), numbers, strict=True))


def _reached(me: Capacity, at: datetime, keys: tuple[str, ...]) -> QuerySet[Application, Any]:
    """One row: all applications of the call given that ``me`` sees, then those that each figure counts."""
    rows = APPLICATION.seen(me).filter(call=Given("call")).order_by().values("call")
    numbers = {f"n{place}": Count("pk", filter=FIGURES[key].condition(me)) for place, key in enumerate(keys)}
    return rows.annotate(total=Count("pk"), **numbers).values_list("total", *numbers)


def funnel(call: Call, me: Capacity) -> tuple[Figure, ...]:
    """The figures of the funnel for ``me``: who does not own the call sees what has come to them, experts' work unseen."""
    if owns(call, me):
        return REACHED
    return tuple(figure for figure in REACHED if figure.key not in ("to-submitted", "to-reviewed"))
