"""The flows of studios: the studio itself, its members, what it plans, does and hands in."""

from . import deadlines, reminders  # noqa: F401 - known to the clock by import
from .advice import ADVICE
from .membership import MEMBERSHIP, members_change_school
from .plan import PLAN
from .studio import STUDIO, activate_when_full
from .summary import SUMMARY, open_summary
from .support import PLEDGE, register_promise

__all__ = [
    "ADVICE",
    "MEMBERSHIP",
    "PLAN",
    "PLEDGE",
    "STUDIO",
    "SUMMARY",
    "activate_when_full",
    "members_change_school",
    "open_summary",
    "register_promise",
]
