"""How work moves: cases, history, attachments, documents, notices, jobs."""

from .attachment import Attachment, Scope
from .case import Case
from .consultation import Consultation, ConsultationState, ConsultGrant
from .document import NumberSeries, OfficialDocument
from .entry import Entry, Seal
from .filing import Filing, FilingVersion
from .job import Job
from .notice import Choice, Mail, Notice, NoticeKind, Watch, Way

__all__ = [
    "Attachment",
    "Case",
    "Choice",
    "ConsultGrant",
    "Consultation",
    "ConsultationState",
    "Entry",
    "Filing",
    "FilingVersion",
    "Job",
    "Mail",
    "Notice",
    "NoticeKind",
    "NumberSeries",
    "OfficialDocument",
    "Scope",
    "Seal",
    "Watch",
    "Way",
]
