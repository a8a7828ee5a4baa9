"""代办: a step for which nobody is left stands on the desk of the organisation above, and is taken there, with an opinion."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.capacity import Capacity
from accounts.models import Appointment, Kind, Role
from office.flow import NOTHING


def in_stead(me: Capacity, role: Role, organisation: str, interested: str) -> Q:
    """Rows on which ``me`` acts for an organisation below that has nobody in ``role`` who may act.

    ``organisation`` is the path to the organisation whose step it is, ``interested`` the path to the principal
    whose own matter the row is: a holder of the role who is that principal doesn't count.
    """
    if not (me.holds(role) and me.kind in (Kind.COUNTY, Kind.BUREAU)):
        return NOTHING
    here = me.organisation_id
    deserted = ~Q(_manned(role, organisation, interested))
    below = Q(**{f"{organisation}__parent": here}) & deserted
    if me.kind == Kind.COUNTY:
        return below
    above = f"{organisation}__parent"
    return below | (Q(**{f"{above}__parent": here}) & deserted & ~Q(_manned(role, above, interested)))


def _manned(role: Role, organisation: str, interested: str) -> Exists:
    # Rights are always asked about today: an appointment that has ended gives none.
    held = Appointment.objects.valid(timezone.localdate()).filter(
        role=role, organisation=OuterRef(organisation), user__is_active=True
    )
    return Exists(held.exclude(user__principal=OuterRef(interested)))
