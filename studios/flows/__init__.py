"""The flows of studios: the studio itself, its members, what it plans, does and hands in."""

from . import reminders  # noqa: F401 - known to the clock by import
from .membership import MEMBERSHIP, members_change_school
from .plan import PLAN
from .studio import STUDIO, activate_when_full

__all__ = ["MEMBERSHIP", "PLAN", "STUDIO", "activate_when_full", "members_change_school"]
