"""Complete drafts for the deadline night: every principal who still could apply has one, copied from one that is there."""

from __future__ import annotations

from copy import copy
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from accounts.capacity import CLOCK
from accounts.models import Principal
from applications.models import Application, ApplicationState, Call, MemberState
from office.door import begin_each
from office.models import Attachment
from studios.models import MembershipState

ALIKE = 250  # drafts written together


def make(call: Call, number: int, at: datetime) -> None:
    """So many more complete drafts in ``call``, or as many as there are principals left."""
    model = Application.objects.filter(call=call, state=ApplicationState.DRAFT).order_by("pk")[0]
    owner = call.programme.owner_id
    leads = list(
        Principal.objects.filter(
            Q(school__parent=owner) | Q(school__parent__parent=owner), user__isnull=False, head=True
        )
        .exclude(applications__in=Application.objects.filter(call=call))
        .exclude(pk__in=model.members.values("principal"))
        .exclude(memberships__state__in=MembershipState.live)
        .exclude(led_studios__isnull=False)
        .exclude(proposals__application__call=call)
        .select_related("school")
        .order_by("pk")[:number]
    )
    for first in range(0, len(leads), ALIKE):
        _copies(model, leads[first : first + ALIKE], at)


def _copies(model: Application, leads: list[Principal], at: datetime) -> None:
    """A draft for each of ``leads``, with the members and the files of ``model``."""
    members = list(model.members.filter(state=MemberState.ACCEPTED))
    kind = ContentType.objects.get_for_model(Application)
    files = list(Attachment.objects.filter(content_type=kind, object_id=model.pk, removed_at=None))
    drafts = [
        _new(
            model,
            number=f"{model.number}-{lead.pk}"[-20:],
            lead=lead,
            school=lead.school,
            authority_id=lead.school.parent_id,
            studio_name=f"{lead.name}名校长工作室",
            exception="办学成效突出，按例外情形申报。",
        )
        for lead in leads
    ]
    begin_each(drafts, CLOCK, at, "开始申报")
    begin_each([_new(member, application=draft) for draft in drafts for member in members], CLOCK, at, "邀请")
    Attachment.objects.bulk_create(_new(file, object_id=draft.pk) for draft in drafts for file in files)


def _new(row: Any, **changed: Any) -> Any:
    """A further row like ``row``, not yet saved."""
    made = copy(row)
    made._state = copy(row._state)
    made._state.adding, made._state.fields_cache = True, {}
    made.pk = None
    for name, value in changed.items():
        setattr(made, name, value)
    return made
