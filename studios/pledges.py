"""Support of host and member schools (Art. 12): asked for each studio year, with what was said before filled in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.capacity import Capacity
from office.door import Act, begin, follow_each
from office.models import Entry
from studios.models import (
    Membership,
    MembershipState,
    PledgeState,
    Studio,
    StudioState,
    StudioYear,
    SupportPledge,
)

OF_HOST = ("workplace", "area", "equipment", "load")
OF_MEMBER = ("convenience", "funds")
LIVE = (PledgeState.OPEN, PledgeState.CONFIRMED)

# What the host promised when it applied, told by the app that keeps applications.
Promise = Callable[[Studio], Mapping[str, Any]]
_promises: list[Promise] = []


def register_promise(promise: Promise) -> Promise:
    """Make known what a studio's host school promised: columns of a pledge; returns ``promise``."""
    _promises.append(promise)
    return promise


def years_asked(at: datetime) -> QuerySet[StudioYear]:
    """The years of studios at work for which schools are asked at ``at``: those that last, and a term's first year."""
    today = timezone.localdate(at)
    return StudioYear.objects.filter(
        Q(starts__lte=today) | Q(number=1),
        ends__gte=today,
        term__studio__state__in=(StudioState.ACTIVE, StudioState.RECTIFYING),
    )


def lacking_pledges(at: datetime) -> QuerySet[StudioYear]:
    """Of these the years in which the host school or a seated member's school has not been asked yet."""
    live = SupportPledge.objects.filter(state__in=LIVE)
    host = live.filter(year=OuterRef("pk"), membership__isnull=True)
    asked = live.filter(year=OuterRef(OuterRef("pk")), membership=OuterRef("pk"))
    seats = Membership.objects.filter(
        ~Exists(asked), studio=OuterRef("term__studio"), state__in=MembershipState.seated
    )
    return years_asked(at).filter(~Exists(host) | Exists(seats))


@transaction.atomic
def open_pledges(year: StudioYear, me: Capacity, at: datetime, cause: Entry | None = None) -> int:
    """Ask the host school and each seated member's school that was not asked for ``year``; returns how many."""
    studio = (
        Studio.objects.select_for_update(of=("self",), no_key=True)
        .select_related("school")
        .get(pk=year.term.studio_id)
    )
    live = SupportPledge.objects.filter(year=year, state__in=LIVE)
    asked = set(live.values_list("membership", flat=True))
    opened = 0
    if None not in asked:
        pledge = SupportPledge(year=year, school=studio.school, **_said_before(studio))
        begin(pledge, me, at, "请学校确认", cause=cause)
        opened += 1
    seats = studio.memberships.filter(state__in=MembershipState.seated).exclude(pk__in=asked - {None})
    for seat in seats.select_related("principal__school"):
        school = seat.principal.school
        pledge = SupportPledge(
            year=year, school=school, membership=seat, **_last(studio, OF_MEMBER, school_id=school.pk)
        )
        begin(pledge, me, at, "请学校确认", cause=cause)
        opened += 1
    return opened


def _said_before(studio: Studio) -> dict[str, Any]:
    """What the host school confirmed last; before the first time, what it promised when it applied."""
    before = _last(studio, OF_HOST, school_id=studio.school_id, membership=None)
    if before:
        return before
    found = (promise(studio) for promise in _promises)
    return next(({key: said[key] for key in OF_HOST if said.get(key)} for said in found if said), {})


def _last(studio: Studio, columns: Iterable[str], **school: Any) -> dict[str, Any]:
    rows = SupportPledge.objects.filter(year__term__studio=studio, state=PledgeState.CONFIRMED, **school)
    return rows.order_by("-year__starts").values(*columns).first() or {}


def open_for_studio(studio: Studio, act: Act) -> None:
    """Ask for the years that are to be asked for, with the step that made the studio active."""
    for year in years_asked(act.at).filter(term__studio=studio).select_related("term"):
        open_pledges(year, act.me, act.at, act.entry)


def open_for_member(membership: Membership, act: Act) -> None:
    """A new member's school is asked with the member's seat."""
    open_for_studio(membership.studio, act)


def lapse(rows: QuerySet[SupportPledge], act: Act) -> None:
    """What is open or confirmed in ``rows`` is no longer needed."""
    live = rows.filter(state__in=LIVE).select_related("year__term__studio__programme")
    pledges = list(live.select_for_update(of=("self",), no_key=True))
    follow_each(pledges, "lapse", act.me, act.at, cause=act.entry)


def lapse_of_member(membership: Membership, act: Act) -> None:
    """Whoever leaves, or changes school, needs the old school's support no more; what is past stays as it was."""
    today = timezone.localdate(act.at)
    lapse(SupportPledge.objects.filter(membership=membership, year__ends__gte=today), act)


def host_moves(studio: Studio, act: Act) -> None:
    """With the studio the host's support moves: the old host is asked no more, the new one for its own (Art. 12).

    A school that the old one was merged into carries on what that one gave.
    """
    today = timezone.localdate(act.at)
    hosts = SupportPledge.objects.filter(year__term__studio=studio, membership=None, year__ends__gte=today)
    lapse(hosts.exclude(school=studio.school).exclude(school__succeeded_by=studio.school), act)
    open_for_studio(studio, act)


def lapse_of_studio(studio: Studio, act: Act) -> None:
    """A studio that has ended needs no support any more; what is past, and what was confirmed, stays as it was."""
    lapse(SupportPledge.objects.filter(year__term__studio=studio, state=PledgeState.OPEN), act)
