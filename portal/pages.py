"""The case pages of portal's flows; found at start like those of every app."""

from portal.interpretations import page

__all__ = ["page"]
