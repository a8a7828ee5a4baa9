"""What a call begins with (PRACTICE, 申报材料): its materials and its dates. The owner changes them in the browser."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from applications.models import Call, Material
from programmes.models import Programme

BY_APPLICANT, BY_SCHOOL = Material.By.APPLICANT, Material.By.SCHOOL
# (key, label, by whom, required, hint)
MATERIALS = (
    ("identity", "居民身份证", BY_APPLICANT, True, "正反两面；专家不可见"),
    ("degree", "学历学位与职称证书", BY_APPLICANT, True, ""),
    ("appointment", "正职任职文件", BY_APPLICANT, True, ""),
    ("honours", "荣誉证书", BY_APPLICANT, True, "市级名校长等称号及主要荣誉"),
    ("achievements", "课题、论文与成果", BY_APPLICANT, True, ""),
    ("plan", "三年建设规划", BY_APPLICANT, True, ""),
    ("pledge", "学校支持承诺书", BY_SCHOOL, True, "第十二条：场所、条件、减轻领衔人工作负担；加盖学校公章"),
    ("signed-form", "签字盖章的申报表", BY_SCHOOL, True, "由系统打印，签字盖章后扫描上传"),
    ("integrity", "廉洁与师德证明", BY_APPLICANT, False, ""),
    ("posted", "学校或旗县区公示证明", BY_APPLICANT, False, ""),
    ("features", "办学特色材料", BY_APPLICANT, False, ""),
)
# How many days after the opening each stop ends.
DAYS = {"submit_by": 30, "school_by": 40, "authority_by": 50, "check_by": 60, "score_by": 80}


def lay(call: Call) -> None:
    """Give ``call`` the default materials it has not got, by key. Repeatable."""
    rows = [
        Material(call=call, key=key, label=label, by=by, required=required, hint=hint, order=order)
        for order, (key, label, by, required, hint) in enumerate(MATERIALS, 1)
    ]
    Material.objects.bulk_create(rows, ignore_conflicts=True)


def material_rows() -> list[dict[str, Any]]:
    """The default materials as the rows of a form."""
    return [dict(zip(("key", "label", "by", "required", "hint"), row, strict=True)) for row in MATERIALS]


def end_of_day(day: date) -> datetime:
    """The last moment of ``day``: what reaches the server by then is in time."""
    return timezone.make_aware(datetime.combine(day, time.max))


def of_programme(programme: Programme, at: datetime) -> dict[str, Any]:
    """The first values of a new call: dates from the day after ``at``, the rest from the programme's parameters."""
    today = timezone.localdate(at)
    first = today + timedelta(days=1)
    values: dict[str, Any] = {
        "name": f"{today.year}年名校长工作室申报",
        "start_on": date(today.year + 1, 1, 1),
        "opens_at": timezone.make_aware(datetime.combine(first, time.min)),
        "panel_size": programme.experts_per_panel,
        "valid_reviews_min": programme.valid_reviews_min,
        "application_line": programme.application_line,
        "trim_scores": programme.trim_scores,
        "publicity_days": programme.publicity_working_days,
    }
    for name, days in DAYS.items():
        values[name] = end_of_day(first + timedelta(days=days))
    if values["start_on"] <= values["score_by"].date():
        values["start_on"] = date(today.year + 2, 1, 1)
    return values
