"""Filling in an application: its draft, and the saving of a section without overwriting another's words."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.capacity import Capacity
from accounts.models import Principal, SchoolType
from applications.content import Section, value_of
from applications.dates import dates_of
from applications.models import Application, ApplicationState, Call, CallState
from applications.reach import owners_above
from office.documents import next_number
from office.door import Refused, begin
from office.flow import Missing
from office.templatetags.office import moment
from studios.models import Stage

EDITABLE = (ApplicationState.DRAFT, ApplicationState.RETURNED)
STAGES = {
    SchoolType.KINDERGARTEN: Stage.KINDERGARTEN,
    SchoolType.PRIMARY: Stage.PRIMARY,
    SchoolType.JUNIOR: Stage.JUNIOR,
    SchoolType.SENIOR: Stage.SENIOR,
    SchoolType.COMPLETE: Stage.SENIOR,
    SchoolType.VOCATIONAL: Stage.SENIOR,
}


class Overtaken(Exception):
    """The section was changed elsewhere since it was read; ``application`` is as it is now."""

    def __init__(self, application: Application) -> None:
        super().__init__("这一部分已在别处改过")
        self.application = application


class Closed(Exception):
    """The application is no longer in the applicant's hands."""


@transaction.atomic
def start(call: Call, me: Capacity, at: datetime) -> Application:
    """The draft of ``me`` in ``call``: the one there is, or a new one with its number.

    Raises Refused when the call takes no applications at ``at`` or is not meant for the school, or when there is no
    record of the principal.
    """
    lead = (
        Principal.objects.select_for_update(of=("self",), no_key=True)
        .select_related("school__parent")
        .filter(user=me.user_id)
        .first()
    )
    if lead is None:
        raise Refused([Missing("没有您的校长档案，请联系所在旗县区教育局建立")])
    live = Application.objects.filter(call=call, lead=lead).exclude(state__in=ApplicationState.ended).first()
    if live:
        return live
    if call.programme.owner_id not in owners_above(lead.school):
        raise Refused([Missing(f"“{call.name}”不面向{lead.school.name}", 9)])
    submit_by = dates_of(call, lead.school.parent_id).submit_by
    if call.state != CallState.OPEN or not call.opens_at <= at <= submit_by:
        window = f"{moment(call.opens_at)}至{moment(submit_by)}"
        raise Refused([Missing(f"“{call.name}”的申报时间为{window}，现在不能开始申报", 9)])
    year = at.astimezone().year
    serial = next_number(call.programme.owner, year, "application")
    application = Application(
        number=f"{call.programme.number_prefix}{year}-{serial:04d}",
        call=call,
        lead=lead,
        school=lead.school,
        authority=lead.school.parent,
        stage=STAGES.get(SchoolType(lead.school.school_type), Stage.PRIMARY),
        studio_name=f"{lead.name}名{lead.school.head_title}工作室",
    )
    begin(application, me, at, "开始申报")
    return application


def stamp(application: Application, section: Section) -> str:
    """What tells whether a section is still as it was read: a digest of what it holds."""
    held = {field.key: value_of(application, section, field) for field in section.fields}
    text = json.dumps(held, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@transaction.atomic
def save_section(pk: int, section: Section, values: dict[str, Any], read: str, at: datetime) -> Application:
    """Keep ``values`` as the section; ``read`` is the stamp of what the writer had before them.

    What is already so is no conflict, so that a save may be sent again. Raises Closed or Overtaken; then nothing
    is written.
    """
    application = Application.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)
    if application.state not in EDITABLE:
        raise Closed
    if _differs(application, section, values):
        if stamp(application, section) != read:
            raise Overtaken(application)
        _write(application, section, values)
        application.version += 1
    application.saved_at = at
    application.save(update_fields=["content", "studio_name", "stage", "exception", "version", "saved_at"])
    return application


def _differs(application: Application, section: Section, values: dict[str, Any]) -> bool:
    return any(value_of(application, section, field) != values[field.key] for field in section.fields)


def _write(application: Application, section: Section, values: dict[str, Any]) -> None:
    held = {}
    for field in section.fields:
        if field.column:
            setattr(application, field.key, values[field.key])
        else:
            held[field.key] = values[field.key]
    if held:
        application.content = application.content | {section.key: held}
