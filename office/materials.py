"""The files of a case as a page shows them: by material, each with its upload box where it is open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse

from accounts.capacity import Capacity
from office.attachments import POLICIES, Slot, open_slots, visible_attachments
from office.models import Attachment
from office.uploads import ACCEPT, ACCEPT_PICTURES, KINDS, WORDS, limit_words


@dataclass(frozen=True)
class Material:
    """One slot: ``files`` as components/files.html wants them, ``upload`` as components/upload.html does, or None."""

    key: str
    label: str
    required: bool
    hint: str
    files: list[dict[str, Any]]
    upload: dict[str, Any] | None


def materials(case: Any, me: Capacity, back: str = "") -> list[Material]:
    """All slots of ``case`` with the files ``me`` may open; one query for the files.

    ``back`` is the page of ours to return to after an upload without JavaScript; default the case's page.
    """
    policy = POLICIES.get(str(case._meta.model_name))
    if policy is None:
        return []
    labels = dict(policy.labels(case))
    opened = {slot.key: slot for slot in open_slots(case, me)}
    found: dict[str, list[dict[str, Any]]] = {}
    for attachment in visible_attachments(case, me):
        found.setdefault(attachment.slot, []).append(
            file_row(attachment, removable=attachment.slot in opened)
        )
    keys = dict.fromkeys([*labels, *opened, *found])
    return [_material(key, labels, opened.get(key), found.get(key, []), case, back) for key in keys]


def file_row(attachment: Attachment, *, removable: bool) -> dict[str, Any]:
    """One file as components/files.html shows it; ``attachment.user`` should be selected with it."""
    return {
        "name": attachment.name,
        "url": reverse("attachment", args=[attachment.pk]),
        "kind": KINDS[attachment.kind].label,
        "size": attachment.size,
        "by": attachment.user.name if attachment.user else "",
        "at": attachment.at,
        "delete_url": reverse("attachment-remove", args=[attachment.pk]) if removable else None,
    }


def upload_box(case: Any, slot: Slot, back: str = "") -> dict[str, Any]:
    """The upload box of one slot, as components/upload.html shows it."""
    return {
        "url": reverse("attachment-upload", args=[case._meta.model_name, case.pk]),
        "label": slot.label,
        "accept": ACCEPT_PICTURES if slot.pictures else ACCEPT,
        "kinds": "JPG、PNG 照片" if slot.pictures else WORDS,
        "max_bytes": settings.UPLOAD_MAX_BYTES,
        "max_words": limit_words(),
        "name": f"file-{slot.key}",
        "multiple": slot.many,
        "fields": [
            {"name": "slot", "value": slot.key},
            {"name": "next", "value": back or case.get_absolute_url()},
        ],
    }


def _material(
    key: str, labels: dict[str, str], slot: Slot | None, files: list[dict[str, Any]], case: Any, back: str
) -> Material:
    return Material(
        key=key,
        label=slot.label if slot else labels.get(key, key or "其他附件"),
        required=slot.required if slot else False,
        hint=slot.hint if slot else "",
        files=files,
        upload=upload_box(case, slot, back) if slot else None,
    )
