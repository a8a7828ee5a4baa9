"""The flows as a reader of the documentation sees them: a table and a Mermaid diagram each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from office.flow import ALSO, FLOWS, Flow, Step, Tell, Who, clock, nobody
from office.models import NoticeKind
from office.notices import Telling
from office.reminders import REMINDERS

HEAD = """# Flows

Made by `manage.py flows --write` from the tables themselves; a test keeps both equal. Words in `code` are the
names of functions beside each table: who may take the step, what it needs, what else happens, who is told.
⚑ an opinion is required. ⚿ the password is asked again. ⊕ what a higher app adds to the step.
"""
COLUMNS = ("step", "", "from → to", "who", "needs", "then", "told")
PEOPLE: dict[Who, str] = {nobody: "–", clock: "clock"}


def document() -> str:
    """docs/flows.md: every flow, in the order of their names."""
    return "\n".join([HEAD, *(section(FLOWS[name]) for name in sorted(FLOWS))])


def section(flow: Flow) -> str:
    """One flow: its name, its table, its diagram."""
    reminded = list(reminders(flow))
    below = ["Reminders:\n", *reminded, ""] if reminded else []
    return "\n".join([f"## {flow.label} `{flow.name}`\n", *table(flow), "", *below, *diagram(flow), ""])


def table(flow: Flow) -> Iterator[str]:
    """The lines of the flow's table in Markdown."""
    yield _line(COLUMNS)
    yield _line("---" for _ in COLUMNS)
    for step in flow.steps:
        yield _line(_cells(flow, step))


def reminders(flow: Flow) -> Iterator[str]:
    """The lines of the table of what time tells of the flow's cases; none where it tells nothing."""
    rows = [reminder for reminder in REMINDERS.values() if reminder.flow is flow]
    if rows:
        yield _line(("reminder", "in", "moment", "when", "told", "as"))
        yield _line("---" for _ in range(6))
    for row in rows:
        yield _line(
            (
                f"`{row.name}`",
                ", ".join(row.states),
                f"`{row.moment}`",
                ", ".join(map(_mark, row.days)) or "at it",
                _name(row.who),
                row.kind.label,
            )
        )


def _mark(days: int) -> str:
    return f"{abs(days)} days {'before' if days > 0 else 'after'}" if abs(days) > 1 else "the day before"


def diagram(flow: Flow) -> Iterator[str]:
    """The lines of the flow's state diagram in Mermaid, fenced."""
    field: Any = flow.model._meta.get_field("state")
    leaving = {source for step in flow.steps for source in step.source if step.targets not in ((), (source,))}
    reached = {target for step in flow.steps for target in step.targets} | leaving | {field.default}
    states = {state: label for state, label in field.flatchoices if state in reached}
    yield "```mermaid"
    yield "stateDiagram-v2"
    for state, label in states.items():
        yield f'    state "{label}" as {state}'
    yield f"    [*] --> {field.default}"
    for step in flow.steps:
        for source in step.source:
            for target in step.targets or (source,):
                yield f"    {source} --> {target}: {step.label}"
    for state in states:
        if state not in leaving:
            yield f"    {state} --> [*]"
    yield "```"


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cells(flow: Flow, step: Step) -> Iterator[str]:
    yield f"`{step.name}`"
    yield f"{step.label}{' ⚑' if step.opinion else ''}{' ⚿' if step.sealed else ''}"
    yield f"{', '.join(step.source)} → {' or '.join(step.targets) or 'stays'}"
    yield PEOPLE.get(step.who) or _name(step.who).replace(" | ", ", ")
    yield ", ".join(map(_name, step.needs))
    also = (f"⊕ {_name(effect)}" for effect in ALSO.get((flow.name, step.name), ()))
    yield ", ".join([*map(_name, step.then), *also])
    yield ", ".join(map(_told, step.tells))


def _told(tell: Tell) -> str:
    """Whom, and as which kind of notice."""
    kind = tell.kind if isinstance(tell, Telling) else NoticeKind.PROGRESS
    return f"{_name(tell)} {kind.label}"


def _name(function: Callable[..., Any]) -> str:
    return f"`{function.__name__.lstrip('_')}`"
