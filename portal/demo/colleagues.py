"""What colleagues do for each other in the demonstration: one is asked for an opinion, one stands in for another who is away."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import Role
from applications.flows import OBJECTION
from applications.models import Objection, ObjectionState
from office.consulting import consult
from portal.demo.cast import Cast
from portal.own.deputies import DeputyForm, name_deputy


def ask_a_colleague(cast: Cast, at: datetime) -> None:
    """The bureau's leader asks the finance officer about the objection to be answered."""
    leader = cast.officer(cast.bureau.pk, Role.LEADER)
    finance = cast.officer(cast.bureau.pk, Role.FINANCE)
    objection = Objection.objects.get(state=ObjectionState.INVESTIGATING)
    assert finance.appointment
    question = "异议提到学校经费使用的问题，请从财务方面核一下，说明是否属实。"
    consult(OBJECTION, objection.pk, finance.appointment, question, leader, at)


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
