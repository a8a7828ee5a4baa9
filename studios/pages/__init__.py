"""The case pages of studios and of what belongs to them; imported so that they are known."""

from studios.pages import advice, career, change, membership, plan, plaque, studio, summary, support

__all__ = [
    "advice",
    "career",
    "change",
    "membership",
    "plan",
    "plaque",
    "studio",
    "summary",
    "support",
]
