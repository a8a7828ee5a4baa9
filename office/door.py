"""The one door through which a case moves.

``take`` is the only way a person (or the clock) moves a case, ``begin`` the only way one comes into being,
``follow`` and ``follow_each`` what a step does to the cases that move with it. No other code writes a state.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import transaction
from django.db.models import QuerySet

from accounts.capacity import Capacity
from accounts.statements import Given, Statement
from office.asking import ask
from office.flow import ALSO, FLOWS, Flow, Missing, Step, Told, as_boolean, flow_of
from office.history import BATCH, chain, draft, write
from office.models import Entry
from office.models.filing import FILLED, Filing
from office.notices import tell_of_step
from office.signed import Paper
from office.words import moment

BEGIN = "begin"
# What a form gives for a case that the door has read, and what it finds wanting.
Fill = Callable[[Any], tuple[dict[str, Any], list[Missing]]]


class Refused(Exception):
    """The step lacks something; ``missing`` says all of it."""

    def __init__(self, missing: list[Missing]) -> None:
        super().__init__("；".join(lack.said for lack in missing))
        self.missing = missing


class Moved(Exception):
    """The case is no longer where the step begins; ``entry`` says who moved it and when (None: it never was)."""

    def __init__(self, entry: Entry | None) -> None:
        super().__init__(
            f"{entry.who}已于{moment(entry.at)}办理“{entry.label}”" if entry else "本件已不在这一环节"
        )
        self.entry = entry


@dataclass(frozen=True)
class Act:
    """What an effect knows of the step it belongs to."""

    me: Capacity
    at: datetime
    opinion: str
    entry: Entry


@transaction.atomic
def take(
    flow: Flow,
    name: str,
    pk: int,
    me: Capacity,
    at: datetime,
    opinion: str = "",
    given: dict[str, Any] | None = None,
    lacks: Sequence[Missing] = (),
    paper: Paper | None = None,
    fill: Fill | None = None,
) -> Any:
    """Take the step ``name`` on the case ``pk`` as ``me``; ``at`` is when the request arrived. Returns the case.

    ``given`` fills the step's own fields; ``lacks`` is what was already found wanting, refused in its turn with all
    else; ``fill`` reads both from a form, once the case is read; ``paper`` is the paper the opinion was given on. Raises, in this order: the model's DoesNotExist (not visible to me),
    PermissionDenied (not my capacity, whatever the state), Moved (someone was first), Refused (what is missing).
    """
    step = flow.step(name)
    case = _held(flow, step, pk, me)
    if not (me.clock or case.visible_to_me):
        raise flow.model.DoesNotExist  # type: ignore[attr-defined]
    if not case.mine_to_take:
        raise PermissionDenied
    if case.state not in step.source or not case.ready_to_take:
        raise Moved(Entry.objects.of(case).named().exclude(target="").last())
    if fill:
        given, found = fill(case)
        lacks = [*lacks, *found]
    filled = {key: value for key, value in (given or {}).items() if key in step.fields}
    for key, value in filled.items():
        setattr(case, key, value)
    if missing := [*lacks, *step.missing(case, at, opinion, always_opinion=case.mine_in_stead)]:
        raise Refused(missing)
    facts = _facts(case, filled) | ({"stead": True} if case.mine_in_stead else {})
    kept = {"paper": paper.keep(case, me, at)} if paper else {}
    follow(case, name, me, at, opinion, facts=facts | kept)
    return case


def _held(flow: Flow, step: Step, pk: int, me: Capacity) -> Any:
    """The case, locked after what its rules count, with what the door asks of it and the relations rules read.

    Asked in a statement of its own: one that has waited for a lock sees the row as it is now, but all other tables
    as they were when the waiting began.
    """
    for owners in step.locks(pk):
        list(owners.order_by("pk").select_for_update(no_key=True).values_list("pk"))
    if not _lock(flow.name).fetch({"pk": pk}):
        raise flow.model.DoesNotExist  # type: ignore[attr-defined]
    (case,) = ask(_asked, me, None, flow.name, step.name, pk=pk)
    return case


@cache
def _lock(flow_name: str) -> Statement:
    rows = FLOWS[flow_name].model._default_manager.filter(pk=Given("pk")).order_by()
    return Statement(rows.select_for_update(no_key=True).values_list("pk"))


def _asked(me: Capacity, at: datetime, flow_name: str, step_name: str) -> QuerySet[Any]:
    flow = FLOWS[flow_name]
    step = flow.step(step_name)
    conditions = {
        "visible_to_me": flow.sight(me),
        "mine_to_take": flow.who(step, me),
        "ready_to_take": step.when,
        "mine_in_stead": flow.only_in_stead(step, me),
    }
    asked = {name: as_boolean(condition) for name, condition in conditions.items()}
    rows = flow.model._default_manager.filter(pk=Given("pk")).select_related(*flow.related)
    annotated: QuerySet[Any] = rows.annotate(**asked)
    return annotated


def follow(
    case: Any,
    name: str,
    me: Capacity,
    at: datetime,
    opinion: str = "",
    *,
    cause: Entry | None = None,
    facts: dict[str, Any] | None = None,
) -> Entry:
    """Move ``case`` by a step that is a consequence of another: state, entry, effects, notices.

    The caller holds the case's row and answers for its state; a state the step does not begin in is a fault
    of the program (ValueError), never of a person.
    """
    flow = flow_of(case)
    step = flow.step(name)
    source = _enter(flow, step, case, at)
    case.save(update_fields=_columns(case))
    entry = _drafted(step, case, source, me, at, opinion, facts, cause)
    _carry_out(flow, step, [(case, entry)], me)
    return entry


def follow_each(
    cases: Sequence[Any],
    name: str,
    me: Capacity,
    at: datetime,
    opinion: str | Callable[[Any], str] = "",
    *,
    cause: Entry | None = None,
    given: dict[str, Any] | None = None,
) -> None:
    """``follow`` for several cases of one flow at once, so that a cascade costs little more for many than for one.

    States, entries and notices are written by a statement each; then the effects, case by case. Of the other columns
    only ``given`` is written, the same on all. ``opinion`` may be a function of the case.
    """
    if not cases:
        return
    flow = flow_of(cases[0])
    step = flow.step(name)
    moved = []
    alike: dict[tuple[str, datetime | None], list[int]] = {}
    for case in cases:
        for column, value in (given or {}).items():
            setattr(case, column, value)
        source = _enter(flow, step, case, at)
        alike.setdefault((case.state, case.due), []).append(case.pk)
        words = opinion if isinstance(opinion, str) else opinion(case)
        moved.append((case, _drafted(step, case, source, me, at, words, None, cause)))
    for (state, due), keys in alike.items():
        rows = flow.model._default_manager.filter(pk__in=keys)
        rows.update(state=state, since=at, due=due, **(given or {}))
    _carry_out(flow, step, moved, me)


def _enter(flow: Flow, step: Step, case: Any, at: datetime) -> str:
    """Put ``case``, not yet saved, where the step leads; returns where it was."""
    source = str(case.state)
    if source not in step.source:
        raise ValueError(f"{flow.name} {case.pk}: {step.name} does not begin in {source}")
    case.state = step.target_for(case)
    _stand(case, at)
    return source


def _columns(case: Any) -> set[str]:
    """The columns that a step may have changed, as far as they were read; what was filled in it leaves alone."""
    untouched: set[str] = case.get_deferred_fields() | (FILLED if isinstance(case, Filing) else set())
    return {field.attname for field in case._meta.concrete_fields if not field.primary_key} - untouched


def _drafted(
    step: Step,
    case: Any,
    source: str,
    me: Capacity,
    at: datetime,
    opinion: str,
    facts: dict[str, Any] | None,
    cause: Entry | None,
) -> Entry:
    return draft(
        case,
        step=step.name,
        label=f"{step.label}（代办）" if facts and facts.get("stead") else step.label,
        me=me,
        at=at,
        source=source,
        target=case.state,
        opinion=opinion,
        facts=facts,
        cause=cause,
    )


def _carry_out(flow: Flow, step: Step, moved: Sequence[tuple[Any, Entry]], me: Capacity) -> None:
    """What else a step does to cases that stand in their new state: history, effects, notices."""
    chain([entry for _, entry in moved])
    effects = (*step.then, *ALSO.get((flow.name, step.name), ()))
    for case, entry in moved:
        act = Act(me, entry.at, entry.opinion, entry)
        for effect in effects:
            effect(case, act)
    tell_of_step(step, moved)


@transaction.atomic
def begin(
    case: Any,
    me: Capacity,
    at: datetime,
    label: str = "建立",
    *,
    cause: Entry | None = None,
    opinion: str = "",
    facts: dict[str, Any] | None = None,
) -> Entry:
    """Bring a new case into being: save it in its first state and write its first entry. Returns the entry."""
    _stand(case, at)
    case.save(force_insert=True)
    return write(
        case,
        new=True,
        step=BEGIN,
        label=label,
        me=me,
        at=at,
        target=case.state,
        opinion=opinion,
        cause=cause,
        facts=facts,
    )


@transaction.atomic
def begin_each(
    cases: Sequence[Any], me: Capacity, at: datetime, label: str, *, cause: Entry | None = None
) -> list[Entry]:
    """``begin`` for several new cases of one flow, by two statements. Returns their entries, in the same order."""
    if not cases:
        return []
    for case in cases:
        _stand(case, at)
    type(cases[0])._default_manager.bulk_create(cases, batch_size=BATCH)
    entries = [
        draft(case, step=BEGIN, label=label, me=me, at=at, target=case.state, cause=cause) for case in cases
    ]
    chain(entries, new=True)
    return entries


def _stand(case: Any, at: datetime) -> None:
    """``case`` has been in its state since ``at``, until its flow's date."""
    case.since = at
    case.due = flow_of(case).due(case, at)


@dataclass(frozen=True)
class Outcome:
    """What became of one row of a batch: ``problem`` is empty where the step was taken."""

    pk: int
    title: str
    problem: str = ""


def take_each(
    flow: Flow,
    name: str,
    pks: Iterable[int],
    me: Capacity,
    at: datetime,
    opinion: str = "",
    given: dict[int, dict[str, Any]] | None = None,
) -> list[Outcome]:
    """Take one step on several cases, row by row in the order of pk, each in its own transaction."""
    outcomes = []
    for pk in sorted(set(pks)):
        try:
            case = take(flow, name, pk, me, at, opinion, (given or {}).get(pk))
        except (ObjectDoesNotExist, PermissionDenied):
            outcomes.append(Outcome(pk, f"编号 {pk}", "不存在，或不由您办理"))
        except (Moved, Refused) as refusal:
            case = flow.seen(me).get(pk=pk)
            outcomes.append(Outcome(pk, str(case), str(refusal)))
        else:
            outcomes.append(Outcome(pk, str(case)))
    return outcomes


def _facts(case: Any, filled: dict[str, Any]) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for key, value in filled.items():
        if isinstance(value, Told):
            facts |= value.facts(case)
        elif value not in (None, ""):
            facts[key] = _plain(value)
    return facts


def _plain(value: Any) -> Any:
    return value.pk if hasattr(value, "pk") else value
