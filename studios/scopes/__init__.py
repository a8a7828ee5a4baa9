"""Who sees which studios and memberships, and who handles them: one Q per question."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from accounts.capacity import Capacity
from accounts.models import Kind, Role
from office.flow import EVERYTHING, NOTHING
from office.stead import in_stead
from programmes.scopes import audited_programmes
from studios.models import Membership, MembershipState, StudioState
from studios.scopes import people

OFFICES = (Role.OFFICER, Role.LEADER, Role.FINANCE)


def _has_member(**condition: object) -> Q:
    held = Membership.objects.filter(studio=OuterRef("pk"), state__in=MembershipState.held, **condition)
    return Q(Exists(held))


def studios_held(me: Capacity) -> Q:
    """DOMAIN: the owner all; a county and a school what is theirs or has their members; lead and member their own."""
    if me.holds(*OFFICES) and me.organisation_id:
        own = Q(programme__owner=me.organisation_id)
        if me.kind == Kind.SCHOOL:
            own |= Q(school=me.organisation_id) | _has_member(principal__school=me.organisation_id)
        else:
            own |= Q(authority=me.organisation_id) | _has_member(principal__school__parent=me.organisation_id)
        return own
    if me.holds(Role.PRINCIPAL):
        return people.lead("")(me) | _has_member(principal__user=me.user_id)
    if me.holds(Role.AUDITOR):
        return Q(programme__in=audited_programmes(me))
    return NOTHING


def studios_seen(me: Capacity) -> Q:
    """Those held, and what the public directory lists: of these whoever has an account sees what the public sees."""
    return EVERYTHING if me.clock else studios_held(me) | Q(state__in=StudioState.listed)


def memberships_seen(me: Capacity) -> Q:
    """The owner all; county and school those of their studios and their principals; lead and members their studio's."""
    if me.clock:
        return EVERYTHING
    if me.holds(*OFFICES) and me.organisation_id:
        here = me.organisation_id
        asked = ~Q(state=MembershipState.INVITED)
        if me.kind == Kind.SCHOOL:
            own = Q(principal__school=here) & asked
            return Q(studio__school=here) | own | Q(studio__programme__owner=here)
        own = Q(principal__school__parent=here) & asked
        return Q(studio__authority=here) | own | Q(studio__programme__owner=here)
    if me.holds(Role.PRINCIPAL):
        fellow = Membership.objects.filter(
            studio=OuterRef("studio"), principal__user=me.user_id, state__in=MembershipState.held
        )
        return (
            Q(principal__user=me.user_id)
            | people.lead("studio__")(me)
            | (Q(Exists(fellow)) & Q(state__in=MembershipState.held))
        )
    return NOTHING


def member_self(me: Capacity) -> Q:
    """The principal who was asked or is a member."""
    return Q(principal__user=me.user_id) if me.holds(Role.PRINCIPAL) else NOTHING


def member_school(me: Capacity) -> Q:
    """The member's school's officer, the member apart."""
    if me.officer_of(Kind.SCHOOL):
        return Q(principal__school=me.organisation_id)
    return NOTHING


def member_authority(me: Capacity) -> Q:
    """The officer of the authority of the member's school: the county, or the bureau for 市直."""
    if me.officer_of(Kind.COUNTY) or me.officer_of(Kind.BUREAU):
        return Q(principal__school__parent=me.organisation_id)
    return NOTHING


def member_school_stead(me: Capacity) -> Q:
    """The officer above a member's school that has no officer but the member."""
    return in_stead(me, Role.OFFICER, "principal__school", "principal")


def member_authority_stead(me: Capacity) -> Q:
    """The officer above the authority of a member's school that has none."""
    return in_stead(me, Role.OFFICER, "principal__school__parent", "principal")


def membership_interest(me: Capacity) -> Q:
    """The member's own matter."""
    return Q(principal__user=me.user_id) if me.may_be_principal else NOTHING
