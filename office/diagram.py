"""The flows as a reader of the documentation sees them: a table and a Mermaid diagram each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from office.flow import ALSO, FLOWS, Flow, Step, Who, clock, nobody

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
    return "\n".join([f"## {flow.label} `{flow.name}`\n", *table(flow), "", *diagram(flow), ""])


def table(flow: Flow) -> Iterator[str]:
    """The lines of the flow's table in Markdown."""
    yield _line(COLUMNS)
    yield _line("---" for _ in COLUMNS)
    for step in flow.steps:
        yield _line(_cells(flow, step))


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
    yield ", ".join(map(_name, step.tells))


def _name(function: Callable[..., Any]) -> str:
    return f"`{function.__name__.lstrip('_')}`"
