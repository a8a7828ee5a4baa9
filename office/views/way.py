"""The way on a case page: where the case has been, where it is, where it has yet to go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from office.flow import Flow, Station
from office.models import Entry
from office.words import days_until, plain_day


@dataclass(frozen=True)
class Stop:
    """A station as the page draws it. ``place``: done, now, ahead, or off where the case left its way."""

    label: str
    place: str
    who: str = ""
    when: str = ""
    note: str = ""


def stops(flow: Flow, case: Any, entries: Sequence[Entry] | None, holder: str, at: datetime) -> list[Stop]:
    """The stops of ``case``; without ``entries`` (history closed to the reader) they name nobody and no day."""
    here = [station for station in flow.way if case.state in station.states]
    passed = _passed(flow, case, here, entries or ())
    now = _now(flow, here, passed, holder)
    if now is None:
        return _ended(flow, entries or (), passed)
    drawn = []
    for place, station in enumerate(flow.way):
        entry = passed[station.label]
        if place == now and not _finished(flow, case, station):
            drawn.append(
                Stop(station.label, "now", holder, note=waited(case, at) if _waits(flow, case) else "")
            )
        elif place <= now or (entry and case.state in station.states):
            drawn.append(_done(station, entry, entries or ()))
        else:
            drawn.append(Stop(station.label, "ahead"))
    return drawn


def _now(flow: Flow, here: Sequence[Station], passed: dict[str, Entry | None], holder: str) -> int | None:
    """The place the case stands at; where several stations share its state, the first not yet passed, while anybody
    is waited for.
    """
    if len(here) == 1:
        return flow.way.index(here[0])
    open_ones = [station for station in here if not passed[station.label]]
    return flow.way.index(open_ones[0]) if open_ones and holder else None


def _passed(
    flow: Flow, case: Any, here: Sequence[Station], entries: Sequence[Entry]
) -> dict[str, Entry | None]:
    """The last entry by which each station was passed. Several ``here`` in the present state are passed in any order,
    and anew when something else brings the case there again: consents to a member who has changed school.
    """
    shared = here if len(here) > 1 else ()
    theirs = {step for station in shared for step in station.steps}
    came = [entry.sequence for entry in entries if entry.target == case.state and entry.step not in theirs]
    afresh = [entry for entry in entries if entry.sequence > max(came, default=0)]
    return {station.label: _last(station, afresh if station in shared else entries) for station in flow.way}


def _finished(flow: Flow, case: Any, station: Station) -> bool:
    """Whether the case has come to the end of its way: nothing waits at the last station when no step has to leave it."""
    return station is flow.way[-1] and not _waits(flow, case)


def _waits(flow: Flow, case: Any) -> bool:
    """Whether the case is to go on from where it stands; what may be taken back or amended waits for nobody."""
    return any(step.waits and case.state in step.source for step in flow.steps)


def _ended(flow: Flow, entries: Sequence[Entry], passed: dict[str, Entry | None]) -> list[Stop]:
    """The way of a case that stands in no station: it has come to its end, or has left its way."""
    reached = max((place for place, station in enumerate(flow.way) if passed[station.label]), default=-1)
    done = [_done(station, passed[station.label], entries) for station in flow.way[: reached + 1]]
    ahead = [Stop(station.label, "ahead") for station in flow.way[reached + 1 :]]
    last = next((entry for entry in reversed(entries) if entry.target), None)
    if not ahead or last is None:
        return [*done, *ahead]
    if last not in passed.values():
        return [*done, Stop(ahead[0].label, "off", last.who, plain_day(last.at), last.label), *ahead[1:]]
    if not any(last.target in step.source for step in flow.steps):
        return [*done[:-1], replace(done[-1], place="off", note=last.label), *ahead]
    return [*done, *ahead]


def _last(station: Station, entries: Sequence[Entry]) -> Entry | None:
    return next((entry for entry in reversed(entries) if entry.step in station.steps), None)


def _done(station: Station, entry: Entry | None, entries: Sequence[Entry]) -> Stop:
    if entry is None:
        return Stop(station.label, "done")
    return Stop(station.label, "done", entry.who, plain_day(entry.at), _took(entry, entries))


def _took(entry: Entry, entries: Sequence[Entry]) -> str:
    """How long the case had stood there: from the move before to this one."""
    before = [other for other in entries if other.sequence < entry.sequence and other.target]
    days = days_until(entry.at, before[-1].at) if before else 0
    return f"历时 {days} 天" if days > 0 else ""


def waited(case: Any, at: datetime) -> str:
    """How long the case has been where it is: 已等 8 天, or 今天到."""
    days = -days_until(case.since, at)
    return f"已等 {days} 天" if days > 0 else "今天到"
