"""The leader's list in the making: ranked by stage, the scores' proposal beside the result intended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Q

from accounts.capacity import Capacity
from applications.deciding import Proposal, proposals
from applications.models import Application, ApplicationState, Call, CallState
from office.history import record
from studios.models import Stage

WORDS = {"pass": "通过", "fail": "不通过", "": "未定"}
LIMIT = 300


class Closed(Exception):
    """The call is not being reviewed any more (or not yet)."""


@dataclass
class Line:
    """One application in its stage's ranking. ``result`` and ``deviation`` are as kept, or as sent with ``error``."""

    application: Application
    proposal: Proposal | None
    result: str
    deviation: str
    read: str
    error: str = ""

    @property
    def deviates(self) -> bool:
        """Whether the result is not what the scores propose."""
        return bool(self.proposal and self.result and self.result != self.proposal.result)


@dataclass
class StageList:
    """One stage: its number of places and its applications by score."""

    stage: str
    label: str
    places: int
    lines: list[Line] = field(default_factory=list)

    @property
    def passing(self) -> int:
        """How many the scores propose; more than ``places`` where a tie lies across the last place."""
        return sum(line.proposal is not None and line.proposal.result == "pass" for line in self.lines)


def mark(application: Application) -> str:
    """What was read of an application's result, to see whether another changed it meanwhile."""
    return f"{application.result}|{application.deviation}"


def ranking(call: Call) -> list[StageList]:
    """The stages with applications that came to the experts, ranked; three queries."""
    proposed = proposals(call)
    places = dict(call.places.values_list("stage", "number"))
    judged = Q(score__isnull=False) | Q(state=ApplicationState.UNDER_REVIEW)
    rows = call.applications.filter(judged).exclude(state__in=ApplicationState.freed)
    rows = rows.select_related("lead", "school", "authority")
    lists = {stage.value: StageList(stage.value, stage.label, places.get(stage.value, 0)) for stage in Stage}
    for application in sorted(rows, key=lambda row: (-(row.score or Decimal(-1)), row.number)):
        line = Line(
            application,
            proposed.get(application.pk),
            application.result,
            application.deviation,
            mark(application),
        )
        lists[application.stage].lines.append(line)
    return [each for each in lists.values() if each.lines]


@dataclass(frozen=True)
class Sent:
    """What was sent for one application, and what had been read of it."""

    result: str
    deviation: str
    read: str


@transaction.atomic
def keep(call: Call, sent: Mapping[int, Sent], me: Capacity, at: datetime) -> dict[int, str]:
    """Write the results that were changed; returns, by application, what stands against it. Then nothing is written.

    Raises Closed when the call is not being reviewed.
    """
    rows = _locked(call)
    proposed = proposals(call)
    changed = {
        pk: each for pk, each in sent.items() if pk in rows and f"{each.result}|{each.deviation}" != each.read
    }
    errors = {pk: error for pk, each in changed.items() if (error := _error(rows[pk], each, proposed[pk]))}
    if not errors:
        _write({rows[pk]: (each.result, each.deviation) for pk, each in changed.items()}, call, me, at)
    return errors


def _locked(call: Call) -> dict[int, Application]:
    """The applications under review with what they say now, under the lock of the call."""
    held = Call.objects.select_for_update(of=("self",), no_key=True).get(pk=call.pk)
    if held.state != CallState.REVIEWING:
        raise Closed
    rows = held.applications.filter(state=ApplicationState.UNDER_REVIEW).order_by("pk")
    return {row.pk: row for row in rows.select_for_update(of=("self",), no_key=True)}


def _error(held: Application, sent: Sent, proposal: Proposal) -> str:
    if sent.result not in WORDS:
        return "请选择通过或不通过"
    if len(sent.deviation) > LIMIT:
        return f"理由最多 {LIMIT} 字，现有 {len(sent.deviation)} 字"
    if mark(held) != sent.read and (held.result, held.deviation) != (sent.result, sent.deviation):
        reason = f"，理由：{held.deviation}" if held.deviation else ""
        return f"刚被他人改为“{WORDS[held.result]}”{reason}；没有覆盖，请核对后再保存一次"
    if sent.result and sent.result != proposal.result and not sent.deviation.strip():
        return f"与评审结果（{WORDS[proposal.result]}）不一致，请写明理由"
    return ""


@transaction.atomic
def take_over(call: Call, me: Capacity, at: datetime) -> int:
    """Give every application without a result the one its scores propose; returns how many. Raises Closed."""
    rows = _locked(call)
    proposed = proposals(call)
    given = {row: (proposed[row.pk].result, "") for row in rows.values() if not row.result}
    _write(given, call, me, at)
    return len(given)


def _write(given: Mapping[Application, tuple[str, str]], call: Call, me: Capacity, at: datetime) -> None:
    facts = {}
    for application, (result, deviation) in given.items():
        was = WORDS[application.result]
        application.result, application.deviation = result, deviation.strip()
        application.save(update_fields=["result", "deviation"])
        reason = f"（{application.deviation}）" if application.deviation else ""
        facts[str(application)] = [was, f"{WORDS[result]}{reason}"]
    if facts:
        record(call, "results", "拟定评审结果", me, at, facts)
