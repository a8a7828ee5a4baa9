"""History on a case page: who did what, with which opinion, and what follows from what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import groupby
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db.models import DateField, DateTimeField, Field, Model
from django.urls import reverse
from django.utils.dateparse import parse_date, parse_datetime

from accounts.statements import Given, Statement
from office.models import Consultation, ConsultationState, Entry
from office.words import day, moment


@dataclass(frozen=True)
class PaperLine:
    """The paper an opinion was given on: 纸质意见，2026年11月20日 张明签, and the address of its scan."""

    signatory: str
    on: date
    url: str


@dataclass(frozen=True)
class Line:
    """One entry as the page writes it."""

    label: str
    who: str
    organisation: str
    at: datetime
    opinion: str
    facts: list[str]
    cause: str
    on_behalf: str
    paper: PaperLine | None = None


def history(case: Model) -> list[Entry]:
    """All entries of ``case``, oldest first, with what a page says of them; one query."""
    return _entries().fetch({"kind": ContentType.objects.get_for_model(case).pk, "case": case.pk})


@cache
def _entries() -> Statement:
    rows = Entry.objects.filter(content_type=Given("kind"), object_id=Given("case")).named()
    return Statement(rows.select_related("cause").order_by("sequence"))


def lines(case: Model, entries: Iterable[Entry]) -> list[Line]:
    """The entries in words; files sent one after the other by the same person are one line."""
    written: list[Line] = []
    for (step, _), run in groupby(entries, key=lambda entry: (entry.step, entry.user_id)):
        together = list(run)
        if step == "attach" and len(together) > 1:
            written.append(_files(together))
        else:
            written.extend(_line(case, entry) for entry in together)
    return written


def _line(case: Model, entry: Entry) -> Line:
    return Line(
        label=entry.label,
        who=entry.who,
        organisation=entry.organisation,
        at=entry.at,
        opinion=entry.opinion,
        facts=list(facts_in_words(case, entry.facts)),
        cause=entry.cause.label if entry.cause else "",
        on_behalf=str(entry.facts.get("on_behalf", "")),
        paper=_paper(entry.facts.get("paper")),
    )


def _paper(kept: dict[str, Any] | None) -> PaperLine | None:
    if not kept:
        return None
    url = reverse("attachment", args=[kept["attachment"]])
    return PaperLine(kept["signatory"], date.fromisoformat(kept["on"]), url)


def questions(asked: Iterable[Consultation]) -> Iterator[Line]:
    """What colleagues were asked about a case, and what they answered, as lines of its history."""
    for row in asked:
        place, name = str(row.asker.organisation), row.colleague.user.name
        label = f"征求{name}意见"
        if row.state == ConsultationState.WITHDRAWN:
            label += "（已撤回）"
        yield Line(label, row.asker.user.name, place, row.asked_at, row.question, [], "", "")
        if row.state == ConsultationState.ANSWERED:
            yield Line("答复征求意见", name, place, row.since, row.answer, [], "", "")


def _files(together: list[Entry]) -> Line:
    last = together[-1]
    names = "、".join(label for entry in together for label in entry.facts if not label.isascii())
    label = f"{last.label}（{len(together)} 份）"
    return Line(label, last.who, last.organisation, last.at, "", [names], "", "")


def facts_in_words(case: Model, facts: dict[str, Any]) -> Iterable[str]:
    """What an entry states beside its opinion: the step's own fields, or {label: [old, new]} of a change.

    Keys that are neither a column of the case nor words are marks of the program and stay unsaid.
    """
    for key, value in facts.items():
        column = _column(case, key)
        if column is not None and not column.is_relation:
            yield f"{column.verbose_name}：{_word(column, value)}"
        elif not key.isascii():
            yield f"{key}：{_change(value)}"


def _column(case: Model, key: str) -> Field[Any, Any] | None:
    try:
        column = case._meta.get_field(key)
    except FieldDoesNotExist:
        return None
    return column if isinstance(column, Field) else None


def _word(column: Field[Any, Any], value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(column, DateTimeField):
        return moment(parse_datetime(str(value)))
    if isinstance(column, DateField):
        return day(parse_date(str(value)))
    return str(dict(column.flatchoices).get(value, value))


def _change(value: Any) -> str:
    if isinstance(value, list) and len(value) == 2:
        old, new = ("空" if side in (None, "") else side for side in value)
        return str(new) if old == "空" else f"{old} → {new}"
    return str(value)
