"""A county's yearly work plan for its studios (Art. 15)."""

from __future__ import annotations

from django.db import models

from .studio import Studio


class CountyPlanItem(models.Model):
    """One item of a county's work plan of a calendar year that concerns studios, and what became of it."""

    county = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="studio_plan_items", verbose_name="旗县区"
    )
    year = models.PositiveSmallIntegerField("年度")
    task = models.CharField("工作任务", max_length=200)
    timing = models.CharField("时间安排", max_length=60)
    studios = models.ManyToManyField(
        Studio, blank=True, related_name="county_plan_items", verbose_name="涉及的工作室"
    )
    done = models.TextField("完成情况", max_length=500, blank=True)

    class Meta:
        verbose_name = "年度工作计划"
        verbose_name_plural = "年度工作计划"
        ordering = ["-year", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(year__gte=2020, year__lte=2100), name="county_plan_year"
            )
        ]

    def __str__(self) -> str:
        return self.task
