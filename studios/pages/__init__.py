"""The case pages of studios and of what belongs to them; imported so that they are known."""

from studios.pages import membership, plan, plaque, studio

__all__ = ["membership", "plan", "plaque", "studio"]
