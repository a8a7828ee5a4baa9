"""The files of a call: the minutes of the meeting that discussed the leader's list (会议纪要)."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q

from accounts.capacity import Capacity
from applications.deciding import MINUTES
from applications.models import Call, CallState
from applications.scopes import STAFF
from office.attachments import FilePolicy, Slot, register
from office.flow import NOTHING
from office.models import Scope

LABEL = "会议纪要"
HINT = "研究审定名单的会议纪要，PDF 或照片"


def _slots(case: Call, me: Capacity) -> Sequence[Slot]:
    """The owner's officer or leader, until the list is decided."""
    owned = me.holds(*STAFF) and case.programme.owner_id == me.organisation_id
    if owned and case.state == CallState.REVIEWING:
        return [Slot(MINUTES, LABEL, required=True, hint=HINT, scope=Scope.HANDLERS)]
    return []


def _visible(me: Capacity) -> Q:
    """The owner's officer and leader alone; the call itself is seen by others too."""
    if not me.holds(*STAFF):
        return NOTHING
    return Q(object_id__in=Call.objects.filter(programme__owner=me.organisation_id).values("pk"))


register(FilePolicy("call", slots=_slots, visible=_visible, labels=lambda case: {MINUTES: LABEL}))
