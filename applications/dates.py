"""Until when: the dates of a call as they hold for one authority, whose own extension may reach further."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Prefetch, Q, Subquery, prefetch_related_objects
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Greatest

from accounts.capacity import Capacity
from accounts.models import Kind
from applications.models import Call, Extension

# The dates that may be put off for one authority alone, in their order.
NAMES = ("submit_by", "school_by", "authority_by")


@dataclass(frozen=True)
class Dates:
    """The ends of submission, of the school's review and of the recommendation."""

    submit_by: datetime
    school_by: datetime
    authority_by: datetime


def extensions_of(call: Call) -> list[Extension]:
    """What was put off, with for whom; read once per instance of the call."""
    prefetch_related_objects(
        [call], Prefetch("extensions", Extension.objects.select_related("authority", "notice"))
    )
    return list(call.extensions.all())


def dates_of(call: Call, authority_id: int | None) -> Dates:
    """The dates of ``call`` for what ``authority_id`` recommends; for None those for everybody."""
    own = []
    if authority_id:
        own = [each for each in extensions_of(call) if each.authority_id == authority_id]
    return Dates(*(max(getattr(row, name) for row in (call, *own)) for name in NAMES))


def last_submission(call: Call) -> datetime:
    """Until when anybody may still apply."""
    return max([call.submit_by, *(each.submit_by for each in extensions_of(call))])


def any_open(at: datetime) -> Q:
    """Calls in which somebody may still apply at ``at``."""
    return Q(submit_by__gte=at) | Q(Exists(Extension.objects.filter(call=OuterRef("pk"), submit_by__gte=at)))


def effective(name: str, authority_id: int | None) -> Combinable:
    """The date ``name`` of a call's row as it holds for ``authority_id``."""
    own = Extension.objects.filter(call=OuterRef("pk"), authority=authority_id).order_by(f"-{name}")
    return Greatest(F(name), Coalesce(Subquery(own.values(name)[:1]), F(name)))


def authority_of(me: Capacity, owner_id: int) -> int | None:
    """The authority whose dates concern ``me``; None for the owner, whom all dates concern."""
    if me.organisation is None or me.organisation_id == owner_id:
        return None
    return me.organisation.parent_id if me.kind == Kind.SCHOOL else me.organisation_id
