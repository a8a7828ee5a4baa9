"""Writing activities: planned, changed, reported, each change kept in the history and never over another's words."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone

from accounts.capacity import Capacity
from accounts.models import Organisation
from office.door import begin
from office.flow import flow_of
from office.history import record
from office.words import moment
from studios.models import Activity, ActivityState, Attendance, Diagnosis, Membership, Studio, StudioYear
from studios.scopes.activities import writer

DETAILS = (
    "title", "duty", "form", "item", "online", "place", "starts_at", "ends_at", "purpose", "expected",
)  # fmt: skip
CLOSED = "活动已不在安排中，不能再修改。"


class Overtaken(Exception):
    """It was changed elsewhere since it was read."""


class Closed(Exception):
    """It is no longer planned."""


def year_of(studio: Studio, at: datetime) -> StudioYear | None:
    """The studio year in which the moment lies."""
    day = timezone.localdate(at)
    return StudioYear.objects.filter(term__studio=studio, starts__lte=day, ends__gte=day).first()


@transaction.atomic
def plan(activity: Activity, partners: Collection[Studio], me: Capacity, at: datetime) -> Activity:
    """Bring a new activity into being, in its studio's year; the same sent again is the one that is there.

    Whoever sends a form twice because the connection broke finds it once.
    """
    owner = activity.studio or activity.organiser
    if owner is None:
        raise ValueError("an activity belongs to a studio or an organisation")
    type(owner)._default_manager.select_for_update(no_key=True).get(pk=owner.pk)  # type: ignore[attr-defined]
    same = Activity.objects.filter(
        studio=activity.studio,
        organiser=activity.organiser,
        title=activity.title,
        starts_at=activity.starts_at,
        state=ActivityState.PLANNED,
    ).first()
    if same:
        return same
    activity.year = year_of(activity.studio, activity.starts_at) if activity.studio else None
    begin(activity, me, at, "安排活动")
    activity.partners.set(partners)
    return activity


def locked(pk: int, me: Capacity) -> Activity:
    """The planned activity for whoever writes it, its row held until the caller's transaction ends.

    Raises Activity.DoesNotExist, PermissionDenied, Closed.
    """
    held = Activity.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)
    if not Activity.objects.filter(writer(me), pk=pk).exists():
        raise PermissionDenied
    if held.state != ActivityState.PLANNED:
        raise Closed
    return held


@transaction.atomic
def change(
    activity: Activity, partners: Collection[Studio], read: str, me: Capacity, at: datetime
) -> Activity:
    """Keep the details of ``activity`` as a valid form filled them; raises as ``locked``, and Overtaken.

    ``read`` is the stamp of what was shown. What stands there already is no conflict: it was sent twice.
    """
    held = locked(activity.pk, me)
    if stamp(held) not in (read, stamp(activity, partners)):
        raise Overtaken
    before, names = _said(held), [*DETAILS, "studio"]
    for name in names:
        setattr(held, name, getattr(activity, name))
    held.year = year_of(held.studio, held.starts_at) if held.studio else None
    held.due = flow_of(held).due(held, at)
    held.save(update_fields=[*names, "year", "due"])
    held.partners.set(partners)
    _record_difference(held, "修改活动", before, _said(held), me, at)
    return held


@transaction.atomic
def report(pk: int, given: dict[str, Any], read: str, me: Capacity) -> Activity:
    """Keep report, number of people and who came, a draft until the activity is held; raises as ``change``.

    ``given``: report, audience, members (all asked), present (their keys), guests [(name, unit)].
    """
    held = locked(pk, me)
    present = set(given["present"])
    rows = [
        Attendance(activity=held, membership=each, present=each.pk in present) for each in given["members"]
    ]
    rows += [Attendance(activity=held, name=name, unit=unit) for name, unit in given["guests"]]
    sent = _report_digest(given["report"], given["audience"], rows)
    if report_stamp(held) not in (read, sent):
        raise Overtaken
    held.report, held.audience = given["report"], given["audience"]
    held.save(update_fields=["report", "audience"])
    held.attendances.all().delete()
    Attendance.objects.bulk_create(rows)
    return held


def members_of(activity: Activity) -> Sequence[Membership]:
    """Whose attendance is asked: the members in their seats, of the studio or of those that take part."""
    studios = [activity.studio] if activity.studio else list(activity.partners.all())
    rows = Membership.objects.filter(studio__in=studios, state__in=("active", "leaving"))
    return list(rows.select_related("principal__school", "studio").order_by("studio", "principal__sort_key"))


@transaction.atomic
def add_school(pk: int, school_pk: int, me: Capacity, at: datetime) -> None:
    """Name a school that is helped; raises as ``locked``, and Organisation.DoesNotExist."""
    held = locked(pk, me)
    school = Organisation.objects.schools().current(timezone.localdate(at)).get(pk=school_pk)
    if held.schools.filter(pk=school.pk).exists():
        return
    held.schools.add(school)
    record(held, "change", "增加帮扶学校", me, at, {"帮扶学校": ["", school.name]})


@transaction.atomic
def remove_school(pk: int, school_pk: int, me: Capacity, at: datetime) -> None:
    """Take a school off the list, with its report; raises as ``locked``."""
    held = locked(pk, me)
    school = held.schools.filter(pk=school_pk).first()
    if school is None:
        return
    held.schools.remove(school)
    held.diagnoses.filter(school=school).delete()
    record(held, "change", "移除帮扶学校", me, at, {"帮扶学校": [school.name, ""]})


@transaction.atomic
def diagnose(diagnosis: Diagnosis, read: str, me: Capacity, at: datetime) -> None:
    """Keep the report on one school: all of it while the activity is planned, later the follow-up alone.

    Raises PermissionDenied, Closed (cancelled), Overtaken.
    """
    activity = Activity.objects.select_for_update(of=("self",), no_key=True).get(pk=diagnosis.activity_id)
    if not Activity.objects.filter(writer(me), pk=activity.pk).exists():
        raise PermissionDenied
    if activity.state == ActivityState.CANCELLED:
        raise Closed
    kept = activity.diagnoses.filter(school=diagnosis.school_id).first()
    if diagnosis_stamp(kept) not in (read, diagnosis_stamp(diagnosis)):
        raise Overtaken
    before = _diagnosed(kept) if kept else {}
    diagnosis.pk = kept.pk if kept else None
    diagnosis.save()
    _record_difference(activity, f"{diagnosis.school}诊断报告", before, _diagnosed(diagnosis), me, at)


# --- what was read, and what a change says --------------------------------------------------------


def stamp(activity: Activity, partners: Collection[Studio] | None = None) -> str:
    """What tells whether the details are still as they were read; with ``partners``, the stamp they would have."""
    held = [getattr(activity, f"{name}_id" if name == "item" else name) for name in DETAILS]
    joined = activity.partners.all() if partners is None else partners
    return _digest([held, activity.studio_id, sorted(studio.pk for studio in joined)])


def report_stamp(activity: Activity) -> str:
    """The same for report and attendance."""
    return _report_digest(activity.report, activity.audience, activity.attendances.all())


def _report_digest(text: str, audience: int | None, rows: Iterable[Attendance]) -> str:
    came = sorted([row.membership_id or 0, row.name, row.unit, row.present] for row in rows)
    return _digest([text, audience, came])


def diagnosis_stamp(diagnosis: Diagnosis | None) -> str:
    """The same for the report on one school; empty for one not written yet."""
    if diagnosis is None:
        return ""
    follow_up = diagnosis.follow_up_on
    return _digest([diagnosis.findings, diagnosis.advice, follow_up, diagnosis.outcome])


def _digest(held: Any) -> str:
    return hashlib.sha256(json.dumps(held, cls=DjangoJSONEncoder).encode()).hexdigest()[:16]


def _said(activity: Activity) -> dict[str, str]:
    found = {}
    for name in DETAILS:
        column: Any = Activity._meta.get_field(name)
        found[str(column.verbose_name)] = _words(activity, name)
    found["参加的工作室"] = "、".join(sorted(studio.name for studio in activity.partners.all()))
    return found


def _words(activity: Activity, name: str) -> str:
    value = getattr(activity, name)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    shown = getattr(activity, f"get_{name}_display", None)
    return shown() if shown else "" if value is None else str(value)


def _diagnosed(diagnosis: Diagnosis) -> dict[str, str]:
    follow_up = diagnosis.follow_up_on
    return {
        "发现的问题": diagnosis.findings,
        "建议": diagnosis.advice,
        "回访日期": follow_up.isoformat() if follow_up else "",
        "回访结果": diagnosis.outcome,
    }


def _record_difference(
    activity: Activity, label: str, before: dict[str, str], after: dict[str, str], me: Capacity, at: datetime
) -> None:
    facts = {key: [before.get(key, ""), after[key]] for key in after if before.get(key, "") != after[key]}
    if facts:
        record(activity, "change", label, me, at, facts)
