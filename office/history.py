"""History that can't be changed unnoticed.

Each object has a chain of entries, each hashed (HMAC with a key kept outside the database) together with
the one before it. A job seals new entries into one global chain, so that a tail cut off shows too.
``office.audit`` checks both.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models import Exists, OuterRef

from accounts.capacity import Capacity
from accounts.statements import Given, Statement
from office.models import Entry, Seal

LINK = 5000  # entries in one link of the global chain, at most
BATCH = 500  # entries written by one statement, at most


def _mac(content: Any) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hmac.new(settings.HISTORY_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


def entry_mac(entry: Entry) -> str:
    """The HMAC over the canonical JSON of everything an entry states, the previous entry's HMAC included."""
    return _mac(
        {
            "case": [entry.content_type_id, entry.object_id],
            "sequence": entry.sequence,
            "step": [entry.step, entry.label, entry.source, entry.target],
            "who": [entry.user_id, entry.appointment_id],
            "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "opinion": entry.opinion,
            "facts": entry.facts,
            "cause": entry.cause_id,
            "previous": entry.previous,
        }
    )


def draft(
    case: models.Model,
    *,
    step: str,
    label: str,
    me: Capacity,
    at: datetime,
    source: str = "",
    target: str = "",
    opinion: str = "",
    facts: dict[str, Any] | None = None,
    cause: Entry | None = None,
) -> Entry:
    """What is to be written of ``case``; ``chain`` gives it its place and writes it."""
    return Entry(
        content_type=ContentType.objects.get_for_model(case),
        object_id=case.pk,
        step=step,
        label=label,
        source=source,
        target=target,
        user=me.user,
        appointment=me.appointment,
        at=at,
        opinion=opinion,
        facts=json.loads(json.dumps(facts or {}, cls=DjangoJSONEncoder)),
        cause=cause,
    )


def chain(drafts: Sequence[Entry], *, new: bool = False) -> None:
    """Add each of ``drafts`` to the chain of its case: at most one of a case, all of one model.

    The caller has locked the cases' rows, inside a transaction; ``new``: it has just made them. Two statements (one
    for new cases) for however many.
    """
    ends = {} if new else _ends_of_chains(drafts)
    for entry in drafts:
        last, entry.previous = ends.get(entry.object_id, (0, ""))
        entry.sequence = last + 1
        entry.mac = entry_mac(entry)
    Entry.objects.bulk_create(drafts, batch_size=BATCH)


def _ends_of_chains(drafts: Sequence[Entry]) -> dict[int, tuple[int, str]]:
    """Sequence and HMAC of the last entry of each case, by its key."""
    kind, keys = drafts[0].content_type_id, [entry.object_id for entry in drafts]
    if len(keys) == 1:
        rows = _end_of_chain().fetch({"kind": kind, "pk": keys[0]})
    else:
        later = Entry.objects.filter(
            content_type=OuterRef("content_type"),
            object_id=OuterRef("object_id"),
            sequence__gt=OuterRef("sequence"),
        )
        ends = Entry.objects.filter(~Exists(later), content_type=kind, object_id__in=keys).order_by()
        rows = list(ends.values_list("object_id", "sequence", "mac"))
    return {pk: (sequence, mac) for pk, sequence, mac in rows}


@cache
def _end_of_chain() -> Statement:
    """The last entry of one case: every step asks for it."""
    entries = Entry.objects.filter(content_type=Given("kind"), object_id=Given("pk"))
    return Statement(entries.order_by("-sequence").values_list("object_id", "sequence", "mac")[:1])


def write(case: models.Model, *, new: bool = False, **said: Any) -> Entry:
    """Add the next entry, which says what ``draft`` takes, to the chain of ``case``, as ``chain`` does; returns it."""
    entry = draft(case, **said)
    chain([entry], new=new)
    return entry


@transaction.atomic
def record(
    obj: models.Model,
    step: str,
    label: str,
    me: Capacity,
    at: datetime,
    facts: dict[str, Any] | None = None,
    opinion: str = "",
) -> Entry:
    """An entry for a change that is no step: master data, an unmasking, an export.

    ``facts`` says what changed, {label: [old, new]}, personal data masked. Locks the row of ``obj``.
    """
    type(obj)._base_manager.select_for_update(no_key=True).get(pk=obj.pk)
    return write(obj, step=step, label=label, me=me, at=at, facts=facts, opinion=opinion)


def seal(at: datetime) -> int:
    """Seal all entries not yet sealed into the global chain, some thousands a link; returns how many."""
    count = 0
    while sealed := _seal_some(at):
        count += sealed
    return count


@transaction.atomic
def _seal_some(at: datetime) -> int:
    # Whoever seals holds the first link; the last one would change under whoever waits for it.
    Seal.objects.order_by("pk").select_for_update(no_key=True).first()
    last = Seal.objects.order_by("-pk").values_list("mac", flat=True).first()
    entries = list(Entry.objects.filter(seal__isnull=True).order_by("pk")[:LINK])
    if not entries:
        return 0
    manifest = [
        [entry.pk, f"{entry.content_type_id}:{entry.object_id}", entry.sequence, entry.mac]
        for entry in entries
    ]
    link = Seal(at=at, manifest=manifest, previous=last or "")
    link.mac = seal_mac(link)
    link.save(force_insert=True)
    Entry.objects.filter(pk__in=[entry.pk for entry in entries]).update(seal=link)
    return len(entries)


def seal_mac(link: Seal) -> str:
    """The HMAC over everything a link states, the previous link's HMAC included."""
    at = link.at.astimezone(UTC).isoformat(timespec="microseconds")
    return _mac({"at": at, "manifest": link.manifest, "previous": link.previous})
