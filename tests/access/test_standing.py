"""What is asked of everybody of one standing gives each person just what asking for that person alone gives."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone

from accounts.capacity import Capacity, capacities
from accounts.models import User
from office import asking, desk
from office.flow import FLOWS, Flow
from tests.access import cast

CASES = 12  # of each flow: the demonstration has few in most states

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("untouched")]


def everybody() -> list[Capacity]:
    """Every capacity in which an account of the demonstration acts today, deputies included."""
    today = timezone.localdate()
    return [me for user in User.objects.filter(is_active=True) for me in capacities(user, today)]


def test_every_desk_holds_what_waits_for_that_person() -> None:
    at, full = timezone.now(), 0
    for me in everybody():
        mine = {row[:2] for row in desk.lines(me, at, None)}
        assert {row[:2] for row in asking.ask(desk.lines, me, at, None)} == mine, me
        assert desk.count(me, at) == len(mine), me
        full += bool(mine)
    assert full > 10


@pytest.mark.parametrize("name", sorted(FLOWS))
def test_every_case_page_offers_the_steps_of_that_person(name: str) -> None:
    flow = FLOWS[name]
    everything = flow.model._default_manager
    cases = list(everything.order_by("-pk")[:CASES])
    for role in cast.ROLES:
        me = cast.capacity(role)
        seen = set(flow.seen(me).values_list("pk", flat=True))
        may = {
            step.name: set(everything.filter(flow.may(step, me)).values_list("pk", flat=True))
            for step in flow.steps
        }
        for case in cases:
            wanted = {step for step, pks in may.items() if case.pk in pks} if case.pk in seen else None
            assert offered(flow, me, case) == wanted, (role, case)


def offered(flow: Flow, me: Capacity, case: Any) -> set[str] | None:
    """The steps on the case page of ``me``; None where there is no such page."""
    try:
        found = flow.find(me, case.key)
    except ObjectDoesNotExist:
        return None
    return {step.name for step in flow.steps if getattr(found, f"may_{step.name}")}
