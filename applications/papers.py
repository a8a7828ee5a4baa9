"""What the official documents of a call say (being completed)."""

from __future__ import annotations

from applications.models import Announcement, Call, Publicity
from office.door import Act


def issue_call_notice(call: Call, act: Act) -> None:
    """The notice that opens a call."""


def issue_publicity(publicity: Publicity, act: Act) -> None:
    """The publicity list."""


def issue_announcement(announcement: Announcement, act: Act) -> None:
    """The announcement."""
