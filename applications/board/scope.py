"""What a board counts: a call, as far as somebody may see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from accounts.capacity import Capacity
from applications import figures
from applications.flows import APPLICATION
from applications.models import Application, Call
from office.boards import Cell


@dataclass(frozen=True)
class Scope:
    """A call as ``me`` may count it at ``at``: the owner all of it, a county what came to it."""

    call: Call
    me: Capacity
    at: datetime

    @property
    def owned(self) -> bool:
        return figures.owns(self.call, self.me)

    @property
    def rows(self) -> QuerySet[Application]:
        """The rows of the list of applications at this call."""
        return APPLICATION.seen(self.me).filter(call=self.call)

    def url(self, **more: Any) -> str:
        """The list of applications with these filters."""
        given = {name: value for name, value in more.items() if value not in (None, "")}
        return f"{reverse('application-list')}?{urlencode({'call': self.call.number} | given)}"

    def cell(self, number: int, tone: str = "", **filters: Any) -> Cell:
        """A number that leads to what it counts; nothing to look at where it is 0."""
        return Cell(number, self.url(**filters) if number else "", tone=tone if number else "")
