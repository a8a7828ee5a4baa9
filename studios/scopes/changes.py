"""Who sees the changes of a studio's fortune, and whose word they need."""

from __future__ import annotations

from django.db.models import Q

from accounts.capacity import Capacity
from accounts.models import Kind, Role
from office.flow import EVERYTHING, NOTHING
from office.stead import in_stead
from programmes.scopes import audited_programmes
from studios.models import ChangeKind
from studios.scopes import OFFICES
from studios.scopes.people import lead


def changes_seen(me: Capacity) -> Q:
    """Owner, host school and county, lead; the new school and its authority, the successor; the auditor."""
    if me.clock:
        return EVERYTHING
    if me.holds(*OFFICES) and me.organisation_id:
        here = me.organisation_id
        own = Q(studio__programme__owner=here) | Q(organisation=here)
        if me.kind == Kind.SCHOOL:
            return own | Q(studio__school=here) | Q(school=here)
        return own | Q(studio__authority=here) | Q(school__parent=here)
    if me.holds(Role.PRINCIPAL):
        return lead("studio__")(me) | Q(lead__user=me.user_id)
    return Q(studio__programme__in=audited_programmes(me)) if me.holds(Role.AUDITOR) else NOTHING


def change_interest(me: Capacity) -> Q:
    """The matter of the lead and of the successor."""
    if not me.may_be_principal:
        return NOTHING
    return Q(studio__lead__user=me.user_id) | Q(lead__user=me.user_id)


def new_school(me: Capacity) -> Q:
    """The officer of the school that is to be host."""
    if me.officer_of(Kind.SCHOOL):
        return Q(kind=ChangeKind.RELOCATE, school=me.organisation_id)
    return NOTHING


def new_authority(me: Capacity) -> Q:
    """The officer of the authority of that school."""
    if me.officer_of(Kind.COUNTY) or me.officer_of(Kind.BUREAU):
        return Q(kind=ChangeKind.RELOCATE, school__parent=me.organisation_id)
    return NOTHING


def new_school_stead(me: Capacity) -> Q:
    """The officer above a new host school that has no officer."""
    return _of_relocation(in_stead(me, Role.OFFICER, "school", "studio__lead"))


def new_authority_stead(me: Capacity) -> Q:
    """The officer above the authority of a new host school that has none."""
    return _of_relocation(in_stead(me, Role.OFFICER, "school__parent", "studio__lead"))


def _of_relocation(found: Q) -> Q:
    return found if found == NOTHING else found & Q(kind=ChangeKind.RELOCATE)


def successor(me: Capacity) -> Q:
    """The principal who is to lead, or to act as lead."""
    if me.holds(Role.PRINCIPAL):
        return Q(kind__in=ChangeKind.led, lead__user=me.user_id)
    return NOTHING


def proposer(me: Capacity) -> Q:
    """The lead for what the lead proposed; the officers of the county or owner for theirs."""
    if me.holds(Role.OFFICER) and me.organisation_id:
        return Q(organisation=me.organisation_id)
    mine = lead("studio__")(me)
    return mine if mine == NOTHING else mine & Q(organisation__isnull=True)
