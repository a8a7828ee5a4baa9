"""What a person is to one studio: everything its page asks about them, in one query."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from accounts.capacity import Capacity
from accounts.statements import Given
from office.asking import ask
from office.flow import as_boolean
from studios.changing import proposers
from studios.ledger import readers
from studios.models import Studio
from studios.scopes import people, studios_held


def rights(studio: Studio, me: Capacity) -> dict[str, bool]:
    """Whether ``me`` has a part in the studio (held), leads it (leads), writes for it (writes), may propose a change (proposes), reads its
    ledgers (ledger). Asked once for each row that was read.
    """
    kept: dict[Capacity, dict[str, bool]] = studio.__dict__.setdefault("rights_of", {})
    if me not in kept:
        (kept[me],) = ask(_rights, me, None, studio=studio.pk)
    return kept[me]


def _rights(me: Capacity, at: datetime) -> QuerySet[Studio, Any]:
    conditions = {
        "held": studios_held(me),
        "leads": people.lead("")(me),
        "writes": people.drafter("")(me),
        "proposes": proposers(me),
        "ledger": readers(me),
    }
    asked = {name: as_boolean(condition) for name, condition in conditions.items()}
    return Studio.objects.filter(pk=Given("studio")).annotate(**asked).values(*asked)
