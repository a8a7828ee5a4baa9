"""Who keeps the settings of login safety, and who makes known how personal data is processed."""

from __future__ import annotations

from accounts.capacity import Capacity
from accounts.models import Kind, Role


def administers(me: Capacity) -> bool:
    """The system administrator."""
    return me.holds(Role.ADMIN)


def publishes(me: Capacity) -> bool:
    """The system administrator, and the leader of the bureau."""
    return administers(me) or (me.holds(Role.LEADER) and me.kind == Kind.BUREAU)
