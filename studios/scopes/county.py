"""Who reads and who writes a county's work plan for its studios (Art. 15)."""

from __future__ import annotations

from django.db.models import Q

from accounts.capacity import Capacity
from accounts.models import Kind, Role
from office.flow import NOTHING

OFFICES = (Role.OFFICER, Role.LEADER, Role.FINANCE)


def county_plans_seen(me: Capacity) -> Q:
    """The county its own, the bureau those of its counties."""
    if not me.holds(*OFFICES):
        return NOTHING
    if me.kind == Kind.COUNTY:
        return Q(county=me.organisation_id)
    return Q(county__parent=me.organisation_id) if me.kind == Kind.BUREAU else NOTHING


def keeps_county_plan(me: Capacity) -> bool:
    """The county's officers."""
    return me.officer_of(Kind.COUNTY)
