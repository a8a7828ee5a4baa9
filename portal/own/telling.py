"""Telling a person what was done to their account."""

from __future__ import annotations

from django.urls import reverse

from accounts.models import User
from office import notices
from office.models import Entry, NoticeKind


def tell(user: User, entry: Entry, text: str) -> None:
    """A notice to ``user`` about ``entry``, once, which nobody can switch off; it leads to the person's own data."""
    notices.tell([user.pk], text, entry.at, kind=NoticeKind.SECURITY, url=reverse("own"), entry=entry)
