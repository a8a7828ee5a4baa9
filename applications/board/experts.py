"""How far the experts are."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import localdate

from applications import progress
from applications.board.scope import Scope
from office.boards import Cell, Part, Row
from office.words import day


def experts(scope: Scope) -> Part:
    """How far each expert is; the numbers lead to the list of reviews."""
    loads = progress.loads(progress.reviews_of(scope.call), scope.call, scope.at)
    rows = [
        Row(
            str(load.expert),
            (
                _reviews(scope, load.done, expert=load.expert.pk, state="submitted"),
                _reviews(scope, load.of - load.done, expert=load.expert.pk, state="assigned"),
                _reviews(scope, load.late, "red", expert=load.expert.pk, state="late"),
                _reviews(scope, load.of, expert=load.expert.pk, state="counting"),
            ),
        )
        for load in loads
    ]
    sums = (
        sum(load.done for load in loads),
        sum(load.late for load in loads),
        sum(load.of for load in loads),
    )
    done, behind, of = sums
    total = Row(
        "合计",
        (
            _reviews(scope, done, state="submitted"),
            _reviews(scope, of - done, state="assigned"),
            _reviews(scope, behind, "red", state="late"),
            _reviews(scope, of, state="counting"),
        ),
        total=True,
    )
    return Part(
        "experts",
        "专家评审进度",
        ("专家", "已提交", "未提交", "其中逾期", "应评"),
        (*rows, total) if rows else (),
        note=f"评分截止{day(localdate(scope.call.score_by))}。",
        empty="专家评审还没有开始。",
    )


def _reviews(scope: Scope, number: int, tone: str = "", **filters: Any) -> Cell:
    address = f"{reverse('review-list')}?{urlencode({'call': scope.call.number} | filters)}"
    return Cell(number, address if number else "", tone=tone if number else "")
