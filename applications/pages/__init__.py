"""What case pages and the desk show of this app; each module registers its own."""

from . import announcement, application, call, desk, funnel, member, minutes, objection, publicity, review

__all__ = [
    "announcement",
    "application",
    "call",
    "desk",
    "funnel",
    "member",
    "minutes",
    "objection",
    "publicity",
    "review",
]
