"""The steps a person may take now, as the case page offers them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.forms import BaseForm
from django.urls import reverse

from accounts.capacity import Capacity
from office.flow import Flow, Missing, Step
from office.forms import step_form
from office.signed import PaperForm, takes_paper

WRITTEN = "。"  # an opinion is asked for in the panel itself, so what is missing beside it is asked as if it were there


@dataclass(frozen=True)
class Lack:
    """One line of what a step still lacks, with the addresses of its article and of where it is mended."""

    sentence: str
    article: int | None
    article_url: str
    where_url: str


@dataclass
class Attempt:
    """A step that was tried and refused: what was typed comes back with the page. ``form`` is made of the case."""

    step: str
    opinion: str = ""
    form: BaseForm | None = None
    paper: PaperForm | None = None


@dataclass(frozen=True)
class Offer:
    """One step of the panel 办理 (components/offers.html)."""

    name: str
    label: str
    url: str
    tone: str
    opinion: bool
    opinion_value: str
    form: BaseForm | None
    paper: PaperForm | None
    confirm: str
    sealed: bool
    open: bool
    missing: list[Lack] = field(default_factory=list)
    met: list[str] = field(default_factory=list)


def offers(flow: Flow, case: Any, me: Capacity, at: datetime, attempt: Attempt | None = None) -> list[Offer]:
    """What may be taken now on ``case``, found by ``Flow.with_steps``, in the order of the table.

    The step that was tried stands open, else the first one where it waits and lacks something: the list is there to
    be read.
    """
    steps = [step for step in flow.steps if getattr(case, f"may_{step.name}")]
    tried = attempt if attempt and any(step.name == attempt.step for step in steps) else None
    offered = [
        _offer(flow, step, case, me, at, tried if tried and tried.step == step.name else None)
        for step in steps
    ]
    if tried is None and offered and offered[0].missing and steps[0].waits:
        offered[0] = replace(offered[0], open=True)
    return offered


def _offer(flow: Flow, step: Step, case: Any, me: Capacity, at: datetime, attempt: Attempt | None) -> Offer:
    for_another = getattr(case, f"stead_{step.name}", False)
    return Offer(
        name=step.name,
        label=f"{step.label}（代办）" if for_another else step.label,
        url=reverse(f"step-{flow.name}", args=[case.key, step.name]),
        tone=step.tone,
        opinion=step.opinion or for_another,
        opinion_value=attempt.opinion if attempt else "",
        form=(attempt.form if attempt else None) or step_form(flow, step, case),
        paper=_paper(step, me, at, attempt, in_stead=for_another),
        confirm=step.confirm(case) if step.confirm else "",
        sealed=step.sealed,
        open=attempt is not None,
        missing=[lack_line(lack) for lack in step.missing(case, at, WRITTEN) if not lack.here],
        met=list(_held(step, case, at)),
    )


def _paper(
    step: Step, me: Capacity, at: datetime, attempt: Attempt | None, *, in_stead: bool
) -> PaperForm | None:
    if not takes_paper(step, me, in_stead=in_stead):
        return None
    return (attempt.paper if attempt else None) or PaperForm(at=at, auto_id=f"id_{step.name}_%s")


def _held(step: Step, case: Any, at: datetime) -> Iterator[str]:
    for hold in step.holds:
        yield from hold(case, at)


def lack_line(lack: Missing) -> Lack:
    """``lack`` with the address of its article."""
    article_url = reverse("article", args=[lack.article]) if lack.article else ""
    return Lack(lack.sentence, lack.article, article_url, lack.where)
