"""The flows whose nouns lie in apps below the door; found at start like those of every app."""

from portal.interpretations.flow import INTERPRETATION

__all__ = ["INTERPRETATION"]
