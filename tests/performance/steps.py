"""Saving and steps: each on another case, since a step is taken once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

from django.urls import reverse

from accounts.models import Appointment, Role
from applications.models import Application, ApplicationState, Review, ReviewState
from tests.performance import studio_work
from tests.performance.browser import Browser
from tests.performance.pages import Budget, Stopwatch, row

STEP = Budget(25, 4, None)
CELL = Budget(8, 1.5, 2)
AT_MOST = 15  # cases a step is taken on
S = ApplicationState


def measure(watch: Stopwatch) -> Iterator[dict[str, Any]]:
    """The rows of the table, one by one."""
    yield _cells(watch)
    officer = watch.cast.appointment(Role.OFFICER)
    waiting = watch.cast.waiting
    held_up = waiting(S.AUTHORITY_REVIEW)
    half = (len(held_up) + 1) // 2
    ranks = count(5000)

    def county(case: Application) -> Appointment:
        return watch.cast.appointment(Role.OFFICER, case.authority)

    yield _steps(watch, "submit", waiting(S.DRAFT), _lead)
    yield _steps(
        watch,
        "recommend",
        held_up[:half],
        county,
        lambda: {"rank": str(next(ranks)), "opinion": "同意推荐。"},
    )
    words = {"opinion": "请补充材料。"}
    yield _steps(watch, "authority_return", held_up[half:], county, lambda: words)
    received = waiting(S.RECOMMENDED)
    yield _steps(watch, "accept", received, lambda case: officer)
    yield _reviews(watch)
    for name, targets in studio_work.made_ready(watch.cast, AT_MOST):
        yield _take(watch, f"step: {name}", targets, dict)


def _lead(case: Application) -> Appointment:
    return Appointment.objects.select_related("user").get(user=case.lead.user_id, role=Role.PRINCIPAL)


def _cells(watch: Stopwatch) -> dict[str, Any]:
    review, browser = watch.cast.review, watch.browser(watch.cast.expert)
    leaves = review.scores.order_by("indicator").values_list("indicator", flat=True)
    times, floors, counted = [], [], None
    for number, leaf in enumerate(leaves):
        values = {"score": f"3.{number % 10}", "reason": "见材料第三部分"}
        path = reverse("review-cell", args=[review.pk, leaf])
        counted = counted or browser.post(path, values, X_Count="1")
        floors.append(watch.floor())
        answer = browser.post(path, values)
        if answer.status != 200:
            raise RuntimeError(f"saving a cell: {answer.status} {answer.body.decode()}")
        times.append(answer.seconds)
    assert counted
    return row("saving one score cell", CELL, counted, times, floors)


def _steps(
    watch: Stopwatch,
    name: str,
    cases: list[Application],
    who: Callable[[Application], Appointment],
    values: Callable[[], dict[str, str]] = dict,
) -> dict[str, Any]:
    asked = [(case.number, who(case)) for case in cases[:AT_MOST]]
    targets = [(reverse("step-application", args=[number, name]), holder) for number, holder in asked]
    return _take(watch, f"step: {name}", targets, values)


def _reviews(watch: Stopwatch) -> dict[str, Any]:
    rows = Review.objects.filter(application__call=watch.cast.judged, state=ReviewState.ASSIGNED)
    filled = list(
        rows.filter(scores__isnull=False).distinct().select_related("expert__user").order_by("pk")[:AT_MOST]
    )
    Review.objects.filter(pk__in=[review.pk for review in filled]).update(comment="材料翔实。")
    targets = [
        (
            reverse("step-review", args=[review.pk, "submit"]),
            Appointment.objects.select_related("user").get(user=review.expert.user_id, role=Role.EXPERT),
        )
        for review in filled
    ]
    return _take(watch, "step: hand in a score sheet", targets, dict)


def _take(
    watch: Stopwatch,
    name: str,
    targets: list[tuple[str, Appointment]],
    values: Callable[[], dict[str, str]],
) -> dict[str, Any]:
    times, floors, counted = [], [], None
    for number, (path, holder) in enumerate(targets):
        browser: Browser = watch.browser(holder)
        browser.get(
            "/notices/unread/"
        )  # what a person's first request of the minute writes is not the step's
        floors.append(watch.floor())
        answer = browser.post(path, values(), **({"X_Count": "1"} if number == 0 else {}))
        if answer.status != 302:
            raise RuntimeError(f"{name} ({path}): {answer.status}")
        counted = counted or answer
        times.append(answer.seconds)
    assert counted
    return row(name, STEP, counted, times, floors)
