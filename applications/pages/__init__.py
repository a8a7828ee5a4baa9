"""What case pages and the desk show of this app; each module registers its own."""

from . import application, desk, member

__all__ = ["application", "desk", "member"]
