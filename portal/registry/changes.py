"""What a change of master data says in the history: {label: [old, new]}, personal data masked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Model
from django.utils.crypto import salted_hmac

from accounts.models import mask_identity, mask_phone

MASKS = {"identity": mask_identity, "phone": mask_phone}
Snapshot = dict[str, tuple[Any, str]]


def snapshot(instance: Model, names: Iterable[str]) -> Snapshot:
    """The present values of the fields ``names``: label → (value, as shown)."""
    taken: Snapshot = {}
    for name in names:
        label = str(instance._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        taken[label] = (getattr(instance, name), shown(instance, name))
    return taken


def shown(instance: Model, name: str) -> str:
    """The value of the field ``name`` in words."""
    value = getattr(instance, name)
    if name in MASKS:
        return MASKS[name](value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return value.isoformat()
    display = getattr(instance, f"get_{name}_display", None)
    return str(display()) if display else str(value)


def difference(before: Snapshot, after: Snapshot) -> dict[str, list[str]]:
    """The facts of a change, empty when nothing changed."""
    return {
        label: [before[label][1] if label in before else "", words]
        for label, (value, words) in after.items()
        if before.get(label, ("", ""))[0] != value and (before or value not in (None, "", False))
    }


def version(taken: Snapshot) -> str:
    """A short mark that differs when any value does; it tells nothing about them."""
    values = "\0".join(f"{label}={words}={value}" for label, (value, words) in taken.items())
    return salted_hmac("registry", values, algorithm="sha256").hexdigest()[:32]
