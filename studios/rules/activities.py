"""What an activity needs before it counts as held (Art. 8): it took place, who came, what came of it, a proof."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from office.attachments import slots
from office.flow import Missing
from office.words import moment
from studios.models import Activity, Form

PHOTO, EVIDENCE, SHEET = "photo", "evidence", "sheet"


def begun(activity: Activity, at: datetime) -> Iterator[Missing]:
    """It has begun."""
    if activity.starts_at > at:
        yield Missing(f"活动{moment(activity.starts_at)}开始，开始后才能登记为已开展")


def reported(activity: Activity, at: datetime) -> Iterator[Missing]:
    """There is a report."""
    if not activity.report.strip():
        yield Missing("还没有填写活动报告", 8, reverse("activity-report", args=[activity.pk]))


def attended(activity: Activity, at: datetime) -> Iterator[Missing]:
    """Somebody came."""
    if not activity.attendances.filter(present=True).exists():
        yield Missing("出勤名单还是空的，至少一人", 8, reverse("activity-report", args=[activity.pk]))


def evidenced(activity: Activity, at: datetime) -> Iterator[Missing]:
    """A photo or another proof is attached."""
    if not slots(activity).keys() & {PHOTO, EVIDENCE, SHEET}:
        where = f"{reverse('activity-report', args=[activity.pk])}#material-{PHOTO}"
        yield Missing("还没有上传照片或佐证材料，至少一份", 8, where)


def diagnosed(activity: Activity, at: datetime) -> Iterator[Missing]:
    """A diagnosis visit names its schools and has a report for each (Art. 8-3)."""
    if activity.form != Form.DIAGNOSIS:
        return
    where = reverse("activity-schools", args=[activity.pk])
    schools = list(activity.schools.all())
    if not schools:
        yield Missing("下校诊断还没有登记学校", 8, where)
    done = set(activity.diagnoses.values_list("school", flat=True))
    for school in schools:
        if school.pk not in done:
            address = reverse("activity-diagnosis", args=[activity.pk, school.pk])
            yield Missing(f"还没有{school.name}的诊断报告", 8, address)
