"""Who sees and who handles activities: of a studio, or held by an organisation with studios (Art. 14, 15)."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from accounts.capacity import Capacity
from accounts.models import Kind, Role
from office.alternatives import matching
from office.flow import EVERYTHING, NOTHING, any_of, either
from studios.models import Activity, Studio, StudioState
from studios.scopes import studios_held
from studios.scopes.people import drafter, lead
from studios.scopes.work import held

ORGANISERS = (Kind.BUREAU, Kind.COUNTY, Kind.SUPPORT)


def organises(me: Capacity) -> bool:
    """Whether ``me`` holds activities with studios: bureau, county, support body (Art. 15), third party (Art. 14)."""
    return (me.holds(Role.OFFICER) and me.kind in ORGANISERS) or me.holds(Role.MANAGER)


def organiser(me: Capacity) -> Q:
    """The officer of the organisation that holds it."""
    return Q(organiser=me.organisation_id) if organises(me) else NOTHING


# Whoever writes what was planned and reported; whoever says that it was held.
writer = either(drafter("studio__"), organiser)
holder = either(lead("studio__"), organiser)


def activities_seen(me: Capacity) -> Q:
    """Those of the studios one holds, own or joined, those of one's organisation, and those one may write."""
    if me.clock:
        return EVERYTHING
    mine = studios_held(me)
    joined = Activity.partners.through._default_manager.filter(
        activity=OuterRef("pk"), studio__in=matching(Studio.objects.all(), mine)
    )
    joins = NOTHING if mine == NOTHING else Q(Exists(joined))
    own = Q(organiser=me.organisation_id) if me.organisation_id and not me.holds(Role.PRINCIPAL) else NOTHING
    return any_of((held("studio__")(me), joins, own, writer(me)))


def studios_to_join(me: Capacity) -> Q:
    """The live studios with which ``me`` may hold an activity: one's own, or those of the authority above."""
    if not organises(me) or me.organisation is None:
        return NOTHING
    if me.kind in (Kind.BUREAU, Kind.COUNTY):
        found = studios_held(me)
    else:
        above = me.organisation.parent_id
        found = Q(programme__owner=above) | Q(authority=above) if above else NOTHING
    return found if found == NOTHING else found & Q(state__in=StudioState.live)
