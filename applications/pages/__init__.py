"""What case pages and the desk show of this app; each module registers its own."""

from . import announcement, application, desk, member, objection, publicity

__all__ = ["announcement", "application", "desk", "member", "objection", "publicity"]
