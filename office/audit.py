"""Is the history whole? Every case's chain, the global chain of seals, and the states the cases stand in.

What the HMAC key makes impossible is found first (altered, inserted); then what is missing: inside a chain by
its sequence, at its end by the seals, and before the first sealing by the state of the case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import F, OuterRef, Q, Subquery

from office.flow import FLOWS
from office.history import LINK, entry_mac, seal_mac
from office.models import Entry, Seal

CHUNK = 2000
LINKS = 200


def verify(checked: Callable[[int], None] = lambda count: None) -> str | None:
    """Check everything; None when whole, else a sentence that names the first broken entry.

    Reads in chunks, in constant memory; some minutes for millions of entries. ``checked`` is told now and then
    how many entries it has come past.
    """
    return next(chain(_broken_chains(checked), _broken_seals(checked), _strayed_cases()), None)


def _name(content_type_id: int, object_id: int, sequence: int, pk: int) -> str:
    """The object as people know it, so far as it still exists, and which of its entries."""
    kind = ContentType.objects.get_for_id(content_type_id)
    model = kind.model_class()
    case = model._base_manager.filter(pk=object_id).first() if model else None
    called = f"{kind.name}“{case}”" if case else f"{kind.name}（编号 {object_id}，已不存在）"
    return f"{called}的第 {sequence} 条办理记录（条目 {pk}）"


def _entry_name(entry: Entry) -> str:
    return _name(entry.content_type_id, entry.object_id, entry.sequence, entry.pk)


def _broken_chains(checked: Callable[[int], None]) -> Iterator[str]:
    previous: Entry | None = None
    ordered = Entry.objects.order_by("content_type_id", "object_id", "sequence")
    for count, entry in enumerate(ordered.iterator(chunk_size=CHUNK)):
        if count % CHUNK == 0:
            checked(count)
        before = previous if previous and _same_case(previous, entry) else None
        expected = before.sequence + 1 if before else 1
        if entry.mac != entry_mac(entry):
            yield f"{_entry_name(entry)}被改动，或是伪造后插入的"
        if entry.sequence != expected:
            yield f"{_entry_name(entry)}之前缺少第 {expected} 条，已被删除"
        if entry.previous != (before.mac if before else ""):
            yield f"{_entry_name(entry)}与上一条不相接"
        previous = entry


def _same_case(one: Entry, other: Entry) -> bool:
    return (one.content_type_id, one.object_id) == (other.content_type_id, other.object_id)


def _broken_seals(checked: Callable[[int], None]) -> Iterator[str]:
    previous = ""
    links: list[Seal] = []
    count = 0
    for link in Seal.objects.order_by("pk").iterator(chunk_size=LINKS):
        if link.mac != seal_mac(link):
            yield f"第 {link.pk} 次封存被改动或是伪造的"
        if link.previous != previous:
            yield f"第 {link.pk} 次封存之前缺少封存，已被删除"
        previous = link.mac
        links.append(link)
        count += len(link.manifest)
        checked(count)
        if len(links) == LINKS or sum(len(held.manifest) for held in links) >= LINK:
            yield from _against_manifests(links)
            links = []
    yield from _against_manifests(links)


def _against_manifests(links: list[Seal]) -> Iterator[str]:
    """What the links say was there when they were made, against what is there now; one query for all of them."""
    sealed = {row[0]: (link.pk, row) for link in links for row in link.manifest}
    rows = Entry.objects.filter(Q(seal__in=[link.pk for link in links]) | Q(pk__in=sealed))
    present = {pk: (seal, mac) for pk, seal, mac in rows.order_by("pk").values_list("pk", "seal_id", "mac")}
    for pk, (link, row) in sealed.items():
        if pk not in present:
            yield f"{_sealed_name(row)}已被删除"
        elif present[pk] != (link, row[3]):
            yield f"{_sealed_name(row)}在封存后被改动"
    for pk in sorted(present.keys() - sealed.keys()):
        yield f"{_entry_name(Entry.objects.get(pk=pk))}是封存后插入的"


def _sealed_name(row: list[Any]) -> str:
    content_type_id, object_id = row[1].split(":")
    return _name(int(content_type_id), int(object_id), row[2], row[0])


def _strayed_cases() -> Iterator[str]:
    """Cases that stand in a state no entry brought them to: the entry is gone, or the state was set past the door."""
    for flow in FLOWS.values():
        kind = ContentType.objects.get_for_model(flow.model)
        moves = Entry.objects.filter(content_type=kind, object_id=OuterRef("pk")).exclude(target="")
        recorded = Subquery(moves.order_by("-sequence").values("target")[:1])
        cases = flow.model._base_manager.annotate(recorded=recorded)
        strayed: Any = cases.filter(Q(recorded=None) | ~Q(recorded=F("state"))).order_by("pk")[:1]
        for case in strayed:
            last = flow.state_label(case.recorded) if case.recorded else "没有"
            yield (
                f"{flow.label}“{case}”现为“{flow.state_label(case.state)}”，最后一条办理记录却是“{last}”："
                "末尾的办理记录已被删除，或状态被直接改动"
            )
