"""On the desk of the owner's people: how far the applications of the running call have come."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from accounts.capacity import Capacity
from applications import board
from applications.pages.desk import running_calls
from applications.scopes import STAFF
from office import panels
from office.panels import Bar, Panel


def funnel(me: Capacity, at: datetime) -> Panel | None:
    """The funnel of the board of the latest call that runs, each bar leading to its list; one query."""
    if not me.holds(*STAFF):
        return None
    own = [call for call in running_calls(me) if call.programme.owner_id == me.organisation_id]
    if not own:
        return None
    call = max(own, key=lambda call: (call.opens_at, call.pk))
    part = board.funnel(board.Scope(call, me, at))
    bars = tuple(
        Bar(row.label, cell.value, part.peak, cell.words, cell.url)
        for row in part.rows
        for cell in row.cells[:1]
    )
    return Panel("申报进展", bars, note=call.name, url=f"{reverse('call-board')}?call={call.number}")


panels.register(funnel)
