"""Beginning an application: its draft in a call."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.capacity import Capacity
from accounts.models import Principal, SchoolType
from applications.dates import dates_of
from applications.models import Application, ApplicationState, Call, CallState
from office.documents import next_number
from office.door import Refused, begin
from office.flow import Missing
from office.words import moment
from studios.models import Stage

STAGES = {
    SchoolType.KINDERGARTEN: Stage.KINDERGARTEN,
    SchoolType.PRIMARY: Stage.PRIMARY,
    SchoolType.JUNIOR: Stage.JUNIOR,
    SchoolType.SENIOR: Stage.SENIOR,
    SchoolType.COMPLETE: Stage.SENIOR,
    SchoolType.VOCATIONAL: Stage.SENIOR,
}


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
    if call.programme.owner_id not in lead.school.reached_by():
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
