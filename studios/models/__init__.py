"""Studios: what an announcement creates."""

from .membership import Membership, MembershipState
from .studio import Bar, Plaque, Stage, Studio, StudioState, StudioYear, Term

__all__ = [
    "Bar",
    "Membership",
    "MembershipState",
    "Plaque",
    "Stage",
    "Studio",
    "StudioState",
    "StudioYear",
    "Term",
]
