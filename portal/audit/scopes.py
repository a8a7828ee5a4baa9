"""What a security auditor sees (DOMAIN.md): sign-ins, headers of entries, the chain. Of a county: its own and its schools'."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from accounts.capacity import Capacity
from accounts.models import Appointment, Kind, Role

EVERYTHING = Q(pk__isnull=False)
NOTHING = Q(pk__in=[])


def audits(me: Capacity) -> bool:
    """Whether the logs are this capacity's business."""
    return me.holds(Role.SECURITY)


def audits_all(me: Capacity) -> bool:
    """Whether this capacity sees the whole log and may have its chain verified."""
    return audits(me) and me.kind == Kind.BUREAU


def _own(me: Capacity, prefix: str) -> Q:
    """The appointments at the auditor's organisation and below it."""
    return Q(**{f"{prefix}organisation": me.organisation_id}) | Q(
        **{f"{prefix}organisation__parent": me.organisation_id}
    )


def visible_sign_ins(me: Capacity) -> Q:
    """A county's auditor: of those who have or had an appointment there; unknown names are the bureau's."""
    if audits_all(me):
        return EVERYTHING
    if audits(me):
        return Q(Exists(Appointment.objects.filter(_own(me, ""), user=OuterRef("user"))))
    return NOTHING


def visible_entries(me: Capacity) -> Q:
    """A county's auditor: what was done there."""
    if audits_all(me):
        return EVERYTHING
    return _own(me, "appointment__") if audits(me) else NOTHING
