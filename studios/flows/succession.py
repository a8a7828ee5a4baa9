"""A school that was merged into another: its studios, and what stands open there, follow (DOMAIN "Models")."""

from __future__ import annotations

from datetime import datetime

from accounts.capacity import Capacity
from accounts.models import Organisation
from office.door import follow
from office.models import Entry
from studios.flows.fortune import host
from studios.models import ChangeState, PledgeState, Studio, StudioChange, StudioState, SupportPledge


def school_merged(
    old: Organisation, new: Organisation, me: Capacity, at: datetime, cause: Entry | None
) -> int:
    """What is at ``old`` goes on at ``new``, inside the caller's transaction; returns how many studios moved.

    The memberships of its principals follow with their records: nobody is asked for a consent anew.
    """
    studios = (
        Studio.objects.filter(school=old, state__in=StudioState.live)
        .select_related("programme", "lead", "school")
        .order_by("pk")
    )
    moved = list(studios.select_for_update(of=("self",), no_key=True))
    for studio in moved:
        facts = host(studio, new) | {"缘由": ["", f"{old}并入{new}"]}
        follow(studio, "relocate", me, at, cause=cause, facts=facts)
    StudioChange.objects.filter(school=old, state__in=ChangeState.open).update(school=new)
    SupportPledge.objects.filter(school=old, state=PledgeState.OPEN).update(school=new)
    return len(moved)
