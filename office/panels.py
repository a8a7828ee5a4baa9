"""Figures on the desk (推荐名额 …): each app registers, in its ``pages``, a panel for those it concerns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from accounts.capacity import Capacity


@dataclass(frozen=True)
class Bar:
    """One measured line: ``text`` says it in words (已推荐 2 / 4); ``url`` leads to what is counted."""

    label: str
    value: int
    maximum: int
    text: str
    url: str = ""


@dataclass(frozen=True)
class Panel:
    """A card of figures beside the desk."""

    title: str
    bars: tuple[Bar, ...] = ()
    note: str = ""
    url: str = ""


Source = Callable[[Capacity, datetime], Panel | None]

_sources: list[Source] = []


def register(source: Source) -> Source:
    """Add a panel; ``source`` answers None, without a query, for whom it does not concern. Returns it."""
    _sources.append(source)
    return source


def panels(me: Capacity, at: datetime) -> list[Panel]:
    """The panels that concern ``me``."""
    return [panel for source in _sources if (panel := source(me, at))]
