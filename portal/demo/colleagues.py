"""What colleagues do for each other in the demonstration: one stands in for another who is away."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import Role
from portal.demo.cast import Cast
from portal.own.deputies import DeputyForm, name_deputy


@transaction.atomic
def name_a_deputy(cast: Cast, at: datetime) -> None:
    """The bureau's leader goes away for some days; the finance officer stands in."""
    leader = cast.officer(cast.bureau.pk, Role.LEADER)
    finance = cast.officer(cast.bureau.pk, Role.FINANCE)
    today = timezone.localdate(at)
    given = {
        "appointment": leader.appointment.pk if leader.appointment else None,
        "deputy": finance.user_id,
        "starts": today,
        "ends": today + timedelta(days=4),
        "reason": "赴呼和浩特参加培训",
    }
    form = DeputyForm(given, me=leader, today=today)
    if not form.is_valid():
        raise ValueError(form.errors)
    name_deputy(form, leader, at)
