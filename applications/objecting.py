"""How an objection comes in: by the public form or on paper, until the last second of the publicity (Art. 9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.db.models import Q

from accounts.capacity import Capacity
from applications.flows import OBJECTION, tells
from applications.models import Application, ApplicationState, Call, Objection, Publicity
from applications.scopes import PUBLIC_PUBLICITY, STAFF
from office.attachments import attach
from office.door import Refused, begin, follow
from office.flow import NOTHING, Missing
from office.models import Entry, NoticeKind, Scope
from office.notices import tell
from office.words import moment

# The public list comes down so long after its end.
STAYS_UP = timedelta(days=30)
# What an objection may still concern: an application that is upright and not yet announced.
OPEN_TO_OBJECTION = (ApplicationState.PUBLICISED, ApplicationState.HELD, ApplicationState.CONFIRMED)


@dataclass(frozen=True)
class Grievance:
    """What an objector says: the real name (of the unit, if ``unit``), how to reach them, what they object to."""

    name: str
    contact: str
    text: str
    unit: bool = False


def public_at(at: datetime) -> Q:
    """The publicity lists the public is shown at the moment ``at``."""
    return PUBLIC_PUBLICITY & Q(ends_at__gte=at - STAYS_UP)


def runs(ends_at: datetime | None, at: datetime) -> bool:
    """Whether objections are still received at ``at``, the last moment included."""
    return ends_at is not None and at <= ends_at


@transaction.atomic
def receive(
    publicity_pk: int,
    number: str,
    grievance: Grievance,
    files: Sequence[File[Any]],
    *,
    me: Capacity,
    at: datetime,
    received_at: datetime | None = None,
) -> Objection:
    """Take an objection to the application ``number`` of a publicity; returns it with its receipt number.

    ``received_at``: when it came in on paper; without it, it came by the public form at ``at``. It counts when it
    came in by the last second of the publicity: an application whose publicity was concluded meanwhile is held
    again. Raises Application.DoesNotExist, Refused (too late, or nothing left to object to), BadFile.
    """
    list(Call.objects.filter(publicities=publicity_pk).order_by("pk").select_for_update(no_key=True))
    publicity = Publicity.objects.select_for_update(of=("self",), no_key=True).get(pk=publicity_pk)
    application = publicity.applications.select_for_update(of=("self",), no_key=True).get(number=number)
    if missing := list(_why_not(publicity, application, received_at or at)):
        raise Refused(missing)
    objection = Objection(
        publicity=publicity,
        application=application,
        name=grievance.name,
        contact=grievance.contact,
        text=grievance.text,
        unit=grievance.unit,
        received_at=received_at or at,
        on_paper=received_at is not None,
    )
    facts = {} if received_at else {"public": True}
    label = "登记书面异议" if received_at else "提交异议"
    entry = begin(objection, me, at, label, facts=facts)
    for file in files:
        file.seek(0)
        attach(objection, file, slot="evidence", me=me, at=at, scope=Scope.HANDLERS, label="异议材料")
    if application.state == ApplicationState.CONFIRMED:
        follow(application, "hold", me, at, cause=entry)
    _tell(objection, entry)
    return objection


def _tell(objection: Objection, entry: Entry) -> None:
    """The owner's officers learn of it at once; whoever entered it knows."""
    people = {*tells.officers_of_objection(objection)} - {entry.user_id}
    text, url = f"收到对{objection.application}的异议", objection.get_absolute_url()
    tell(people, text, entry.at, kind=NoticeKind.ACTION, url=url, entry=entry)


def _why_not(publicity: Publicity, application: Application, received_at: datetime) -> list[Missing]:
    """Why an objection that came in at ``received_at`` can't be taken."""
    begins, ends = publicity.published_at, publicity.ends_at
    if begins is None or ends is None:
        return [Missing("尚未公示", 9)]
    if received_at > ends:
        return [Missing(f"公示期已于{moment(ends)}结束，不再受理异议", 9)]
    if received_at < begins:
        return [Missing(f"公示自{moment(begins)}开始，收到时间不能早于公示开始", 9)]
    if application.state not in OPEN_TO_OBJECTION:
        return [Missing(f"该申报{application.get_state_display()}，已不在公示之列", 9)]
    return []


def may_meet(objection: Objection, me: Capacity) -> bool:
    """Whether ``me`` handles the objection and may know who raised it; never whom it concerns."""
    if not me.holds(*STAFF):
        return False
    interest = OBJECTION.own_matter(me)
    return interest == NOTHING or not Objection.objects.filter(interest, pk=objection.pk).exists()
