"""The desk (工作台): what waits for me, over all flows, in one query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast
from django.urls import reverse

from accounts.capacity import Capacity
from office.flow import FLOWS, NOTHING, Flow
from office.models import Entry

LIMIT = 50


@dataclass(frozen=True)
class DeskRow:
    """One case that waits: what to do, with what, from whom, since when, until when."""

    prompt: str
    title: str
    subtitle: str
    sender: str
    url: str
    since: datetime
    due: datetime | None


def _branch(flow: Flow, me: Capacity) -> QuerySet[Any, Any]:
    text = CharField()
    return (
        flow.waiting(me)
        .order_by()
        .annotate(
            desk_flow=Value(flow.name, output_field=text),
            desk_key=Cast(F(flow.key), text),
            desk_title=Cast(flow.title, text),
            desk_subtitle=Cast(flow.subtitle, text),
            desk_sender=Cast(flow.sender, text),
        )
        .values_list("desk_flow", "pk", "desk_key", "desk_title", "desk_subtitle", "desk_sender", "state", "since", "due")
    )


def _waiting(me: Capacity) -> QuerySet[Any, Any]:
    first, *others = [_branch(flow, me) for flow in FLOWS.values()]
    return first.union(*others, all=True)


def count(me: Capacity) -> int:
    """How many cases wait for ``me``: the number beside 待办."""
    return _waiting(me).count()


def waiting(me: Capacity, limit: int = LIMIT) -> list[DeskRow]:
    """What waits for ``me``: overdue and soonest due first, then what has waited longest."""
    rows = _waiting(me).order_by(F("due").asc(nulls_last=True), "since")[:limit]
    return [_row(row, me) for row in rows]


def _row(row: tuple[Any, ...], me: Capacity) -> DeskRow:
    name, _, key, title, subtitle, sender, state, since, due = row
    return DeskRow(
        prompt=_prompt(FLOWS[name], state, me),
        title=title,
        subtitle=subtitle,
        sender=sender,
        url=reverse(f"case-{name}", args=[key]),
        since=since,
        due=due,
    )


def _prompt(flow: Flow, state: str, me: Capacity) -> str:
    """The label of the first step that waits for ``me`` in this state."""
    steps = (step for step in flow.steps if step.waits and state in step.source)
    return next((step.label for step in steps if step.who(me) != NOTHING), flow.state_label(state))


def started(me: Capacity, limit: int = 8) -> list[tuple[Entry, Any]]:
    """The cases ``me`` has lately handed on, newest first: (my last entry, the case as it stands)."""
    entries = (
        Entry.objects.filter(user=me.user, appointment=me.appointment)
        .exclude(target="")
        .select_related("content_type")
        .prefetch_related("case")
        .order_by("-at", "-pk")[: limit * 4]
    )
    latest: dict[tuple[int, int], tuple[Entry, Any]] = {}
    for entry in entries:
        if entry.case is not None and entry.case._meta.model_name in FLOWS:
            latest.setdefault((entry.content_type_id, entry.object_id), (entry, entry.case))
    return list(latest.values())[:limit]
