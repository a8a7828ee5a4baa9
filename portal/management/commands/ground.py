"""What a real installation stands on before anyone enters anything; the demonstration lays the same by itself."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.consent import lay as lay_notice
from accounts.ground import lay as lay_organisations
from accounts.models import DataNotice, Kind, Organisation
from evaluations.defaults import lay as lay_rubric
from evaluations.models import Indicator, Rubric
from programmes.ground import lay as lay_programme
from programmes.models import Article, Holiday, Programme

LAID: tuple[tuple[str, QuerySet[Any]], ...] = (
    ("市教育局", Organisation.objects.filter(kind=Kind.BUREAU)),
    ("旗县区教育行政部门", Organisation.objects.filter(kind=Kind.COUNTY)),
    ("办法条文", Article.objects.all()),
    ("节假日和调休日", Holiday.objects.all()),
    ("工作室项目", Programme.objects.all()),
    ("评分标准", Rubric.objects.all()),
    ("评分指标", Indicator.objects.all()),
    ("个人信息处理说明", DataNotice.objects.all()),
)


class Command(BaseCommand):
    help = "建立正式使用的基础数据：市教育局和旗县区、办法条文、节假日、项目及其参数、评分标准。可重复执行。"

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        before = _counts()
        lay_rubric(lay_programme(lay_organisations()))
        lay_notice(timezone.now())
        for (label, count), (_, earlier) in zip(_counts(), before, strict=True):
            self.stdout.write(f"{label}：新建 {count - earlier}，现有 {count}")


def _counts() -> list[tuple[str, int]]:
    """How many there are of each at this moment."""
    return [(label, rows.count()) for label, rows in LAID]
