"""The case pages of studios and of what belongs to them; imported so that they are known."""

from studios.pages import (
    activity,
    advice,
    career,
    change,
    membership,
    output,
    plan,
    plaque,
    studio,
    summary,
    support,
)

__all__ = [
    "activity",
    "advice",
    "career",
    "change",
    "membership",
    "output",
    "plan",
    "plaque",
    "studio",
    "summary",
    "support",
]
