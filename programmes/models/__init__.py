"""Under which rules: the measures, their articles and interpretations, programmes with their parameters, holidays."""

from .holiday import Holiday
from .interpretation import Interpretation, InterpretationState
from .measures import Article, Measures
from .programme import Programme, ProgrammeUserObjectPermission

__all__ = [
    "Article",
    "Holiday",
    "Interpretation",
    "InterpretationState",
    "Measures",
    "Programme",
    "ProgrammeUserObjectPermission",
]
