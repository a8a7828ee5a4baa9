"""Under which rules: the measures and their articles, programmes with their parameters, holidays."""

from .holiday import Holiday
from .measures import Article, Measures
from .programme import Programme, ProgrammeUserObjectPermission

__all__ = ["Article", "Holiday", "Measures", "Programme", "ProgrammeUserObjectPermission"]
