"""代办: a step for which nobody is left stands on the desk of the organisation above, and is taken there, with an opinion."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, Value, When
from django.utils import timezone

from accounts.capacity import FACTS, Capacity
from accounts.models import Appointment, Kind, Organisation, Role
from office.flow import NOTHING

# Whether somewhere below there may be nobody left. Where every organisation has its officers, the rule costs nothing.
DESERTED_BELOW = "deserted_below"


def in_stead(me: Capacity, role: Role, organisation: str, interested: str) -> Q:
    """Rows on which ``me`` acts for an organisation below that has nobody in ``role`` who may act.

    ``organisation`` is the path to the organisation whose step it is, ``interested`` the path to the principal
    whose own matter the row is: a holder of the role who is that principal doesn't count.
    """
    if not (me.holds(role) and me.kind in (Kind.COUNTY, Kind.BUREAU)):
        return NOTHING
    if role == Role.OFFICER and not me.fact(DESERTED_BELOW):
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


def deserted_below(on: date) -> Any:
    """Of an officer's appointment: whether an organisation below has no officer whose own matter no case can be.

    Those right below are enough: what lies below them comes here only where one of them has nobody.
    """
    safe = Appointment.objects.valid(on).filter(
        organisation=OuterRef("pk"), role=Role.OFFICER, user__is_active=True, user__principal__isnull=True
    )
    places = Organisation.objects.filter(
        ~Exists(safe), parent=OuterRef("organisation"), kind__in=(Kind.SCHOOL, Kind.COUNTY)
    )
    return Case(
        When(role=Role.OFFICER, then=Exists(places)),
        default=Value(False),
        output_field=BooleanField(),
    )


FACTS[DESERTED_BELOW] = deserted_below
