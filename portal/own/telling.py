"""Telling a person what was done to their account."""

from __future__ import annotations

from django.urls import reverse

from accounts.models import User
from office.models import Entry, Notice


def tell(user: User, entry: Entry, text: str) -> None:
    """A notice to ``user`` about ``entry``, once; it leads to the person's own data."""
    Notice.objects.create(user=user, entry=entry, text=text[:300], url=reverse("own"), at=entry.at)
