"""What somebody is at all: all that a condition may ask of a capacity before any row is looked at.

Two people of one standing are asked the same question with other values, so the question is written once for both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any, cast

from django.utils import timezone

from accounts.capacity import FACTS, Capacity
from accounts.statements import Given, GivenMoment

AT = cast(datetime, GivenMoment("at"))


@dataclass(frozen=True)
class Standing:
    """Role, kind of organisation, what is stated of the appointment; rights are asked about the day ``today``.

    ``under``: the organisation has one above it. ``deputy``: the person acts for one who is away.
    """

    role: str
    kind: str
    under: bool
    deputy: bool
    facts: tuple[tuple[str, bool], ...]
    today: date

    @property
    def anybody(self) -> Capacity:
        """Whoever is of this standing: what tells people apart is ``Given``.

        It has nothing else, so a condition that asks for more fails, instead of being kept with what one person is.
        """
        organisation = SimpleNamespace(
            pk=Given("organisation"), kind=self.kind, parent_id=Given("above") if self.under else None
        )
        appointment = SimpleNamespace(
            pk=Given("appointment"),
            role=self.role,
            organisation=organisation,
            organisation_id=organisation.pk,
            **dict(self.facts),
        )
        away = Given("away") if self.deputy else None
        return Capacity(cast(Any, Given("user")), cast(Any, appointment), away=cast(Any, away))


def standing(me: Capacity) -> Standing | None:
    """The standing of ``me`` today; None for whoever acts under no appointment (the public, the clock)."""
    if me.user is None or me.appointment is None or me.organisation is None:
        return None
    return Standing(
        role=me.role,
        kind=me.kind,
        under=me.organisation.parent_id is not None,
        deputy=me.away is not None,
        facts=tuple((name, me.fact(name)) for name in FACTS),
        today=timezone.localdate(),
    )


def given(me: Capacity, at: datetime | None = None) -> Mapping[str, Any]:
    """What is filled in for ``me``, and for the moment ``at`` where the question has one."""
    return {
        "user": me.user_id,
        "away": me.away.pk if me.away else None,
        "appointment": me.appointment.pk if me.appointment else None,
        "organisation": me.organisation_id,
        "above": me.organisation.parent_id if me.organisation else None,
        "at": at,
        "today": timezone.localdate(at),
    }
