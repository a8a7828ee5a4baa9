"""The work of studios made ready for one step more: plans to be filed, activities to be registered, invitations."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import timezone

from accounts.capacity import CLOCK
from accounts.models import Appointment, Principal, Role
from office.door import begin_each
from office.models import Attachment
from studios.flows import ACTIVITY, MEMBERSHIP, PLAN
from studios.models import (
    Activity,
    Attendance,
    Duty,
    FiledState,
    Form,
    Membership,
    Plan,
    PlanKind,
    Studio,
    StudioState,
)
from studios.rules.activities import PHOTO
from tests.performance.cast import Cast

Targets = list[tuple[str, Appointment]]


def made_ready(cast: Cast, number: int) -> Iterator[tuple[str, Targets]]:
    """Each step's name, and on what and as whom it can be taken: ``number`` cases of one bureau's studios."""
    at = timezone.now()
    rows = Studio.objects.filter(programme__owner=cast.bureau, state=StudioState.ACTIVE).order_by("pk")
    studios = list(rows.select_related("lead")[:number])
    leads = _heads([studio.lead for studio in studios])
    drafts = _drafts(cast, number)
    yield "file a plan", _targets(PLAN.name, "file", drafts, _heads([plan.studio.lead for plan in drafts]))
    yield "register an activity", _targets(ACTIVITY.name, "hold", _activities(studios, at), leads)
    asked = list(
        Principal.objects.filter(user__isnull=False, head=True, memberships=None, led_studios=None)
        .exclude(proposals__isnull=False)
        .order_by("pk")[: len(studios)]
    )
    invited = [
        Membership(studio=studio, principal=one, basis="市级名校长")
        for studio, one in zip(studios, asked, strict=False)
    ]
    begin_each(invited, CLOCK, at, "邀请参加")
    yield "accept a membership", _targets(MEMBERSHIP.name, "accept", invited, _heads(asked))


def _heads(principals: list[Principal]) -> list[Appointment]:
    """The appointments of these principals, in their order."""
    users = [one.user_id for one in principals]
    rows = Appointment.objects.filter(user__in=users, role=Role.PRINCIPAL).select_related("user")
    held = {row.user_id: row for row in rows}
    return [held[user] for user in users if user]


def _targets(flow: str, step: str, cases: list, people: list[Appointment]) -> Targets:
    pairs = zip(cases, people, strict=False)
    return [(reverse(f"step-{flow}", args=[case.key, step]), person) for case, person in pairs]


def _drafts(cast: Cast, number: int) -> list[Plan]:
    """Development plans that are complete and still to be filed."""
    rows = Plan.objects.filter(
        studio__programme__owner=cast.bureau, kind=PlanKind.DEVELOPMENT, state=FiledState.DRAFT
    )
    return list(rows.select_related("studio__lead").order_by("pk")[:number])


def _activities(studios: list[Studio], at: datetime) -> list[Activity]:
    """Activities that took place yesterday, with report, attendance and a photo."""
    yesterday = at - timedelta(days=1)
    made = [
        Activity(
            studio=studio,
            year=studio.terms.latest("number").years.earliest("number"),
            title="课堂评价集中研修",
            duty=Duty.TRAINING,
            form=Form.SEMINAR,
            place="本校报告厅",
            starts_at=yesterday,
            ends_at=yesterday + timedelta(hours=3),
            report="走进课堂听课六节，与教师座谈。",
        )
        for studio in studios
    ]
    begin_each(made, CLOCK, at, "安排活动")
    Attendance.objects.bulk_create(
        Attendance(activity=activity, membership=member, present=True)
        for activity in made
        for member in activity.studio.memberships.all()
    )
    _photos(made, at)
    return made


def _photos(activities: list[Activity], at: datetime) -> None:
    """One photo each: the one file of the data set."""
    stored = Attachment.objects.order_by("pk")[0]
    kind = ContentType.objects.get_for_model(Activity)
    Attachment.objects.bulk_create(
        Attachment(
            content_type=kind,
            object_id=activity.pk,
            slot=PHOTO,
            name="活动照片.jpg",
            file=stored.file,
            kind=stored.kind,
            size=stored.size,
            sha256=stored.sha256,
            user_id=stored.user_id,
            at=at,
        )
        for activity in activities
    )
