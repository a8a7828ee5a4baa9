"""Who has a hand in a studio's work: each a way of saying it for rows whose studio lies at ``path``.

``path`` is the lookup to the studio with its trailing "__", or "" for studios themselves.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.capacity import Capacity
from accounts.models import Kind, Role
from office.flow import NOTHING, Who
from studios.models import (
    Membership,
    MembershipState,
    Staff,
    StaffKind,
    StudioState,
    StudioUserObjectPermission,
)


def _among(path: str, studios: QuerySet[Any, Any]) -> Q:
    return Q(**{f"{path}pk__in": studios})


def _leads(me: Capacity, path: str) -> Q:
    # Rights are always asked about today: an acting lead's end with their last day.
    today = timezone.localdate()
    acting = Q(**{f"{path}acting_lead__user": me.user_id, f"{path}acting_until__gte": today})
    return Q(**{f"{path}lead__user": me.user_id}) | acting


def lead(path: str) -> Who:
    """The lead, and whoever acts as lead while that lasts (at most 90 days)."""

    def lead(me: Capacity) -> Q:
        return _leads(me, path) if me.holds(Role.PRINCIPAL) else NOTHING

    return lead


def drafter(path: str) -> Who:
    """Whoever may write for the studio: its lead, and an assistant who was given that (Art. 7, a guardian grant)."""

    def drafter(me: Capacity) -> Q:
        if me.user_id is None:
            return NOTHING
        given = _among(path, drafted_studios(me))
        return given | _leads(me, path) if me.holds(Role.PRINCIPAL) else given

    return drafter


def going_on(path: str) -> Who:
    """On nobody's desk once the studio has ended (a turn, not a right: the step itself says why it is refused)."""

    def going_on(me: Capacity) -> Q:
        return Q(**{f"{path}state__in": StudioState.live})

    return going_on


def helper(path: str) -> Who:
    """An assistant who was given to draft, for studios that go on."""

    def helper(me: Capacity) -> Q:
        return _among(path, drafted_studios(me)) & going_on(path)(me) if me.user_id else NOTHING

    return helper


def drafted_studios(me: Capacity) -> QuerySet[Any, Any]:
    """The keys of the studios ``me`` was given to draft for, as long as they are an assistant there (Art. 7)."""
    today = timezone.localdate()
    here = Staff.objects.filter(
        Q(ends__isnull=True) | Q(ends__gte=today),
        studio=OuterRef("content_object"),
        user=OuterRef("user"),
        kind=StaffKind.ASSISTANT,
        starts__lte=today,
    )
    return StudioUserObjectPermission.objects.filter(
        Exists(here), user=me.user_id, permission__codename="draft_studio"
    ).values("content_object")


def _owner(role: Role, path: str, me: Capacity) -> Q:
    return Q(**{f"{path}programme__owner": me.organisation_id}) if me.holds(role) else NOTHING


def owner_officer(path: str) -> Who:
    """The owner's officers."""

    def owner_officer(me: Capacity) -> Q:
        return _owner(Role.OFFICER, path, me)

    return owner_officer


def owner_leader(path: str) -> Who:
    """The owner's leaders."""

    def owner_leader(me: Capacity) -> Q:
        return _owner(Role.LEADER, path, me)

    return owner_leader


def county_officer(path: str) -> Who:
    """The officer of the authority of the host school, where that is a county."""

    def county_officer(me: Capacity) -> Q:
        return Q(**{f"{path}authority": me.organisation_id}) if me.officer_of(Kind.COUNTY) else NOTHING

    return county_officer


def host_officer(path: str) -> Who:
    """The officer of the host school."""

    def host_officer(me: Capacity) -> Q:
        return Q(**{f"{path}school": me.organisation_id}) if me.officer_of(Kind.SCHOOL) else NOTHING

    return host_officer


def member(path: str) -> Who:
    """The members in their seats, in their own studio."""

    def member(me: Capacity) -> Q:
        if not me.holds(Role.PRINCIPAL):
            return NOTHING
        seats = Membership.objects.filter(principal__user=me.user_id, state__in=MembershipState.seated)
        return _among(path, seats.values("studio"))

    return member
