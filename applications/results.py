"""The leader's list in the making: ranked by stage, the scores' proposal beside the result intended."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Q

from accounts.capacity import Capacity
from applications.deciding import Proposal, passed_over, proposals, reasons
from applications.models import Application, ApplicationState, Call, CallState
from office.history import record
from studios.models import Stage

WORDS = {"pass": "通过", "fail": "不通过", "": "未定"}
LIMIT = 300


class Closed(Exception):
    """The call is not being reviewed any more (or not yet)."""


@dataclass
class Line:
    """One application in its stage's ranking. ``result`` and the reasons are as kept, or as sent with ``error``.

    ``over`` are those its authority ranked before it that are meant to fail while it passes.
    """

    application: Application
    proposal: Proposal | None
    result: str
    deviation: str
    read: str
    error: str = ""
    rank_deviation: str = ""
    over: list[Application] = field(default_factory=list)

    @property
    def over_words(self) -> str:
        """Who is passed over, with rank and score."""
        return _over_words(self.over)

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
    return f"{application.result}|{application.deviation}|{application.rank_deviation}"


def _over_words(over: list[Application]) -> str:
    return "、".join(
        f"推荐第{row.rank}的{row.studio_name}{f'（{row.score}分）' if row.score is not None else ''}"
        for row in over
    )


def ranking(call: Call) -> list[StageList]:
    """The stages with applications that came to the experts, ranked; three queries."""
    proposed = proposals(call)
    places = dict(call.places.values_list("stage", "number"))
    judged = Q(score__isnull=False) | Q(state=ApplicationState.UNDER_REVIEW)
    found = call.applications.filter(judged).exclude(state__in=ApplicationState.freed)
    rows = list(found.select_related("lead", "school", "authority"))
    over = passed_over(rows)
    lists = {stage.value: StageList(stage.value, stage.label, places.get(stage.value, 0)) for stage in Stage}
    for application in sorted(rows, key=lambda row: (-(row.score or Decimal(-1)), row.number)):
        line = Line(
            application,
            proposed.get(application.pk),
            application.result,
            application.deviation,
            mark(application),
            rank_deviation=application.rank_deviation,
            over=over.get(application.pk, []),
        )
        lists[application.stage].lines.append(line)
    return [each for each in lists.values() if each.lines]


@dataclass(frozen=True)
class Sent:
    """What was sent for one application, and what had been read of it."""

    result: str
    deviation: str
    read: str
    rank_deviation: str = ""

    @property
    def mark(self) -> str:
        """As ``mark`` of an application that says the same."""
        return f"{self.result}|{self.deviation}|{self.rank_deviation}"


@transaction.atomic
def keep(call: Call, sent: Mapping[int, Sent], me: Capacity, at: datetime) -> dict[int, str]:
    """Write the results that were changed; returns, by application, what stands against it. Then nothing is written.

    Raises Closed when the call is not being reviewed.
    """
    rows = _locked(call)
    proposed = proposals(call)
    changed = {pk: each for pk, each in sent.items() if pk in rows and each.mark != each.read}
    errors = {pk: error for pk, each in changed.items() if (error := _error(rows[pk], each, proposed[pk]))}
    errors = _rank_errors(rows, sent, changed) | errors
    if not errors:
        _write({rows[pk]: each for pk, each in changed.items()}, call, me, at)
    return errors


def _rank_errors(
    rows: Mapping[int, Application], sent: Mapping[int, Sent], changed: Mapping[int, Sent]
) -> dict[int, str]:
    """Where what was changed lets one pass over others ranked before it without a reason."""
    meant = [copy(row) for row in rows.values()]
    for row in meant:
        if row.pk in changed:
            row.result, row.rank_deviation = changed[row.pk].result, changed[row.pk].rank_deviation
    found = {}
    for row in meant:
        over = passed_over(meant).get(row.pk, [])
        touched = changed.keys() & {row.pk, *(other.pk for other in over)}
        if over and touched and row.pk in sent and not row.rank_deviation.strip():
            found[row.pk] = f"拟通过，而{_over_words(over)}拟不通过，请写明与推荐排序不一致的理由"
    return found


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
    if len(sent.rank_deviation) > LIMIT:
        return f"与推荐排序不一致的理由最多 {LIMIT} 字，现有 {len(sent.rank_deviation)} 字"
    if mark(held) not in (sent.read, sent.mark):
        said = reasons(held)
        reason = f"，理由：{said}" if said else ""
        return f"刚被他人改为“{WORDS[held.result]}”{reason}；没有覆盖，请核对后再保存一次"
    if sent.result and sent.result != proposal.result and not sent.deviation.strip():
        return f"与评审结果（{WORDS[proposal.result]}）不一致，请写明理由"
    return ""


@transaction.atomic
def take_over(call: Call, me: Capacity, at: datetime) -> int:
    """Give every application without a result the one its scores propose; returns how many.

    Where the scores carry one over others ranked before it, they are given as the reason. Raises Closed."""
    rows = _locked(call)
    proposed = proposals(call)
    meant = [copy(row) for row in rows.values()]
    for row in meant:
        row.result = row.result or proposed[row.pk].result
    over = passed_over(meant)
    given = {
        row: Sent(proposed[row.pk].result, "", "", _by_score(row, over.get(row.pk, [])))
        for row in rows.values()
        if not row.result
    }
    _write(given, call, me, at)
    return len(given)


def _by_score(row: Application, over: list[Application]) -> str:
    """The reason why ``row`` passes over others, where it is that the experts gave it more; else to be written."""
    if (
        not over
        or row.score is None
        or any(other.score is None or other.score >= row.score for other in over)
    ):
        return ""
    return f"专家评审得分 {row.score}，高于{_over_words(over)}"[:LIMIT]


def _write(given: Mapping[Application, Sent], call: Call, me: Capacity, at: datetime) -> None:
    facts = {}
    for application, sent in given.items():
        was = WORDS[application.result]
        application.result, application.deviation = sent.result, sent.deviation.strip()
        application.rank_deviation = sent.rank_deviation.strip()
        application.save(update_fields=["result", "deviation", "rank_deviation"])
        said = reasons(application)
        facts[str(application)] = [was, f"{WORDS[sent.result]}{f'（{said}）' if said else ''}"]
    if facts:
        record(call, "results", "拟定评审结果", me, at, facts)
