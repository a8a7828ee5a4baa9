"""The desk (工作台): what waits for me and what I have handed on, over all flows, in one query each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import Case, CharField, Count, F, Min, QuerySet, Value, When
from django.db.models.functions import Cast
from django.urls import reverse

from accounts.capacity import Capacity
from accounts.statements import Given, Statement
from office.alternatives import matching
from office.asking import ask, ask_count
from office.flow import FLOWS, NOTHING, Flow, as_boolean
from office.models import Entry
from office.reminding import NEVER

Columns = Callable[[Flow, QuerySet[Any]], QuerySet[Any, Any]]

LIMIT = 50
STARTED = 8
COLUMNS = (
    "desk_flow", "pk", "desk_key", "desk_title", "desk_subtitle", "desk_sender", "state", "since", "due", "desk_count",
)  # fmt: skip


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


@dataclass(frozen=True)
class StartedRow:
    """One case I have handed on: by which step and when, and where it stands now, where to remind (催办)."""

    step_label: str
    title: str
    hint: str
    url: str
    state_label: str
    state_tone: str
    at: datetime
    remind_url: str


def _columns(flow: Flow, cases: QuerySet[Any], count: Any = 1) -> QuerySet[Any, Any]:
    """``cases`` of ``flow`` as rows of the one table that all flows share on the desk; ``count``: its last column."""
    text = CharField()
    told = cases.order_by().annotate(
        desk_flow=Value(flow.name, output_field=text),
        desk_key=Cast(F(flow.key), text),
        desk_title=Cast(flow.title, text),
        desk_subtitle=Cast(flow.subtitle, text),
        desk_sender=Cast(flow.sender, text),
        desk_count=count if isinstance(count, Case) else Value(count),
    )
    rows: QuerySet[Any, Any] = told.values_list(*COLUMNS)
    return rows


def _groups(flow: Flow, cases: QuerySet[Any]) -> Any:
    text = CharField()
    alone = Case(
        When(state__in=flow.gathered, then=Value("")), default=Cast(F("pk"), text), output_field=text
    )
    return cases.order_by().values("state", group=alone, desk_subtitle=Cast(flow.subtitle, text))


def _gathered(flow: Flow, cases: QuerySet[Any]) -> QuerySet[Any, Any]:
    """The same columns, with one row for all cases that a person takes together (a county's consents of one call)."""
    text = CharField()
    rows: QuerySet[Any, Any] = _groups(flow, cases).annotate(
        desk_flow=Value(flow.name, output_field=text),
        first=Min("pk"),
        desk_key=Min(Cast(F(flow.key), text)),
        desk_title=Min(Cast(flow.title, text)),
        desk_sender=Min(Cast(flow.sender, text)),
        oldest=Min("since"),
        soonest=Min("due"),
        desk_count=Count("pk"),
    ).values_list(
        "desk_flow", "first", "desk_key", "desk_title", "desk_subtitle", "desk_sender", "state", "oldest", "soonest",
        "desk_count",
    )  # fmt: skip
    return rows


def _gathered_keys(flow: Flow, cases: QuerySet[Any]) -> QuerySet[Any, Any]:
    rows: QuerySet[Any, Any] = _groups(flow, cases).annotate(first=Min("pk")).values_list("first")
    return rows


def _waiting(me: Capacity, at: datetime, columns: Columns, gathered: Columns) -> QuerySet[Any, Any]:
    """What waits for ``me``, in the columns given; flows in which that capacity has no step leave no trace in it."""
    branches = [
        (gathered if flow.gathered else columns)(
            flow, matching(flow.model._default_manager.all(), flow.on_desk(me, at))
        )
        for flow in sorted(FLOWS.values(), key=lambda flow: bool(flow.gathered))
    ]
    return branches[0].union(*branches[1:], all=True)


def _keys(me: Capacity, at: datetime) -> QuerySet[Any, Any]:
    """A row for each line of the desk, with nothing said of it."""
    return _waiting(me, at, lambda flow, cases: cases.order_by().values_list("pk"), _gathered_keys)


def lines(me: Capacity, at: datetime, limit: int | None) -> QuerySet[Any, Any]:
    """The lines of the desk: overdue and soonest due first, then what has waited longest."""
    rows = _waiting(me, at, _columns, _gathered)
    return rows.order_by(F("due").asc(nulls_last=True), "since", "desk_flow", "pk")[:limit]


def count(me: Capacity, at: datetime) -> int:
    """How many cases wait for ``me`` at the moment ``at``: the number beside 待办."""
    return ask_count(_keys, me, at)


def waiting(me: Capacity, at: datetime, limit: int | None = LIMIT) -> list[DeskRow]:
    """What waits for ``me``, in the order of the desk; all without ``limit``."""
    return [_row(row, me) for row in ask(lines, me, at, limit)]


def _row(row: tuple[Any, ...], me: Capacity) -> DeskRow:
    name, _, key, title, subtitle, sender, state, since, due, number = row
    together = number > 1
    prompt, address = _asked(FLOWS[name], state, me, key)
    return DeskRow(
        prompt=prompt,
        title=f"{number} 件" if together else title,
        subtitle=f"{subtitle} · 可批量办理" if together else subtitle,
        sender="" if together else sender,
        url=f"{reverse(f'{name}-list')}?waiting=1" if together else address,
        since=since,
        due=due,
    )


def _asked(flow: Flow, state: str, me: Capacity, key: str) -> tuple[str, str]:
    """The label of the first step that waits for ``me`` in this state, one's own before one taken for another, and the
    case; for what is only prepared, what to do and where.
    """
    case = reverse(f"case-{flow.name}", args=[key])
    steps = (step for step in flow.steps if step.waits and state in step.source)
    mine = [(step.who(me) == NOTHING, step) for step in steps if flow.who(step, me) != NOTHING]
    if mine:
        for_another, step = min(mine, key=lambda found: found[0])
        return f"{step.prompt or step.label}{'（代办）' if for_another else ''}", case
    for errand in flow.errands:
        if state in errand.states and errand.who(me) != NOTHING:
            return errand.prompt, errand.address(key)
    return flow.state_label(state), case


def started(me: Capacity, at: datetime, limit: int = STARTED) -> list[StartedRow]:
    """The cases ``me`` has lately handed on and may still see, newest first; two queries."""
    latest = _lately(me, limit * 4)
    pks: dict[str, list[int]] = {}
    for name, pk in latest:
        pks.setdefault(name, []).append(pk)
    if not pks:
        return []
    many = limit * 4
    wanted = {_place(name, n): pk for name, found in pks.items() for n, pk in enumerate(_padded(found, many))}
    cases = {(row[0], row[1]): row for row in ask(_moved, me, at, tuple(sorted(pks)), many, **wanted)}
    return [_started(entry, cases[case]) for case, entry in latest.items() if case in cases][:limit]


def _place(name: str, n: int) -> str:
    return f"{name}_{n}"


def _padded(pks: list[int], many: int) -> list[int]:
    """``pks``, the last of them repeated, so that every list is as long as the statement's."""
    return pks + [pks[-1]] * (many - len(pks))


def _moved(me: Capacity, at: datetime, names: tuple[str, ...], many: int) -> QuerySet[Any, Any]:
    """Of the flows ``names`` the cases whose keys are given, so many each, as far as ``me`` may see them."""
    branches = [
        _columns(
            flow,
            flow.model._default_manager.filter(
                flow.sight(me), pk__in=[Given(_place(flow.name, n)) for n in range(many)]
            ),
            _others_turn(flow, me, at),
        )
        for flow in (FLOWS[name] for name in names)
    ]
    return branches[0].union(*branches[1:], all=True)


def _others_turn(flow: Flow, me: Capacity, at: datetime) -> Any:
    """A column: 1 where a case may wait for somebody else than ``me``; who that is, is asked when one wants to know."""
    held_up = {state for step in flow.steps if step.waits for state in step.source}
    if flow.hands is None or me.holds(*NEVER):
        return 0
    waits = When(as_boolean(flow.waits_for(me, at)), then=Value(0))
    return Case(waits, When(state__in=held_up, then=Value(1)), default=Value(0))


def _lately(me: Capacity, limit: int) -> dict[tuple[str, int], Entry]:
    """My last entry on each case I moved, newest first: {(flow, pk): entry}."""
    mine = {"user": me.user_id, "appointment": me.appointment.pk if me.appointment else None}
    latest: dict[tuple[str, int], Entry] = {}
    for entry in _own_entries(limit).fetch(mine):
        latest.setdefault((entry.content_type.model, entry.object_id), entry)
    return latest


@cache
def _own_entries(limit: int) -> Statement:
    mine = Entry.objects.filter(user=Given("user"), appointment=Given("appointment"), cause=None)
    moved = mine.filter(content_type__model__in=list(FLOWS)).exclude(target="")
    shown = moved.select_related("content_type").only("label", "at", "object_id", "content_type__model")
    return Statement(shown.order_by("-at", "-pk")[:limit])


def _started(entry: Entry, row: tuple[Any, ...]) -> StartedRow:
    name, _, key, title, subtitle, _, state, _, _, others_turn = row
    flow = FLOWS[name]
    return StartedRow(
        step_label=entry.label,
        title=title,
        hint=subtitle,
        url=reverse(f"case-{name}", args=[key]),
        state_label=flow.state_label(state),
        state_tone=flow.tones.get(state, "grey"),
        at=entry.at,
        remind_url=reverse(f"remind-{name}", args=[key]) if others_turn else "",
    )
