"""Finding principals to be asked: for an application's proposed members, for a studio's members (Art. 6)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from accounts.models import Principal

FOUND_AT_MOST = 20


def ground(place: Any) -> str:
    """Why somebody may be a member, in the words of whoever reads it later: the grounds, and the exception's reason.

    ``place``: a membership, or a proposed one, with ``basis`` and ``exception``.
    """
    return "；".join(
        words for words in (place.basis, place.exception and f"例外：{place.exception}") if words
    )


def exception_said(place: Any) -> str:
    """What whoever consents is shown before they do; empty where Art. 6(2) is met."""
    if not place.exception:
        return ""
    return f"{place.principal.name}不符合第六条“原则上”的条件，领衔人说明的例外理由：{place.exception}"


@dataclass(frozen=True)
class Candidate:
    """One principal who may be asked. ``basis``: the grounds of Art. 6(2), empty where a reason is needed."""

    principal: Principal
    basis: str
    asked: bool

    @property
    def exceptional(self) -> bool:
        """Art. 6(2) 原则上: only with a reason."""
        return self.principal.exceptional


def candidates(words: str, owner_id: int, lead_id: int, asked: Collection[int]) -> list[Candidate]:
    """Principals of the area of ``owner_id`` found by name, initials of the name, or school, the lead apart.

    ``asked``: the keys of those who have been. No personal data but name, post, school and grounds is meant to be
    shown of them. One query.
    """
    if not words.strip():
        return []
    rows = Principal.objects.found(words, owner_id).exclude(pk=lead_id)
    return [Candidate(row, "、".join(row.basis()), row.pk in asked) for row in rows[:FOUND_AT_MOST]]
