"""The flows of studios: the studio itself, its members, what it plans, does and hands in."""

from . import deadlines, grants, reminders  # noqa: F401 - known by import
from .activity import ACTIVITY
from .advice import ADVICE
from .career import CAREER_PLAN
from .change import STUDIO_CHANGE
from .membership import MEMBERSHIP, members_change_school
from .output import OUTPUT
from .plan import PLAN
from .studio import STUDIO, activate_when_full
from .succession import school_merged
from .summary import SUMMARY, open_summary
from .support import PLEDGE, register_promise

__all__ = [
    "ACTIVITY",
    "ADVICE",
    "CAREER_PLAN",
    "MEMBERSHIP",
    "OUTPUT",
    "PLAN",
    "PLEDGE",
    "STUDIO",
    "STUDIO_CHANGE",
    "SUMMARY",
    "activate_when_full",
    "members_change_school",
    "open_summary",
    "register_promise",
    "school_merged",
]
