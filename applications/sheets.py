"""A score sheet being filled in: cells checked and kept one by one, while the review is in the expert's hands."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

from django.db import transaction
from django.db.models import BigIntegerField, QuerySet

from accounts.capacity import Capacity
from accounts.statements import Given
from applications import scopes
from applications.flows import REVIEW
from applications.models import CallState, Review, ReviewScore, ReviewState
from applications.scoring import REASON_BELOW
from evaluations.models import Indicator
from office.asking import ask
from office.words import points as words

REASON_LIMIT = 300
COMMENT_LIMIT = 2000
LOCKED = "评分已提交或已不由您评审，不能再改。"


class Unfit(Exception):
    """What was sent can't be kept; the sentence says why."""


class Locked(Exception):
    """The sheet is no longer in the expert's hands."""


@dataclass(frozen=True)
class Cell:
    """One score as sent, checked: ``points`` None for an empty cell."""

    indicator: Indicator
    points: Decimal | None
    reason: str


def own(me: Capacity) -> Any:
    """The reviews whose sheet ``me`` fills in or has filled in."""
    return REVIEW.seen(me).filter(scopes.reviewer(me))


def indicator_of(review_pk: int, indicator_pk: int, me: Capacity) -> Indicator:
    """The indicator of one's own review; one query. Raises Indicator.DoesNotExist."""
    if max(review_pk, indicator_pk) > BigIntegerField.MAX_BIGINT:
        raise Indicator.DoesNotExist
    for leaf in ask(_indicator, me, None, review=review_pk, indicator=indicator_pk):
        return cast(Indicator, leaf)
    raise Indicator.DoesNotExist


def _indicator(me: Capacity, at: datetime) -> QuerySet[Indicator]:
    rubrics = own(me).filter(pk=Given("review")).values("application__call__rubric")
    return Indicator.objects.filter(pk=Given("indicator"), parent__isnull=False, rubric__in=rubrics)


def read(indicator: Indicator, score: str, reason: str) -> Cell:
    """What was sent for an indicator; raises Unfit. Full-width digits count as what they mean."""
    text = unicodedata.normalize("NFKC", score).replace("。", ".").strip()
    label, most = indicator.label, indicator.points
    if text and not re.fullmatch(r"\d{1,4}(\.\d+)?", text, re.ASCII):
        raise Unfit(f"“{label}”请填 0 至 {words(most)} 的数字，请修改。")
    points = Decimal(text) if text else None
    if points is not None and points > most:
        raise Unfit(f"“{label}”最高 {words(most)} 分，请修改。")
    if points is not None and points != points.quantize(Decimal("0.1")):
        raise Unfit(f"“{label}”最多一位小数，请修改。")
    if len(reason) > REASON_LIMIT:
        raise Unfit(f"“{label}”的说明最多 {REASON_LIMIT} 字，现有 {len(reason)} 字，请修改。")
    return Cell(indicator, points, reason.strip())


@transaction.atomic
def keep(review_pk: int, cells: list[Cell], at: datetime, **columns: Any) -> None:
    """Keep the cells (and ``columns`` of the review); raises Locked. That the review is one's own is asked before.

    The update of the review's row is the lock: the step that submits waits for it, or it finds the row submitted.
    """
    held = Review.objects.filter(pk=review_pk, state=ReviewState.ASSIGNED)
    if not held.update(saved_at=at, **columns):
        raise Locked
    ReviewScore.objects.bulk_create(
        [
            ReviewScore(
                review_id=review_pk,
                indicator=cell.indicator,
                points=cell.points,
                maximum=cell.indicator.points,
                reason=cell.reason,
            )
            for cell in cells
        ],
        update_conflicts=True,
        unique_fields=["review", "indicator"],
        update_fields=["points", "maximum", "reason"],
    )


@dataclass
class Item:
    """One row of the sheet, as patterns/sheet.html shows it; ``typed`` is a score that could not be kept."""

    id: int
    label: str
    points: Decimal
    guide: str
    score: Decimal | None
    reason: str
    save_url: str
    reason_required_below: Decimal
    error: str = ""
    typed: str = ""
    evidence: tuple[Any, ...] = ()


@dataclass
class Group:
    """The items of one group with their points together; ``total`` None while none has a score."""

    label: str
    points: Decimal
    items: list[Item]

    @property
    def total(self) -> Decimal | None:
        given = [item.score for item in self.items if item.score is not None]
        return sum(given, Decimal(0)) if given else None


def groups(
    review: Review, save_url: Any, typed: Mapping[int, tuple[str, str, str]] | None = None
) -> list[Group]:
    """The sheet of a review with what is kept, or (score, reason, error) as ``typed``; two queries.

    ``save_url`` gives an indicator's address.
    """
    indicators = list(
        Indicator.objects.filter(rubric=review.application.call.rubric_id).order_by("order", "pk")
    )
    given = {score.indicator_id: score for score in review.scores.all()}
    found = []
    for group in (each for each in indicators if each.parent_id is None):
        items = [
            _item(leaf, given.get(leaf.pk), save_url(leaf.pk), (typed or {}).get(leaf.pk))
            for leaf in indicators
            if leaf.parent_id == group.pk
        ]
        found.append(Group(group.label, sum((item.points for item in items), Decimal(0)), items))
    return found


def _item(leaf: Indicator, given: ReviewScore | None, url: str, typed: tuple[str, str, str] | None) -> Item:
    item = Item(
        id=leaf.pk,
        label=leaf.label,
        points=leaf.points,
        guide=leaf.guide,
        score=given.points if given else None,
        reason=given.reason if given else "",
        save_url=url,
        reason_required_below=leaf.points * REASON_BELOW,
    )
    if typed:
        item.typed, item.reason, item.error = typed
    return item


def is_open(review: Review) -> bool:
    """Whether the sheet is still in the expert's hands."""
    return bool(review.state == ReviewState.ASSIGNED and review.application.call.state == CallState.REVIEWING)
