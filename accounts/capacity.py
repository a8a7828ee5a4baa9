"""Who acts: a person in one of the capacities (appointments) they hold.

Every question "may this person" is asked with a Capacity, never with a bare account: whoever is an
officer of the bureau and an expert acts as the one or as the other, and history says as which.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, cast

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.models import Appointment, Deputy, Kind, Organisation, Principal, Role, User
from accounts.statements import Given, GivenDay, Statement

SESSION_KEY = "appointment"

PRINCIPAL = "is_principal"
# What higher apps state of an appointment and its organisation on a day, by name; asked in the same query as the
# appointment.
FACTS: dict[str, Callable[[date], Any]] = {
    PRINCIPAL: lambda on: Exists(Principal.objects.filter(user=OuterRef("user")))
}


@dataclass(frozen=True)
class Capacity:
    """A person and the appointment they act under; both None for the public and for the clock.

    ``away`` is whose appointment it is, when the person acts as a deputy (外出代理).
    """

    user: User | None = None
    appointment: Appointment | None = None
    clock: bool = False
    away: User | None = None

    @property
    def user_id(self) -> int | None:
        return self.user.pk if self.user else None

    @property
    def role(self) -> str:
        """A ``Role`` value, or "" for whoever holds no appointment."""
        return self.appointment.role if self.appointment else ""

    @property
    def role_label(self) -> str:
        return self.appointment.get_role_display() if self.appointment else ""

    @property
    def organisation(self) -> Organisation | None:
        return self.appointment.organisation if self.appointment else None

    @property
    def organisation_id(self) -> int | None:
        return self.appointment.organisation_id if self.appointment else None

    @property
    def kind(self) -> str:
        """The ``Kind`` of the organisation, or ""."""
        return self.organisation.kind if self.organisation else ""

    @property
    def name(self) -> str:
        if self.clock:
            return "系统"
        if self.away:
            return f"{self.user}（代 {self.away}）"
        return str(self.user) if self.user else "公众"

    def holds(self, *roles: Role) -> bool:
        """Whether the present capacity is one of these roles."""
        return self.role in roles

    def fact(self, name: str) -> bool:
        """What ``FACTS`` says under ``name`` of this appointment; a query only where ``capacities`` did not bring it."""
        if self.appointment is None:
            return False
        if not hasattr(self.appointment, name):
            rows = Appointment.objects.filter(pk=self.appointment.pk)
            return bool(rows.values_list(FACTS[name](timezone.localdate()), flat=True).first())
        return bool(getattr(self.appointment, name))

    @property
    def may_be_principal(self) -> bool:
        """Whether the person may be a principal, whose own matters some cases are; False only where it is known."""
        return self.user is not None and (self.away is not None or getattr(self.appointment, PRINCIPAL, True))

    def officer_of(self, kind: Kind) -> bool:
        return self.role == Role.OFFICER and self.kind == kind


PUBLIC = Capacity()
CLOCK = Capacity(clock=True)


def with_facts(rows: QuerySet[Appointment], on: date) -> QuerySet[Appointment]:
    """``rows`` with what ``FACTS`` says of each, so that nobody asks again for one of them."""
    return rows.annotate(**{name: state(on) for name, state in FACTS.items()})


def capacities(user: User, on: date) -> list[Capacity]:
    """All capacities of ``user`` on the day ``on``, in one query, organisations and their authorities included.

    The own ones come first, then those of people who are away and have named ``user`` their deputy.
    """
    held = _held().fetch({"user": user.pk, "today": on})
    own = [Capacity(user, appointment) for appointment in held if appointment.user_id == user.pk]
    return own + [as_deputy(user, appointment) for appointment in held if appointment.user_id != user.pk]


@cache
def _held() -> Statement:
    """The appointments under which a person may act: every request asks for them, by index."""
    user, on = Given("user"), cast(date, GivenDay("today"))
    own = Appointment.objects.filter(user=user).order_by().values("pk")
    lent = Deputy.objects.in_force(on).filter(deputy=user).order_by().values("appointment")
    rows = Appointment.objects.valid(on).filter(pk__in=own.union(lent))
    return Statement(
        with_facts(rows, on).select_related("organisation__parent", "user").order_by("-starts", "pk")
    )


def as_deputy(user: User, appointment: Appointment) -> Capacity:
    """The capacity of ``user`` under the appointment of a person who is away."""
    return Capacity(user, appointment, away=appointment.user)


def choose(user: User, held: list[Capacity], chosen: int | None) -> Capacity:
    """Of the capacities ``held`` the one with the appointment ``chosen``, else the first, else one without appointment."""
    for capacity in held:
        if capacity.appointment and capacity.appointment.pk == chosen:
            return capacity
    return held[0] if held else Capacity(user)
