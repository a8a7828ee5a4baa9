"""The tables of Art. 9: call, application, proposed member, review, publicity, objection, announcement."""

from . import promises, reminders  # noqa: F401 - known by import
from .announcement import ANNOUNCEMENT
from .application import APPLICATION
from .call import CALL
from .member import PROPOSED_MEMBER
from .publicity import OBJECTION, PUBLICITY
from .review import REVIEW

__all__ = [
    "ANNOUNCEMENT",
    "APPLICATION",
    "CALL",
    "OBJECTION",
    "PROPOSED_MEMBER",
    "PUBLICITY",
    "REVIEW",
]
