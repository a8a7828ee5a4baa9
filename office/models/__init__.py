"""How work moves: cases, history, attachments, documents, notices, jobs."""

from .attachment import Attachment, Scope
from .case import Case
from .document import NumberSeries, OfficialDocument
from .entry import Entry, Seal
from .filing import Filing, FilingVersion
from .job import Job
from .notice import Notice

__all__ = [
    "Attachment",
    "Case",
    "Entry",
    "Filing",
    "FilingVersion",
    "Job",
    "Notice",
    "NumberSeries",
    "OfficialDocument",
    "Scope",
    "Seal",
]
