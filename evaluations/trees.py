"""A rubric as a tree of groups and indicators, and its versions."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction

from evaluations.defaults import fill
from evaluations.models import Indicator, Rubric
from office.words import points as point_words

FULL = Decimal(100)


@dataclass(frozen=True)
class Group:
    """A group with its indicators and their points together."""

    label: str
    points: Decimal
    items: list[Indicator]


def tree(rubric: Rubric) -> list[Group]:
    """The groups of ``rubric`` in order; one query."""
    indicators = list(rubric.indicators.order_by("order", "pk"))
    return [
        Group(group.label, sum((item.points for item in items), Decimal(0)), items)
        for group in indicators
        if group.parent_id is None
        for items in [[item for item in indicators if item.parent_id == group.pk]]
    ]


def lines(rubric: Rubric) -> list[tuple[str, str, Decimal, str]]:
    """(group, indicator, points, guide) line by line."""
    return [
        (group.label, item.label, item.points, item.guide) for group in tree(rubric) for item in group.items
    ]


def stamp(rubric: Rubric) -> str:
    """What tells whether a rubric is still as it was read."""
    held = [
        rubric.name,
        *([group, label, f"{points:.1f}", guide] for group, label, points, guide in lines(rubric)),
    ]
    return hashlib.sha256(json.dumps(held, ensure_ascii=False).encode()).hexdigest()[:16]


def rewrite(rubric: Rubric, name: str, new: list[tuple[str, str, Decimal, str]]) -> None:
    """Replace name and indicators of a rubric that is not in use; the caller holds its row."""
    rubric.indicators.filter(parent__isnull=False).delete()
    rubric.indicators.all().delete()
    rubric.name = name
    rubric.save(update_fields=["name"])
    fill(rubric, list(new))


@transaction.atomic
def new_version(rubric: Rubric) -> Rubric:
    """A copy of ``rubric`` with the next version, open to changes: one that is in use stays as it is."""
    fellows = Rubric.objects.filter(programme=rubric.programme, purpose=rubric.purpose, name=rubric.name)
    latest = fellows.select_for_update(no_key=True).order_by("-version").first() or rubric
    copy = Rubric.objects.create(
        programme=rubric.programme, purpose=rubric.purpose, name=rubric.name, version=latest.version + 1
    )
    fill(copy, list(lines(rubric)))
    return copy


def difference(
    old: str, name: str, before: list[tuple[Any, ...]], after: list[tuple[Any, ...]]
) -> dict[str, list[str]]:
    """What a change says in the history: name, and each indicator's points that are not as they were."""
    was = {f"{group}·{label}": point_words(value) for group, label, value, _ in before}
    now = {f"{group}·{label}": point_words(value) for group, label, value, _ in after}
    facts = {
        key: [was.get(key, ""), now.get(key, "")] for key in {**was, **now} if was.get(key) != now.get(key)
    }
    return ({"名称": [old, name]} if old != name else {}) | facts
