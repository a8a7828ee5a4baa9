"""The one door through which a case moves.

``take`` is the only way a person (or the clock) moves a case, ``begin`` the only way one comes into being,
``follow`` what a step does to the cases that move with it. No other code writes a state.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.capacity import Capacity
from office.flow import ALSO, Flow, Missing, Told, flow_of
from office.history import write
from office.models import Entry
from office.notices import tell_of_step
from office.signed import Paper


class Refused(Exception):
    """The step lacks something; ``missing`` says all of it."""

    def __init__(self, missing: list[Missing]) -> None:
        super().__init__("；".join(lack.sentence for lack in missing))
        self.missing = missing


class Moved(Exception):
    """The case is no longer where the step begins; ``entry`` says who moved it and when (None: it never was)."""

    def __init__(self, entry: Entry | None) -> None:
        super().__init__(
            f"{entry.who}已于{timezone.localtime(entry.at):%Y-%m-%d %H:%M}办理“{entry.label}”"
            if entry
            else "本件已不在这一环节"
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
) -> Any:
    """Take the step ``name`` on the case ``pk`` as ``me``; ``at`` is when the request arrived. Returns the case.

    ``given`` fills the step's own fields; ``lacks`` is what the form that gave them already found wanting, refused
    in its turn with all else; ``paper`` is the paper the opinion was given on. Raises, in this order: the model's DoesNotExist (not visible to me),
    PermissionDenied (not my capacity, whatever the state), Moved (someone was first), Refused (what is missing).
    """
    step = flow.step(name)
    for owners in step.locks(pk):
        list(owners.order_by("pk").select_for_update(no_key=True))
    manager = flow.model._default_manager
    case: Any = manager.select_for_update(of=("self",), no_key=True).get(pk=pk)
    if not (me.clock or flow.seen(me).filter(pk=pk).exists()):
        raise flow.model.DoesNotExist  # type: ignore[attr-defined]
    if not manager.filter(flow.who(step, me), pk=pk).exists():
        raise PermissionDenied
    if case.state not in step.source or not manager.filter(step.when, pk=pk).exists():
        raise Moved(Entry.objects.of(case).named().exclude(target="").last())
    filled = {key: value for key, value in (given or {}).items() if key in step.fields}
    for key, value in filled.items():
        setattr(case, key, value)
    for_another = manager.filter(flow.only_in_stead(step, me), pk=pk).exists()
    if missing := [*lacks, *step.missing(case, at, opinion, always_opinion=for_another)]:
        raise Refused(missing)
    facts = _facts(case, filled) | ({"stead": True} if for_another else {})
    kept = {"paper": paper.keep(case, me, at)} if paper else {}
    follow(case, name, me, at, opinion, facts=facts | kept)
    return case


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
    source = case.state
    if source not in step.source:
        raise ValueError(f"{flow.name} {case.pk}: {name} does not begin in {source}")
    case.state = step.target_for(case)
    case.since = at
    case.due = flow.due(case, at)
    case.save()
    entry = write(
        case,
        step=name,
        label=f"{step.label}（代办）" if facts and facts.get("stead") else step.label,
        me=me,
        at=at,
        source=source,
        target=case.state,
        opinion=opinion,
        facts=facts,
        cause=cause,
    )
    act = Act(me, at, opinion, entry)
    for effect in (*step.then, *ALSO.get((flow.name, name), ())):
        effect(case, act)
    tell_of_step(case, step, entry)
    return entry


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
    flow = flow_of(case)
    case.since = at
    case.due = flow.due(case, at)
    case.save(force_insert=True)
    return write(
        case,
        step="begin",
        label=label,
        me=me,
        at=at,
        target=case.state,
        opinion=opinion,
        cause=cause,
        facts=facts,
    )


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
