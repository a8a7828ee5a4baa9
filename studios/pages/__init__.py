"""The case pages of studios and of what belongs to them; imported so that they are known."""

from studios.pages import advice, membership, plan, plaque, studio, summary, support

__all__ = ["advice", "membership", "plan", "plaque", "studio", "summary", "support"]
