"""What the pages of all that a lead files have in common: who writes, what others read meanwhile, what changed."""

from __future__ import annotations

from copy import copy
from typing import Any

from accounts.capacity import Capacity
from office.filing.reading import changes
from office.flow import EVERYTHING, NOTHING, Who
from studios.models import FiledState


def writes(case: Any, me: Capacity, drafter: Who) -> bool:
    """Whether ``me`` is one of those who write: the draft is in their hands."""
    mine = drafter(me)
    return mine not in (NOTHING, EVERYTHING) and type(case)._default_manager.filter(mine, pk=case.pk).exists()


def as_filed(case: Any, me: Capacity, drafter: Who) -> Any:
    """The case as ``me`` reads it: while it is being changed, all but its writers read what was filed last."""
    if case.state in (FiledState.AMENDING, FiledState.RETURNED) and not writes(case, me, drafter):
        last = case.versions.order_by("-number").first()
        if last:
            shown = copy(case)
            shown.content = last.content
            return shown
    return case


def last_changes(case: Any) -> dict[str, Any]:
    """The two versions filed last, the reason of the later one, and where they differ."""
    latest = list(case.versions.order_by("-number")[:2])[::-1]
    before, after = (version.content for version in latest)
    return {"versions": latest, "changes": changes(case.layout, before, after), "reason": latest[-1].reason}


def amended(case: Any, me: Capacity) -> bool:
    """Whether it was filed more than once."""
    return bool(case.versions.filter(number__gte=2).exists())


def filed(case: Any, me: Capacity) -> bool:
    """Whether it was filed at least once."""
    return case.filed_at is not None
