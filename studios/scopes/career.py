"""Who sees and writes a member's career plan: that member and the lead; once agreed, owner and county too."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from accounts.capacity import Capacity
from accounts.models import Kind, Role
from office.flow import EVERYTHING, NOTHING, any_of
from studios.models import CareerPlanVersion, MembershipState
from studios.scopes import OFFICES, people

lead = people.lead("membership__studio__")
drafter = people.drafter("membership__studio__")


def member_self(me: Capacity) -> Q:
    """The member whose plan it is."""
    return Q(membership__principal__user=me.user_id) if me.holds(Role.PRINCIPAL) else NOTHING


def fillers(me: Capacity) -> Q:
    """Both fill it in: the member; the lead, or an assistant who drafts."""
    return any_of((member_self(me), drafter(me)))


def seat_held(me: Capacity) -> Q:
    """On nobody's desk once the member has left, or the studio has ended."""
    return Q(membership__state__in=MembershipState.live)


def career_plans_seen(me: Capacity) -> Q:
    """Its writers always; owner and county of the member's school what was agreed once. No other member."""
    if me.clock:
        return EVERYTHING
    return any_of((fillers(me), _offices(me)))


def _offices(me: Capacity) -> Q:
    if not (me.holds(*OFFICES) and me.organisation_id) or me.kind == Kind.SCHOOL:
        return NOTHING
    here = me.organisation_id
    agreed = Exists(CareerPlanVersion.objects.filter(plan=OuterRef("pk")))
    own = Q(membership__studio__programme__owner=here) | Q(membership__principal__school__parent=here)
    return own & Q(agreed)
