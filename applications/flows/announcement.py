"""Announcement (公布): drafted by the owner's officer, issued by the owner's leader."""

from __future__ import annotations

from typing import Any

from django.db.models import F

from applications import concluding, effects, scopes
from applications.models import Announcement, AnnouncementState, Call
from office.flow import Flow, Station, Step, register

S = AnnouncementState


def _call(pk: int) -> list[Any]:
    return [Call.objects.filter(announcements=pk)]


ANNOUNCEMENT = register(
    Flow(
        name="announcement",
        label="公布",
        model=Announcement,
        path="announcements",
        visible=scopes.of_owned_calls,
        title=F("title"),
        subtitle=F("call__name"),
        hands=lambda case: (case.call.programme.owner_id,),
        steps=(
            Step(
                "issue",
                "签发公布",
                source=(S.DRAFTED,),
                target=S.ISSUED,
                who=scopes.owner_leader,
                sealed=True,
                needs=(concluding.ready_to_issue,),
                locks=_call,
                then=(effects.issue_announcement,),
                tone="primary",
                confirm=concluding.what_issuing_does,
            ),
        ),
        way=(
            Station("拟稿", ("begin",)),
            Station("签发", ("issue",), (S.DRAFTED,)),
            Station("印发", (), (S.ISSUED,)),
        ),
        tones={S.DRAFTED: "amber", S.ISSUED: "green"},
    )
)
