"""Who sees and who keeps rubrics."""

from __future__ import annotations

from django.db.models import Q

from accounts.capacity import Capacity
from accounts.models import Role
from office.flow import NOTHING


def rubrics_seen(me: Capacity) -> Q:
    """The rubrics of the programmes that my organisation owns."""
    owners = me.holds(Role.OFFICER, Role.LEADER)
    return Q(programme__owner=me.organisation_id) if owners else NOTHING


def rubrics_kept(me: Capacity) -> Q:
    """Those the owner's officer writes."""
    return Q(programme__owner=me.organisation_id) if me.holds(Role.OFFICER) else NOTHING
