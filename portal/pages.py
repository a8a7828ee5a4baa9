"""The case pages of portal's flows; found at start like those of every app."""

from portal.identity import page as identity
from portal.interpretations import page as interpretations
from portal.safety import panel as safety

__all__ = ["identity", "interpretations", "safety"]
