"""How far the experts are: by expert, and by application with its sheets."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q

from applications.models import Application, ApplicationState, Call, Expert, Review, ReviewState
from applications.scoring import WIDE_SPREAD, outliers


@dataclass
class Load:
    """One expert: how many of the reviews they were given are in, and how many are overdue."""

    expert: Expert
    done: int = 0
    of: int = 0
    late: int = 0


@dataclass(frozen=True)
class Sheet:
    """One review of an application. ``late``: not in by its date, or in after it."""

    review: Review
    label: str
    tone: str
    late: bool
    outlier: bool


@dataclass
class Judged:
    """One application with its sheets. ``short``: how many experts it lacks of the panel's number."""

    application: Application
    sheets: list[Sheet] = field(default_factory=list)
    wide: bool = False
    vetoed: bool = False
    short: int = 0


def reviews_of(call: Call) -> list[Any]:
    """All reviews of a call with their experts; one query."""
    rows = Review.objects.filter(application__call=call).select_related("expert__user")
    return list(rows.order_by("expert__user__sort_key", "pk"))


def loads(reviews: list[Review], call: Call, at: datetime) -> list[Load]:
    """The experts in the order of their names."""
    found: dict[int, Load] = {}
    for review in reviews:
        if review.state in ReviewState.counting:
            load = found.setdefault(review.expert_id, Load(review.expert))
            load.of += 1
            load.done += review.state == ReviewState.SUBMITTED
            load.late += review.state == ReviewState.ASSIGNED and at > call.score_by
    return list(found.values())


def judged(reviews: list[Review], call: Call, at: datetime) -> list[Judged]:
    """The applications that were given to experts or wait for them, by stage and number; one query."""
    by_application: dict[int, list[Review]] = {}
    for review in reviews:
        by_application.setdefault(review.application_id, []).append(review)
    rows = call.applications.filter(Q(state=ApplicationState.UNDER_REVIEW) | Q(pk__in=by_application))
    applications = rows.select_related("school", "authority", "lead").order_by("stage", "number")
    return [
        _judged(application, by_application.get(application.pk, []), call, at) for application in applications
    ]


def _judged(application: Application, reviews: list[Review], call: Call, at: datetime) -> Judged:
    submitted = [review for review in reviews if review.state == ReviewState.SUBMITTED]
    apart = outliers([review.total for review in submitted if review.total is not None])
    counting = sum(review.state in ReviewState.counting for review in reviews)
    open_ = application.state == ApplicationState.UNDER_REVIEW
    return Judged(
        application,
        [_sheet(review, call, at, apart) for review in reviews],
        wide=(application.spread or Decimal(0)) > WIDE_SPREAD,
        vetoed=any(review.veto for review in submitted),
        short=max(call.panel_size - counting, 0) if open_ else 0,
    )


TONES = {
    ReviewState.ASSIGNED: "amber",
    ReviewState.SUBMITTED: "green",
    ReviewState.RECUSED: "grey",
    ReviewState.RELEASED: "grey",
}


def _sheet(review: Review, call: Call, at: datetime, apart: set[Decimal]) -> Sheet:
    moments = {ReviewState.ASSIGNED: at, ReviewState.SUBMITTED: review.since}
    moment = moments.get(ReviewState(review.state))
    return Sheet(
        review=review,
        label=review.get_state_display(),
        tone=TONES[ReviewState(review.state)],
        late=moment is not None and moment > call.score_by,
        outlier=review.state == ReviewState.SUBMITTED and review.total in apart,
    )
