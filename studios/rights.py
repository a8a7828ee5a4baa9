"""What a person is to one studio: everything its page asks about them, in one query."""

from __future__ import annotations

from accounts.capacity import Capacity
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
        conditions = {
            "held": studios_held(me),
            "leads": people.lead("")(me),
            "writes": people.drafter("")(me),
            "proposes": proposers(me),
            "ledger": readers(me),
        }
        asked = {name: as_boolean(condition) for name, condition in conditions.items()}
        kept[me] = Studio.objects.filter(pk=studio.pk).annotate(**asked).values(*asked).get()
    return kept[me]
