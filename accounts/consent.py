"""Agreeing to the notice of data processing, and making a new version of it known."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.db import transaction

from accounts.models import Consent, ConsentKind, DataNotice, User

FIRST = Path(__file__).with_name("first_notice.txt")


def current() -> DataNotice | None:
    """The version in force; None before one was published: then there is nothing to agree to."""
    return DataNotice.objects.order_by("-version").first()


def has_agreed(user: User, notice: DataNotice) -> bool:
    """Whether the person agreed to this version for the use of the account."""
    return Consent.objects.filter(user=user, notice=notice, kind=ConsentKind.LOGIN).exists()


def agree(
    user: User,
    notice: DataNotice,
    at: datetime,
    kinds: tuple[str, ...] = (ConsentKind.LOGIN,),
    about: str = "",
) -> None:
    """Keep that ``user`` agreed at ``at``, a row for each of ``kinds``; for the account only once."""
    Consent.objects.bulk_create(
        (Consent(user=user, notice=notice, kind=kind, about=about, at=at) for kind in kinds),
        ignore_conflicts=True,
    )


@transaction.atomic
def publish(text: str, at: datetime) -> DataNotice:
    """A new version; whoever comes in from now on is asked again."""
    last = DataNotice.objects.select_for_update().order_by("-version").first()
    number = last.version + 1 if last else 1
    return DataNotice.objects.create(version=number, text=text, published_at=at)


def lay(at: datetime) -> DataNotice:
    """The first version, where there is none yet; returns the one in force."""
    return current() or publish(FIRST.read_text(encoding="utf-8").strip(), at)
