"""The flows of studios: the studio itself, its members, what it plans, does and hands in."""

from .membership import MEMBERSHIP, members_change_school
from .plan import PLAN
from .studio import STUDIO, activate_when_full

__all__ = ["MEMBERSHIP", "PLAN", "STUDIO", "activate_when_full", "members_change_school"]
