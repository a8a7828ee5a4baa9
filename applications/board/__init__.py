"""The board of a call (申报看板): each part with links to the list that its numbers count."""

from __future__ import annotations

from datetime import datetime

from accounts.capacity import Capacity
from applications.board.experts import experts
from applications.board.places import places
from applications.board.progress import days, endings, funnel, late
from applications.board.scope import Scope
from applications.board.stays import stays
from applications.models import Call
from office.boards import Part


def parts(call: Call, me: Capacity, at: datetime) -> tuple[Part, ...]:
    """All parts ``me`` may read; the experts' progress is the owner's alone."""
    scope = Scope(call, me, at)
    found = [funnel(scope), endings(scope), places(scope), days(scope)]
    if scope.owned:
        found.append(experts(scope))
    return (*found, stays(scope), late(scope))
