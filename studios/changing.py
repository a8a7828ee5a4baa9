"""Proposing a change of a studio's fortune."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.capacity import Capacity
from accounts.holders import holders
from accounts.models import Role
from office.door import Refused, begin
from office.flow import Missing, either
from office.models import Entry, NoticeKind
from office.notices import tell
from studios.flows import tells
from studios.models import ChangeKind, ChangeState, Studio, StudioChange
from studios.rules.changes import may_be
from studios.scopes import people

proposers = either(people.lead(""), people.county_officer(""), people.owner_officer(""))


def waiting_for(change: StudioChange) -> list[int]:
    """The accounts whose word the change waits for."""
    if change.state == ChangeState.READY:
        return list(tells.the_owners_leaders(change))
    if change.school:
        authority = change.school.parent_id
        return [
            *holders(Role.OFFICER, change.school.pk),
            *(holders(Role.OFFICER, authority) if authority else ()),
        ]
    return tells.account(change.lead)


@transaction.atomic
def propose(change: StudioChange, me: Capacity, at: datetime, cause: Entry | None = None) -> StudioChange:
    """Bring ``change``, not yet saved, before those whose word it needs; the studio's row is the lock.

    Raises PermissionDenied (neither lead, county nor owner), Refused (what the kind asks for, or one is open).
    """
    rows = Studio.objects.select_related("programme", "lead__school", "school", "acting_lead")
    change.studio = rows.select_for_update(of=("self",), no_key=True).get(pk=change.studio_id)
    if not Studio.objects.filter(proposers(me), pk=change.studio_id).exists():
        raise PermissionDenied("变更由领衔人、旗县区或主管项目的教育局提出。")
    if found := [*may_be(change, at), *_another(change)]:
        raise Refused(found)
    change.state = ChangeState.PROPOSED if change.kind in ChangeKind.agreed else ChangeState.READY
    change.organisation = me.organisation if me.holds(Role.OFFICER) else None
    entry = begin(change, me, at, f"提出{change.get_kind_display()}", cause=cause, opinion=change.reason)
    tell(
        waiting_for(change),
        f"{change}：请办理",
        at,
        kind=NoticeKind.ACTION,
        url=change.get_absolute_url(),
        entry=entry,
    )
    return change


def _another(change: StudioChange) -> list[Missing]:
    present = StudioChange.objects.filter(
        studio=change.studio_id, kind=change.kind, state__in=ChangeState.open
    ).first()
    return [Missing(f"同一事项正在办理（{present.get_state_display()}）")] if present else []
