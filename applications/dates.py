"""Until when: the dates of a call as they hold for one authority, whose own extension may reach further."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import (
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    prefetch_related_objects,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Greatest

from accounts.capacity import Capacity
from accounts.models import Kind
from accounts.statements import written_once
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


def forget_extensions(call: Call) -> None:
    """What was read of the call's extensions is read anew: there is one more."""
    vars(call).pop("put_off", None)
    getattr(call, "_prefetched_objects_cache", {}).pop("extensions", None)


def dates_of(call: Call, authority_id: int | None) -> Dates:
    """The dates of ``call`` for what ``authority_id`` recommends; for None those for everybody."""
    own = [dates for authority, *dates in _put_off(call) if authority_id and authority == authority_id]
    return Dates(*map(max, zip((getattr(call, name) for name in NAMES), *own, strict=True)))


def _put_off(call: Call) -> list[tuple[Any, ...]]:
    """For which authority until when; read once per instance of the call."""
    if "put_off" not in vars(call):
        read = getattr(call, "_prefetched_objects_cache", {}).get("extensions")
        columns = ("authority_id", *NAMES)
        rows = (
            _extended(call.pk) if read is None else [[getattr(row, name) for name in columns] for row in read]
        )
        call.put_off = rows  # type: ignore[attr-defined]
    found: list[tuple[Any, ...]] = call.put_off  # type: ignore[attr-defined]
    return found


@written_once
def _extended(call: int) -> QuerySet[Extension, Any]:
    return Extension.objects.filter(call=call).values_list("authority_id", *NAMES)


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
