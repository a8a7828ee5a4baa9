"""The flows of portal: those whose nouns lie in apps below the door, and its own; found at start like those of every app."""

from portal.identity.flow import IDENTITY_CORRECTION
from portal.interpretations.flow import INTERPRETATION

__all__ = ["IDENTITY_CORRECTION", "INTERPRETATION"]
