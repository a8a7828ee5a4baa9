"""Dividing the work of a call among the owner's officers: the grid of counties and stages, and keeping it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from accounts.capacity import Capacity
from accounts.models import Appointment, Organisation, Role
from applications.call_forms import authorities_of, row_label
from applications.models import Call, CallState, Share
from office.history import record
from studios.models import Stage

NOBODY = "未分（共同办理）"
# While there is something to handle.
OPEN = (CallState.DRAFT, CallState.OPEN, CallState.REVIEWING, CallState.DECIDED, CallState.PUBLICITY)
Given = Mapping[tuple[int, str], int]


class Closed(Exception):
    """The call is over."""


@dataclass(frozen=True)
class Field:
    """One choice: its name in the form, what it is about, the appointment chosen ("" none)."""

    name: str
    label: str
    value: str


@dataclass(frozen=True)
class Line:
    """One county, or all of them: a choice for the whole line and one for each stage."""

    label: str
    whole: Field
    fields: tuple[Field, ...]


def officers(call: Call, at: datetime) -> list[Appointment]:
    """The owner's officers today, by name."""
    found = Appointment.objects.holders(Role.OFFICER, call.programme.owner_id, localdate(at))
    return list(found.order_by("user__sort_key", "pk"))


def stages(call: Call) -> list[str]:
    """The stages called for."""
    called = {row.stage for row in call.places.all() if row.number}
    return [stage for stage in Stage.values if stage in called]


def held(call: Call, at: datetime) -> dict[tuple[int, str], int]:
    """(authority, stage) → appointment, of officers who are still in office."""
    valid = Appointment.objects.valid(localdate(at)).filter(user__is_active=True)
    rows = Share.objects.filter(call=call, appointment__in=valid)
    return {
        (authority, stage): appointment
        for authority, stage, appointment in rows.values_list("authority", "stage", "appointment")
    }


def lines(call: Call, at: datetime) -> list[Line]:
    """The grid: all counties first. What is alike along a column or a line stands at its head alone."""
    now, called = held(call, at), stages(call)
    keys = [each.pk for each in authorities_of(call)]
    columns = {stage: _alike([now.get((key, stage)) for key in keys]) for stage in called}
    found = [_line("all", "各旗县区和市直", columns, _alike(list(columns.values())))]
    for each in authorities_of(call):
        own = {stage: None if columns[stage] else now.get((each.pk, stage)) for stage in called}
        whole = None if any(columns.values()) else _alike(list(own.values()))
        found.append(_line(str(each.pk), row_label(each, call.programme.owner), own, whole))
    return found


def _alike(values: list[int | None]) -> int | None:
    """The one value all of them have."""
    return values[0] if len(set(values)) == 1 else None


def _line(key: str, label: str, own: Mapping[str, int | None], whole: int | None) -> Line:
    fields = tuple(
        Field(
            f"share-{key}-{stage}",
            f"{label} {Stage(stage).label}",
            "" if whole or not own[stage] else str(own[stage]),
        )
        for stage in own
    )
    return Line(label, Field(f"share-{key}-whole", f"{label} 整行", str(whole or "")), fields)


def read(call: Call, data: Mapping[str, Any], at: datetime) -> dict[tuple[int, str], int]:
    """What was sent: a cell, else its line's choice, else the column's, else that for all; unknown officers count as none."""
    known = {str(each.pk): each.pk for each in officers(call, at)}
    found, called = {}, stages(call)
    for authority in authorities_of(call):
        for stage in called:
            names = (f"{authority.pk}-{stage}", f"{authority.pk}-whole", f"all-{stage}", "all-whole")
            sent = (known.get(data.get(f"share-{name}", "")) for name in names)
            if chosen := next((each for each in sent if each), None):
                found[authority.pk, stage] = chosen
    return found


@transaction.atomic
def keep(call: Call, given: Given, me: Capacity, at: datetime) -> int:
    """Keep exactly this division; returns how many parts changed hands, each told in the history. Raises Closed."""
    held_call = Call.objects.select_for_update(of=("self",), no_key=True).get(pk=call.pk)
    if held_call.state not in OPEN:
        raise Closed
    before = held(call, at)
    changed = {key for key in {*before, *given} if before.get(key) != given.get(key)}
    Share.objects.filter(call=call).delete()
    Share.objects.bulk_create(
        Share(call=call, authority_id=authority, stage=stage, appointment_id=appointment)
        for (authority, stage), appointment in given.items()
    )
    if changed:
        record(call, "divide", "调整分工", me, at, _facts(call, before, given, changed))
    return len(changed)


def _facts(call: Call, before: Given, given: Given, changed: set[tuple[int, str]]) -> dict[str, Any]:
    """{part: [who had it, who has it]}, in the order of the grid; a county whose stages go together in one line."""
    named = Appointment.objects.filter(pk__in={*before.values(), *given.values()}).select_related("user")
    names = {each.pk: str(each.user) for each in named}

    def words(key: tuple[int, str]) -> list[str]:
        return [names.get(one.get(key, 0), NOBODY) for one in (before, given)]

    facts: dict[str, Any] = {}
    called = stages(call)
    for authority in authorities_of(call):
        parts = {
            stage: words((authority.pk, stage)) for stage in stages(call) if (authority.pk, stage) in changed
        }
        facts |= _said(authority, parts, call, len(called))
    return facts


def _said(authority: Organisation, parts: dict[str, list[str]], call: Call, called: int) -> dict[str, Any]:
    label = row_label(authority, call.programme.owner)
    if len(parts) == called and len({tuple(each) for each in parts.values()}) == 1:
        return {label: next(iter(parts.values()))}
    return {f"{label}{Stage(stage).label}": each for stage, each in parts.items()}
