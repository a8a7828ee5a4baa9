"""History that can't be changed unnoticed.

Each object has a chain of entries, each hashed (HMAC with a key kept outside the database) together with
the one before it. A job seals new entries into one global chain, so that a tail cut off shows too.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction

from accounts.capacity import Capacity
from office.models import Entry, Seal


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


def write(
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
    """Add the next entry to the chain of ``case``, whose row the caller has locked, inside a transaction."""
    last = Entry.objects.of(case).order_by("-sequence").values("sequence", "mac").first()
    entry = Entry(
        content_type=ContentType.objects.get_for_model(case),
        object_id=case.pk,
        sequence=last["sequence"] + 1 if last else 1,
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
        previous=last["mac"] if last else "",
    )
    entry.mac = entry_mac(entry)
    entry.save(force_insert=True)
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
    type(obj)._base_manager.select_for_update().get(pk=obj.pk)
    return write(obj, step=step, label=label, me=me, at=at, facts=facts, opinion=opinion)


@transaction.atomic
def seal(at: datetime) -> int:
    """Seal all entries not yet sealed into the global chain; returns how many."""
    last = Seal.objects.select_for_update().order_by("-pk").first()
    entries = list(Entry.objects.filter(seal__isnull=True).order_by("pk"))
    if not entries:
        return 0
    manifest = [[entry.pk, f"{entry.content_type_id}:{entry.object_id}", entry.sequence, entry.mac] for entry in entries]
    link = Seal(at=at, manifest=manifest, previous=last.mac if last else "")
    link.mac = _seal_mac(link)
    link.save(force_insert=True)
    Entry.objects.filter(pk__in=[entry.pk for entry in entries]).update(seal=link)
    return len(entries)


def _seal_mac(link: Seal) -> str:
    at = link.at.astimezone(UTC).isoformat(timespec="microseconds")
    return _mac({"at": at, "manifest": link.manifest, "previous": link.previous})


def verify() -> str | None:
    """Check every chain; None when whole, else a sentence that names the first broken entry."""
    return next(_broken_chains(), None) or next(_broken_seals(), None)


def _name(entry: Entry) -> str:
    return f"{entry.content_type.name} {entry.object_id} 的第 {entry.sequence} 条办理记录（编号 {entry.pk}）"


def _broken_chains() -> Iterator[str]:
    previous: Entry | None = None
    ordered = Entry.objects.select_related("content_type").order_by("content_type_id", "object_id", "sequence")
    for entry in ordered.iterator(chunk_size=2000):
        before = previous if previous and _same_case(previous, entry) else None
        if entry.sequence != (before.sequence + 1 if before else 1):
            yield f"{_name(entry)}之前缺少第 {before.sequence + 1 if before else 1} 条"
        if entry.previous != (before.mac if before else ""):
            yield f"{_name(entry)}与上一条不相接"
        if entry.mac != entry_mac(entry):
            yield f"{_name(entry)}被改动或是伪造的"
        previous = entry


def _same_case(one: Entry, other: Entry) -> bool:
    return (one.content_type_id, one.object_id) == (other.content_type_id, other.object_id)


def _broken_seals() -> Iterator[str]:
    previous = ""
    for link in Seal.objects.order_by("pk").iterator(chunk_size=200):
        if link.previous != previous or link.mac != _seal_mac(link):
            yield f"第 {link.pk} 次封存被改动，或其前一次封存缺失"
        present = dict(Entry.objects.filter(seal=link).values_list("pk", "mac"))
        yield from _against_manifest(link.manifest, present)
        previous = link.mac


def _against_manifest(manifest: list[list[Any]], present: dict[int, str]) -> Iterable[str]:
    for pk, case, sequence, mac in manifest:
        if pk not in present:
            yield f"对象 {case} 的第 {sequence} 条办理记录（编号 {pk}）已被删除"
        elif present[pk] != mac:
            yield f"对象 {case} 的第 {sequence} 条办理记录（编号 {pk}）在封存后被改动"
    listed = {row[0] for row in manifest}
    for pk in sorted(present.keys() - listed):
        yield f"编号 {pk} 的办理记录是封存后插入的"
