"""Attachments: which files a case takes, from whom, and who sees them.

Each app registers, beside its flows, a policy per flow. A file is on the disk before its row is written, so no
row is without its file; a removed file stays on the disk (records law) and only leaves the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models import Q, QuerySet

from accounts.capacity import Capacity
from office.flow import FLOWS, Flow
from office.history import record
from office.models import Attachment, Scope
from office.models.attachment import random_path
from office.pages import page_of
from office.uploads import NO_ROOM, BadFile, Checked, check

__all__ = [
    "PAPER",
    "POLICIES",
    "BadFile",
    "FilePolicy",
    "Slot",
    "Stored",
    "attach",
    "check",
    "enclose",
    "open_slots",
    "receive",
    "register",
    "remove",
    "slots",
    "stored",
    "take_away",
    "visible_attachment",
    "visible_attachments",
]

CLOSED = "现在不能上传或移除这项材料：环节已经过去，或不由您现在的身份办理。"
# The scan of an opinion given on paper (office.signed): read with the history, whatever the flow's policy says.
PAPER = "paper-opinion"


@dataclass(frozen=True)
class Slot:
    """One material a case takes (身份证, 盖章申报表): at most 40 characters of ``key``; ``many`` files or one.

    A new file in a slot for one takes the place of the old. ``scope`` is what an uploaded file gets. ``pictures``:
    it takes only pictures, written no larger than so many pixels on the longer side.
    """

    key: str
    label: str
    required: bool = False
    hint: str = ""
    many: bool = False
    scope: Scope = Scope.CASE
    pictures: int = 0


@dataclass(frozen=True)
class FilePolicy:
    """The files of one flow's cases.

    ``slots``: what ``me`` may upload to (and remove from) the case in its present state. ``visible``: the
    attachments of this flow's cases that ``me`` may open, among the cases ``me`` sees. ``labels``: the words for
    all slots of a case in their order, also those closed to the reader.
    """

    flow_name: str
    slots: Callable[[Any, Capacity], Sequence[Slot]]
    visible: Callable[[Capacity], Q]
    labels: Callable[[Any], Mapping[str, str]] = lambda case: {}


POLICIES: dict[str, FilePolicy] = {}


def register(policy: FilePolicy) -> FilePolicy:
    """Make the policy of a flow known; returns it. Raises ValueError when the flow has one already."""
    if policy.flow_name in POLICIES:
        raise ValueError(f"file policy of {policy.flow_name} registered twice")
    POLICIES[policy.flow_name] = policy
    return policy


def slots(case: models.Model) -> dict[str, list[Attachment]]:
    """The present files of a case by the key of their slot, whoever may see them; one query."""
    found: dict[str, list[Attachment]] = {}
    for attachment in _of(case):
        found.setdefault(attachment.slot, []).append(attachment)
    return found


def filled_slots(case: models.Model) -> QuerySet[Attachment, Any]:
    """The keys of the slots in which the case has a file, for a question about them."""
    return _of(case).order_by().values("slot")


def open_slots(case: models.Model, me: Capacity) -> Sequence[Slot]:
    """The slots of the case that ``me`` may fill now."""
    policy = POLICIES.get(str(case._meta.model_name))
    return policy.slots(case, me) if policy else ()


def visible_attachments(case: models.Model, me: Capacity) -> QuerySet[Attachment]:
    """The present files of a case that ``me`` may open, with who sent them. That ``me`` sees the case is not asked."""
    policy = POLICIES.get(str(case._meta.model_name))
    return (
        _of(case).exclude(slot=PAPER).filter(policy.visible(me)).select_related("user")
        if policy
        else Attachment.objects.none()
    )


def visible_attachment(pk: int, me: Capacity) -> Attachment:
    """One present file, if ``me`` sees its case and may open it; raises Attachment.DoesNotExist otherwise."""
    attachment = Attachment.objects.select_related("content_type", "user").get(pk=pk, removed_at=None)
    flow = FLOWS.get(attachment.content_type.model)
    if flow is None or not flow.sees(me, attachment.object_id):
        raise Attachment.DoesNotExist
    if not _may_open(attachment, flow, me):
        raise Attachment.DoesNotExist
    return attachment


def _may_open(attachment: Attachment, flow: Flow, me: Capacity) -> bool:
    if attachment.slot == PAPER:
        return page_of(flow.name).history(attachment.case, me)
    policy = POLICIES.get(flow.name)
    return policy is not None and Attachment.objects.filter(policy.visible(me), pk=attachment.pk).exists()


def receive(flow: Flow, pk: int, upload: File[Any], *, slot: str, me: Capacity, at: datetime) -> Attachment:
    """Take a file that a person sends for a slot of the case ``pk``; sent again (a connection lost), it is there once.

    Raises the model's DoesNotExist (case not visible to ``me``), PermissionDenied (the slot is not open to ``me``
    or no longer), BadFile (the file, or no room for it).
    """
    opened = _open_slot(flow.seen(me).get(pk=pk), slot, me)
    checked = check(upload, opened.pictures)
    with _kept(checked) as path, transaction.atomic():
        case = flow.model._default_manager.select_for_update(of=("self",), no_key=True).get(pk=pk)
        chosen = _open_slot(case, slot, me)
        if chosen.many and (
            same := _of(case).filter(slot=slot, name=checked.name, sha256=checked.sha256).first()
        ):
            _discard(path)
            return same
        replaced = [] if chosen.many else list(_of(case).filter(slot=slot))
        Attachment.objects.filter(pk__in=[old.pk for old in replaced]).update(removed_at=at)
        return _write(case, checked, path, chosen, me, at, "、".join(old.name for old in replaced))


def attach(
    case: models.Model,
    upload: File[Any],
    *,
    slot: str,
    me: Capacity,
    at: datetime,
    scope: Scope = Scope.CASE,
    label: str = "附件",
) -> Attachment:
    """Add a file to ``case`` without asking a policy: for code that has asked already (a public form, a document).

    ``label`` names the material in the history. Raises BadFile for a file that is not allowed or can't be
    stored; then nothing is written.
    """
    checked = check(upload)
    with _kept(checked) as path, transaction.atomic():
        return _write(case, checked, path, Slot(slot, label, scope=scope), me, at, "")


@dataclass(frozen=True)
class Stored:
    """A file that is on the disk, its row not yet written."""

    checked: Checked
    path: str


@contextmanager
def stored(checked: Checked) -> Iterator[Stored]:
    """A checked file on the disk for the time of a transaction begun inside; gone again where that fails.

    Raises BadFile when there is no room.
    """
    with _kept(checked) as path:
        yield Stored(checked, path)


def enclose(case: models.Model, file: Stored, slot: Slot, me: Capacity, at: datetime) -> Attachment:
    """Write the row of a stored file beside ``case``, in the caller's transaction; no policy is asked."""
    return _write(case, file.checked, file.path, slot, me, at, "")


def take_away(pk: int, me: Capacity, at: datetime) -> Attachment:
    """Remove a file as a person who may fill its slot now; raises Attachment.DoesNotExist or PermissionDenied."""
    attachment = visible_attachment(pk, me)
    flow = FLOWS[attachment.content_type.model]
    with transaction.atomic():
        case = flow.model._default_manager.select_for_update(of=("self",), no_key=True).get(
            pk=attachment.object_id
        )
        _open_slot(case, attachment.slot, me)
        remove(attachment, me, at)
    return attachment


@transaction.atomic
def remove(attachment: Attachment, me: Capacity, at: datetime) -> None:
    """Take a file off its case, once; the file itself stays."""
    if Attachment.objects.filter(pk=attachment.pk, removed_at=None).update(removed_at=at):
        attachment.removed_at = at
        case: Any = attachment.case
        record(case, "detach", "移除附件", me, at, {"附件": [attachment.name, ""]})


def _of(case: models.Model) -> QuerySet[Attachment]:
    return Attachment.objects.filter(
        content_type=ContentType.objects.get_for_model(case), object_id=case.pk, removed_at=None
    )


def _open_slot(case: models.Model, key: str, me: Capacity) -> Slot:
    for slot in open_slots(case, me):
        if slot.key == key:
            return slot
    raise PermissionDenied(CLOSED)


@contextmanager
def _kept(checked: Checked) -> Iterator[str]:
    """The path of the stored content; the file is gone again when its row can't be written."""
    path = random_path(None, checked.name)
    try:
        default_storage.save(path, checked.content)
    except OSError as error:
        _discard(path)
        raise BadFile(NO_ROOM) from error
    try:
        yield path
    except BaseException:
        _discard(path)
        raise


def _discard(path: str) -> None:
    with suppress(OSError):
        default_storage.delete(path)


def _write(
    case: models.Model, checked: Checked, path: str, slot: Slot, me: Capacity, at: datetime, replaced: str
) -> Attachment:
    attachment = Attachment.objects.create(
        content_type=ContentType.objects.get_for_model(case),
        object_id=case.pk,
        slot=slot.key,
        scope=slot.scope,
        name=checked.name,
        file=path,
        kind=checked.kind,
        size=checked.size,
        sha256=checked.sha256,
        user=me.user,
        at=at,
    )
    facts: dict[str, Any] = {slot.label: [replaced, checked.name], "sha256": checked.sha256}
    if not me.user and not me.clock:
        facts["public"] = True
    record(case, "attach", "上传附件", me, at, facts)
    return attachment
