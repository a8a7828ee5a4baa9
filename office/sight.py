"""What a colleague sees who was asked for an opinion (征求意见), beside what the flow says of their office."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.capacity import Capacity
from accounts.models import TAKEN_BY, Appointment
from office.models import ConsultGrant


def consulted(grant: type[ConsultGrant] | None, me: Capacity) -> Iterator[Q]:
    """The rows a colleague has asked ``me`` about, in this appointment, while the asker is in office."""
    if grant is None or not me.appointment or not me.holds(*TAKEN_BY):
        return
    rows: Any = grant._default_manager
    person = Q(user=me.user_id) | Q(user=me.away.pk) if me.away else Q(user=me.user_id)
    given = rows.filter(
        person,
        content_object=OuterRef("pk"),
        consultation__colleague=me.appointment.pk,
        consultation__asker__in=Appointment.objects.valid(timezone.localdate()),
    )
    yield Q(Exists(given))
