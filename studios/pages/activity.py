"""The case page of an activity."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.capacity import Capacity
from office.attachments import visible_attachments
from office.materials import materials
from office.pages import CasePage, Link, Tab, register
from studios.files import writes
from studios.models import Activity, ActivityState, Form
from studios.rules.activities import PHOTO

RELATED = (
    "studio__programme__owner", "studio__lead", "studio__school", "organiser", "item__plan__year", "year__term",
)  # fmt: skip


def _details(case: Activity, me: Capacity, at: datetime) -> dict[str, Any]:
    return {
        "activity": case,
        "partners": case.partners.all(),
        "schools": case.schools.all(),
        "photos": [each for each in visible_attachments(case, me) if each.slot == PHOTO],
    }


def _attendance(case: Activity, me: Capacity, at: datetime) -> dict[str, Any]:
    rows = list(case.attendances.select_related("membership__principal__school", "membership__studio"))
    rows.sort(key=lambda row: (row.membership_id is None, not row.present, row.pk))
    return {"attendances": rows, "came": sum(row.present for row in rows)}


def _count_attendance(case: Activity, me: Capacity) -> int:
    return case.attendances.filter(present=True).count()


def _schools(case: Activity, me: Capacity, at: datetime) -> dict[str, Any]:
    written = {each.school_id: each for each in case.diagnoses.all()}
    visit = case.form == Form.DIAGNOSIS
    mine = case.state != ActivityState.CANCELLED and writes(case, me)
    rows = [
        {
            "school": school,
            "diagnosis": written.get(school.pk),
            "url": reverse("activity-diagnosis", args=[case.pk, school.pk])
            if mine and (case.state == ActivityState.PLANNED or school.pk in written)
            else "",
        }
        for school in case.schools.select_related("parent")
    ]
    planned = mine and case.state == ActivityState.PLANNED
    url = reverse("activity-schools", args=[case.pk]) if planned else ""
    return {"rows": rows, "visit": visit, "schools_url": url}


def _count_schools(case: Activity, me: Capacity) -> int:
    return case.schools.count()


def _files(case: Activity, me: Capacity, at: datetime) -> dict[str, Any]:
    return {"materials": materials(case, me, f"{case.get_absolute_url()}?tab=files")}


def _crumbs(case: Activity, me: Capacity) -> Sequence[Link]:
    return [Link("活动", reverse("activity-list"))]


def _actions(case: Activity, me: Capacity, at: datetime) -> Sequence[Link]:
    if case.state != ActivityState.PLANNED or not writes(case, me):
        return []
    tone = "primary" if case.starts_at <= at else "plain"
    return [
        Link("修改安排", reverse("activity-edit", args=[case.pk])),
        Link("填写活动报告", reverse("activity-report", args=[case.pk]), tone),
    ]


def _holder(case: Activity) -> str:
    return case.studio.lead.name if case.studio else case.host_name


register(
    CasePage(
        "activity",
        subtitle=lambda case: f"{case.host_name} · {case.get_duty_display()} · {case.get_form_display()}",
        tabs=(
            Tab("details", "概况", "studios/activity.html", context=_details),
            Tab(
                "attendance",
                "出勤",
                "studios/activity_attendance.html",
                context=_attendance,
                count=_count_attendance,
            ),
            Tab(
                "schools", "帮扶学校", "studios/activity_schools.html", context=_schools, count=_count_schools
            ),
            Tab("files", "附件", "office/materials.html", context=_files, scripts=("js/upload.js",)),
        ),
        owner=lambda case: case.studio.programme.owner_id if case.studio else case.organiser_id,
        related=RELATED,
        holder=_holder,
        standing=lambda case: f"活动{case.get_state_display()}，现在没有需要办理的步骤。",
        crumbs=_crumbs,
        actions=_actions,
    )
)
