"""The page on which each kind of form is filled in: who may, by which step it is sent, what stands beside the fields.

Each app describes its own in its module ``pages``; the addresses (``form-<flow>``) follow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from office.filing.fields import Section
from office.flow import Flow, Missing, Step, Who, flow_of
from office.models import Entry, Filing
from office.pages import Link

if TYPE_CHECKING:
    from office.requests import Request

Extras = Callable[[Any, Section, "Request"], Mapping[str, Any]]


@dataclass(frozen=True)
class FilingPage:
    """How the forms of one flow are filled in.

    ``fillers``: whose hand may write, a Q like a step's; ``send``: the steps by which the form is sent, by state.
    ``extras``: what a section shows beside its fields; ``template`` draws it. ``asked``: the return to be mended.
    ``words``: 申报表, 年度计划 … as sentences to the writer call it.
    """

    flow: Flow
    fillers: Who
    send: tuple[str, ...]
    words: str
    crumbs: Callable[[Any], Sequence[Link]]
    title: Callable[[Any], str] = str
    subtitle: Callable[[Any], str] = lambda filing: "每个部分会自动保存，可随时离开"
    related: tuple[str, ...] = ()
    asked: Callable[[Any], Entry | None] = lambda filing: None
    extras: Extras = lambda filing, section, request: {}
    template: Callable[[Section], str] = lambda section: "patterns/filing.html"
    refused: str = "只有填报人本人可以填写。"

    def sending(self, filing: Filing) -> Step | None:
        """The step by which the form is sent from its present state."""
        for name in self.send:
            step = self.flow.step(name)
            if filing.state in step.source:
                return step
        return None


PAGES: dict[str, FilingPage] = {}


def register(page: FilingPage) -> FilingPage:
    """Make the page known; returns it. Raises ValueError when the flow has one already."""
    if page.flow.name in PAGES:
        raise ValueError(f"form of {page.flow.name} registered twice")
    PAGES[page.flow.name] = page
    return page


def form_address(filing: Filing, section: str) -> str:
    """Where a section of the form is filled in."""
    return reverse(f"form-{flow_of(filing).name}", args=[filing.key, section])


def form_complete(filing: Any, at: datetime) -> Iterator[Missing]:
    """A step's need: every required field of every section is given."""
    article = getattr(filing, "form_article", None)
    for key, labels in filing.layout.missing(filing).items():
        names = "、".join(labels[:4]) + ("等" if len(labels) > 4 else "")
        label = filing.layout.section(key).label
        yield Missing(f"“{label}”尚缺：{names}", article, form_address(filing, key))
