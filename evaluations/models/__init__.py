"""By what is judged: rubrics with their indicators."""

from .rubric import Indicator, Rubric

__all__ = ["Indicator", "Rubric"]
