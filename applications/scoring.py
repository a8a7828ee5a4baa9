"""Scores: what a sheet must hold, and the result of several sheets as PRACTICE lays down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from statistics import median

from applications.models import Application, ApplicationState, CallState, Review, ReviewState
from evaluations.models import Indicator
from office.flow import Missing

# Sheets from which the highest and the lowest are dropped.
TRIM_FROM = 5
# Range of the sheets of one application over which the owner is told.
WIDE_SPREAD = Decimal(20)
# A score below this share of an indicator's points asks for a reason.
REASON_BELOW = Decimal("0.6")
# Sheets from which one can be said to stand apart from the others.
MIDDLE_FROM = 3


def result(totals: Sequence[Decimal], *, trim: bool) -> Decimal | None:
    """The mean of the sheets' totals with two decimals, without the highest and the lowest from five on."""
    if not totals:
        return None
    counted = sorted(totals)[1:-1] if trim and len(totals) >= TRIM_FROM else list(totals)
    return (sum(counted, Decimal(0)) / len(counted)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def spread(totals: Sequence[Decimal]) -> Decimal | None:
    """The range between the highest and the lowest total."""
    return max(totals) - min(totals) if totals else None


def refresh(application: Application) -> None:
    """Store the result of the submitted sheets; the caller holds the application's row."""
    sheets = application.reviews.filter(state=ReviewState.SUBMITTED).order_by("pk")
    totals = [total for total in sheets.values_list("total", flat=True) if total is not None]
    application.score = result(totals, trim=application.call.trim_scores)
    application.spread = spread(totals)
    application.valid_reviews = len(totals)
    application.save(update_fields=["score", "spread", "valid_reviews"])


def call_under_review(review: Review, at: datetime) -> Iterator[Missing]:
    """Sheets move while the call is being reviewed, not after its decision."""
    call = review.application.call
    if call.state != CallState.REVIEWING or review.application.state != ApplicationState.UNDER_REVIEW:
        yield Missing(f"本批次{call.get_state_display()}，评分不能再改", 9)


def in_review_period(review: Review, at: datetime) -> Iterator[Missing]:
    """Scores come while the call is being reviewed. Later than the date is possible and marked 逾期."""
    yield from call_under_review(review, at)


def sheet_complete(review: Review, at: datetime) -> Iterator[Missing]:
    """Every indicator has its points, in range and with a reason where few were given; a comment is written."""
    given = {score.indicator_id: score for score in review.scores.all()}
    leaves = Indicator.objects.filter(rubric=review.application.call.rubric_id, parent__isnull=False)
    for indicator in leaves:
        score = given.get(indicator.pk)
        if score is None or score.points is None:
            yield Missing(f"“{indicator.label}”尚未评分", None, "#sheet")
        elif score.points < indicator.points * REASON_BELOW and not score.reason.strip():
            yield Missing(f"“{indicator.label}”得分低于六成，请写明理由", None, "#sheet")
    if not review.comment.strip():
        yield Missing("请填写评审意见", None, "#comment")


def outliers(totals: Sequence[Decimal]) -> set[Decimal]:
    """The totals that lie further than half the wide spread from the middle one; none among fewer than three."""
    if len(totals) < MIDDLE_FROM:
        return set()
    middle = median(totals)
    return {total for total in totals if abs(total - middle) > WIDE_SPREAD / 2}
