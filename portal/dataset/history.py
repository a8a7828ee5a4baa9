"""Chains and seals as the program makes them, written with the rows they tell of."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

from office.flow import Flow
from office.history import LINK, entry_mac, seal_mac
from office.models import Entry, Seal
from portal.dataset.loading import Table


@dataclass(frozen=True)
class Actor:
    """Who acts: account and appointment; none of both is the system or the public."""

    user: int | None = None
    appointment: int | None = None


@dataclass(frozen=True)
class Happened:
    """One entry to be: which step, from where to where, by whom, when, with which words."""

    step: str
    label: str
    source: str
    target: str
    by: Actor
    at: datetime
    opinion: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


def begun(state: str, by: Actor, at: datetime, label: str = "建立", **facts: Any) -> Happened:
    """How a case comes into being."""
    return Happened("begin", label, "", state, by, at, facts=facts)


def taken(
    flow: Flow, name: str, source: str, by: Actor, at: datetime, opinion: str = "", target: str = ""
) -> Happened:
    """A step of ``flow`` as its table has it; ``target`` where the step itself leaves it open."""
    step = flow.step(name)
    reached = target or (step.target if isinstance(step.target, str) else source)
    return Happened(name, step.label, str(source), str(reached), by, at, opinion)


class History:
    """Writes entries in chains, and seals them in links as they come."""

    def __init__(self, sealed_at: datetime) -> None:
        self.entries = Table(
            Entry,
            *("content_type_id", "object_id", "sequence", "step", "label", "source", "target", "user_id"),
            *("appointment_id", "at", "opinion", "facts", "previous", "mac", "seal_id"),
        )
        self.seals = Table(Seal, "at", "manifest", "previous", "mac")
        self.sealed_at = sealed_at
        self.manifest: list[list[Any]] = []
        self.last_seal = ""
        self._kinds: dict[type[Model], int] = {}

    def kind(self, model: type[Model]) -> int:
        """The key of the model's content type."""
        if model not in self._kinds:
            self._kinds[model] = ContentType.objects.get_for_model(model).pk
        return self._kinds[model]

    def tell(self, model: type[Model], key: int, happened: list[Happened]) -> list[int]:
        """The whole history of one case, oldest first; returns the keys of its entries."""
        kind, previous, keys = self.kind(model), "", []
        for sequence, event in enumerate(happened, 1):
            entry: Any = SimpleNamespace(
                content_type_id=kind,
                object_id=key,
                sequence=sequence,
                step=event.step,
                label=event.label,
                source=event.source,
                target=event.target,
                user_id=event.by.user,
                appointment_id=event.by.appointment,
                at=event.at,
                opinion=event.opinion,
                facts=event.facts,
                cause_id=None,
                previous=previous,
            )
            mac = entry_mac(entry)
            row = (*vars(entry).values(),)
            keys.append(self.entries.add(*row[:12], previous, mac, self.seals.last + 1))
            self._seal_later(keys[-1], kind, key, sequence, mac)
            previous = mac
        return keys

    def _seal_later(self, entry: int, kind: int, key: int, sequence: int, mac: str) -> None:
        self.manifest.append([entry, f"{kind}:{key}", sequence, mac])
        if len(self.manifest) == LINK:
            self.seal()

    def seal(self) -> None:
        """Close the link that is open."""
        if not self.manifest:
            return
        link: Any = SimpleNamespace(at=self.sealed_at, manifest=self.manifest, previous=self.last_seal)
        mac = seal_mac(link)
        self.seals.add(link.at, link.manifest, link.previous, mac)
        self.seals.write()
        self.last_seal, self.manifest = mac, []
