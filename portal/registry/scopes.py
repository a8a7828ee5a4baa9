"""Who sees and who changes what in the registry: one Q per kind of row.

Bureau officer: all. System administrator: organisations, accounts and appointments, no principals' records (they
are business data). County officer: its schools, their people and principals.
School officer: the principals' records of the school, to read. Others: nothing.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.capacity import Capacity
from accounts.models import Appointment, Kind, Principal, Role

EVERYTHING = Q(pk__isnull=False)
NOTHING = Q(pk__in=[])
GUARDED = (Role.ADMIN, Role.SECURITY)


def keeps_all(me: Capacity) -> bool:
    """Whether the whole registry is in this capacity's hands."""
    return me.holds(Role.ADMIN) or me.officer_of(Kind.BUREAU)


def keeps_some(me: Capacity) -> bool:
    """Whether this capacity may change anything in the registry."""
    return keeps_all(me) or me.officer_of(Kind.COUNTY)


def visible_organisations(me: Capacity) -> Q:
    if keeps_all(me):
        return EVERYTHING
    if me.officer_of(Kind.COUNTY):
        return Q(pk=me.organisation_id) | Q(parent=me.organisation_id, kind=Kind.SCHOOL)
    return NOTHING


def editable_organisations(me: Capacity) -> Q:
    """A county keeps its schools, not itself."""
    return visible_organisations(me) if keeps_all(me) else visible_organisations(me) & Q(kind=Kind.SCHOOL)


def visible_appointments(me: Capacity) -> Q:
    if keeps_all(me):
        return EVERYTHING
    if me.officer_of(Kind.COUNTY):
        return Q(organisation=me.organisation_id) | Q(
            organisation__parent=me.organisation_id, organisation__kind=Kind.SCHOOL
        )
    return NOTHING


def editable_appointments(me: Capacity) -> Q:
    """Administrators' and security auditors' appointments are in the administrators' hands alone."""
    if me.holds(Role.ADMIN):
        return EVERYTHING
    if me.officer_of(Kind.BUREAU):
        return ~Q(role__in=GUARDED)
    if me.officer_of(Kind.COUNTY):
        return Q(organisation__parent=me.organisation_id, organisation__kind=Kind.SCHOOL)
    return NOTHING


def visible_users(me: Capacity) -> Q:
    """People with an appointment, past or present, that is visible."""
    if keeps_all(me):
        return EVERYTHING
    if me.officer_of(Kind.COUNTY):
        return Q(Exists(Appointment.objects.filter(visible_appointments(me), user=OuterRef("pk"))))
    return NOTHING


def editable_users(me: Capacity) -> Q:
    """People all of whose present appointments this capacity keeps, never oneself.

    Otherwise a new password for a colleague at school would open what that person does elsewhere.
    """
    if not keeps_some(me):
        return NOTHING
    today = timezone.localdate()
    beyond = Appointment.objects.valid(today).filter(user=OuterRef("pk")).exclude(editable_appointments(me))
    return visible_users(me) & ~Q(pk=me.user_id) & ~Q(Exists(beyond))


def visible_principals(me: Capacity) -> Q:
    if me.officer_of(Kind.BUREAU):
        return EVERYTHING
    if me.officer_of(Kind.COUNTY):
        return Q(school__parent=me.organisation_id)
    if me.officer_of(Kind.SCHOOL):
        return Q(school=me.organisation_id)
    return NOTHING


def sees_principals(me: Capacity) -> bool:
    """Whether there are principals' records for this capacity at all."""
    return visible_principals(me) != NOTHING


def keeps_principals(me: Capacity) -> bool:
    """Whether this capacity enters and changes principals' records: bureau and county, not the administrator."""
    return me.officer_of(Kind.BUREAU) or me.officer_of(Kind.COUNTY)


def editable_principals(me: Capacity) -> Q:
    return visible_principals(me) if keeps_principals(me) else NOTHING


def may_unmask_identity(me: Capacity, principal: Principal) -> bool:
    """The bureau's officer, and the officer of the principal's own school."""
    if me.officer_of(Kind.BUREAU):
        return True
    return me.officer_of(Kind.SCHOOL) and principal.school_id == me.organisation_id


def may_unmask_phone(me: Capacity, principal: Principal) -> bool:
    """As the identity number; the county's officer too, for its schools."""
    if may_unmask_identity(me, principal):
        return True
    return me.officer_of(Kind.COUNTY) and principal.school.parent_id == me.organisation_id
