"""Writing outputs: recorded, and changed while they are neither public nor withdrawn."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, time
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone

from accounts.capacity import Capacity
from office.door import begin
from office.history import record
from studios.activities import Closed, Overtaken, year_of
from studios.models import Output, OutputState, Studio
from studios.scopes.people import drafter

DETAILS = (
    "studio", "kind", "duty", "title", "authors", "level", "number", "source", "progress", "dated", "item",
    "summary",
)  # fmt: skip
CLOSED = "成果已公开或已撤销，不能再修改；需要更正的，请先取消公开。"


def _filed(output: Output) -> None:
    """Under the studio year in which its day lies; the form has seen that there is one."""
    year = year_of(output.studio, timezone.make_aware(datetime.combine(output.dated, time.min)))
    if year is None:
        raise ValueError("an output lies in a year of its studio")
    output.year = year


@transaction.atomic
def add(output: Output, me: Capacity, at: datetime) -> Output:
    """Record a new output; the same sent again (a connection lost) is the one that is there."""
    Studio.objects.select_for_update(no_key=True).get(pk=output.studio_id)
    same = Output.objects.filter(
        studio=output.studio, kind=output.kind, title=output.title, dated=output.dated
    ).exclude(state=OutputState.WITHDRAWN)
    if found := same.first():
        return found
    _filed(output)
    begin(output, me, at, "登记成果")
    return output


@transaction.atomic
def change(output: Output, read: str, me: Capacity, at: datetime) -> Output:
    """Keep what a valid form filled; ``read`` is the stamp of what was shown.

    Raises PermissionDenied, Closed, Overtaken.
    """
    held = Output.objects.select_for_update(of=("self",), no_key=True).get(pk=output.pk)
    if not Output.objects.filter(drafter("studio__")(me), pk=held.pk).exists():
        raise PermissionDenied
    if held.state != OutputState.RECORDED:
        raise Closed
    if stamp(held) not in (read, stamp(output)):
        raise Overtaken
    before = _said(held)
    for name in DETAILS:
        setattr(held, name, getattr(output, name))
    _filed(held)
    held.save(update_fields=[*DETAILS, "year"])
    after = _said(held)
    if facts := {key: [before[key], after[key]] for key in after if before[key] != after[key]}:
        record(held, "change", "修改成果", me, at, facts)
    return held


def stamp(output: Output) -> str:
    """What tells whether an output is still as it was read."""
    held = [getattr(output, f"{name}_id" if name in ("studio", "item") else name) for name in DETAILS]
    return hashlib.sha256(json.dumps(held, cls=DjangoJSONEncoder).encode()).hexdigest()[:16]


def _said(output: Output) -> dict[str, str]:
    found = {}
    for name in DETAILS:
        column: Any = Output._meta.get_field(name)
        value, shown = getattr(output, name), getattr(output, f"get_{name}_display", None)
        found[str(column.verbose_name)] = shown() if shown else "" if value is None else str(value)
    return found
