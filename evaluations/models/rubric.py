"""A rubric: groups of indicators with points. A version is frozen once it has been used."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q, Sum


class Rubric(models.Model):
    """One version of a rubric of a programme."""

    class Purpose(models.TextChoices):
        APPLICATION = "application", "申报评审"
        ANNUAL = "annual", "年度考核"
        TERM = "term", "期满评估"

    programme = models.ForeignKey(
        "programmes.Programme", models.PROTECT, related_name="rubrics", verbose_name="项目"
    )
    purpose = models.CharField("用途", max_length=20, choices=Purpose)
    name = models.CharField("名称", max_length=100)
    version = models.PositiveSmallIntegerField("版本", default=1)
    frozen_at = models.DateTimeField("启用时间", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "评分标准"
        verbose_name_plural = "评分标准"
        ordering = ["purpose", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "purpose", "name", "version"], name="rubric_version_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}（第{self.version}版）"

    def total(self) -> Decimal:
        """The points of all its indicators together."""
        points = self.indicators.filter(parent__isnull=False).aggregate(total=Sum("points"))["total"]
        return points or Decimal(0)


class Indicator(models.Model):
    """A group (no parent, no points of its own) or an indicator in a group, with its points."""

    rubric = models.ForeignKey(Rubric, models.PROTECT, related_name="indicators", verbose_name="评分标准")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="类别"
    )
    order = models.PositiveSmallIntegerField("顺序")
    label = models.CharField("指标", max_length=60)
    points = models.DecimalField("分值", max_digits=4, decimal_places=1, default=Decimal(0))
    guide = models.CharField("评分说明", max_length=300, blank=True)

    class Meta:
        verbose_name = "指标"
        verbose_name_plural = "指标"
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["rubric", "order"], name="indicator_order_once"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True, points=0) | Q(parent__isnull=False, points__gt=0),
                name="indicator_points",
            ),
        ]

    def __str__(self) -> str:
        return self.label
