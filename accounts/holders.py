"""Who holds a role at an organisation: nearly every step tells somebody of it, so the question is written once."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import cast

from django.utils import timezone

from accounts.models import Appointment, Role
from accounts.statements import Given, GivenDay, Statement


def holders(role: Role, organisation_id: int) -> list[int]:
    """The accounts of those who have ``role`` at the organisation today."""
    return _held().fetch({"role": role.value, "organisation": organisation_id, "today": timezone.localdate()})


@cache
def _held() -> Statement:
    on = cast(date, GivenDay("today"))
    rows = Appointment.objects.holders(cast(Role, Given("role")), cast(int, Given("organisation")), on)
    return Statement(rows.select_related(None).values_list("user_id", flat=True))
