"""分工 as conditions: which rows are an officer's own part of a call, which ones another looks after."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from typing import cast

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.capacity import Capacity
from accounts.models import Appointment, Role
from accounts.statements import Given, GivenDay, Statement
from applications.models import Application, Share
from office.flow import EVERYTHING, NOTHING


def held(call: str, authority: str, stage: str) -> QuerySet[Share]:
    """The share a row of the outer query belongs to, if its officer is still in office; paths to its three columns."""
    # Rights are always asked about today: an appointment that has ended gives none.
    valid = Appointment.objects.valid(timezone.localdate()).filter(user__is_active=True)
    return Share.objects.filter(
        call=OuterRef(call), authority=OuterRef(authority), stage=OuterRef(stage), appointment__in=valid
    )


def mine_or_nobodys(call: str, authority: str, stage: str) -> Callable[[Capacity], Q]:
    """The turn of a step of the owner's officers: not what a colleague looks after. Nobody else's turn is narrowed."""

    def turn(me: Capacity) -> Q:
        if not me.holds(Role.OFFICER) or me.appointment is None:
            return EVERYTHING
        others = held(call, authority, stage).exclude(appointment=me.appointment.pk)
        return ~Q(Exists(others.filter(appointment__organisation=me.organisation_id)))

    return turn


application_turn = mine_or_nobodys("call", "authority", "stage")
objection_turn = mine_or_nobodys("application__call", "application__authority", "application__stage")
member_turn = mine_or_nobodys("application__call", "principal__school__parent", "application__stage")


def mine(me: Capacity) -> Q:
    """The applications that ``me`` looks after."""
    if not me.holds(Role.OFFICER) or me.appointment is None:
        return NOTHING
    return Q(Exists(held("call", "authority", "stage").filter(appointment=me.appointment.pk)))


def in_charge(application: Application, me: Capacity) -> str:
    """Who looks after ``application``, told to the owner's people; "" for everybody else and where nobody does."""
    owner = application.call.programme.owner_id
    if not me.holds(Role.OFFICER, Role.LEADER) or me.organisation_id != owner:
        return ""
    given = _given(application).select_related("user").first()
    return str(given.user) if given else ""


def _given(application: Application) -> QuerySet[Appointment]:
    """The officer of the owner who is given ``application``, if there is one."""
    owner = application.call.programme.owner_id
    return Appointment.objects.holders(Role.OFFICER, owner, timezone.localdate()).filter(
        shares__call=application.call_id,
        shares__authority=application.authority_id,
        shares__stage=application.stage,
    )


def responsible(application: Application) -> Iterable[int]:
    """The account of the owner's officer who looks after ``application``; of all its officers where nobody does."""
    officers = _officers().fetch(
        {
            "owner": application.call.programme.owner_id,
            "call": application.call_id,
            "authority": application.authority_id,
            "stage": application.stage,
            "today": timezone.localdate(),
        }
    )
    return [user for user, given in officers if given] or [user for user, _ in officers]


@cache
def _officers() -> Statement:
    """The accounts of an owner's officers, and of each whether an application is given to them."""
    on = cast(date, GivenDay("today"))
    rows = Appointment.objects.holders(Role.OFFICER, cast(int, Given("owner")), on).select_related(None)
    given = Share.objects.filter(
        appointment=OuterRef("pk"), call=Given("call"), authority=Given("authority"), stage=Given("stage")
    )
    return Statement(rows.annotate(given=Exists(given)).values_list("user_id", "given"))
