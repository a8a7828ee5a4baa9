"""Plans (Art. 16): the development plan of a term, the annual plans, with items that activities fulfil."""

from __future__ import annotations

from datetime import datetime
from enum import nonmember

from django.db import models
from django.db.models import F, Q

from office.filing.fields import Layout
from office.models import Filing, FilingVersion
from office.models.case import state_check, state_field
from studios.layouts.plan import ANNUAL, DEVELOPMENT

from .duty import Duty
from .studio import Studio, StudioYear, Term, end_of


class PlanKind(models.TextChoices):
    DEVELOPMENT = "development", "发展规划"
    ANNUAL = "annual", "年度工作计划"


class FiledState(models.TextChoices):
    """The states of what a lead files with the owner: plans, summaries, budgets."""

    DRAFT = "draft", "填报中"
    FILED = "filed", "已备案"
    RETURNED = "returned", "已退回修改"
    AMENDING = "amending", "调整中"

    # Filed at least once: what was filed last holds.
    standing = nonmember(("filed", "amending"))


class Plan(Filing):
    """A plan of a studio: for its term, or for one studio year. Each filing is a version; the last one holds."""

    studio = models.ForeignKey(Studio, models.PROTECT, related_name="plans", verbose_name="工作室")
    kind = models.CharField("种类", max_length=20, choices=PlanKind)
    term = models.ForeignKey(Term, models.PROTECT, related_name="plans", verbose_name="建设周期")
    year = models.ForeignKey(
        StudioYear, models.PROTECT, null=True, blank=True, related_name="plans", verbose_name="建设年度"
    )
    state = state_field(FiledState, FiledState.DRAFT)
    filed_at = models.DateTimeField("备案时间", null=True, editable=False)
    late = models.BooleanField("逾期", default=False, editable=False)

    mendable = (FiledState.DRAFT, FiledState.RETURNED, FiledState.AMENDING)
    form_article = 16

    class Meta:
        verbose_name = "规划与计划"
        verbose_name_plural = "规划与计划"
        ordering = ["studio", "-term__number", "kind", "year__number"]
        constraints = [
            state_check(FiledState, "plan_state"),
            models.UniqueConstraint(
                fields=["term"], condition=Q(kind=PlanKind.DEVELOPMENT), name="plan_of_term_once"
            ),
            models.UniqueConstraint(
                fields=["year"], condition=Q(year__isnull=False), name="plan_of_year_once"
            ),
            models.CheckConstraint(
                condition=Q(kind=PlanKind.ANNUAL, year__isnull=False)
                | Q(kind=PlanKind.DEVELOPMENT, year__isnull=True),
                name="plan_kind_year",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.studio} {self.name}"

    @property
    def name(self) -> str:
        """发展规划（2026—2028年） or 第1年度工作计划."""
        if self.year:
            return f"第{self.year.number}年度工作计划"
        return f"发展规划（{self.term.starts:%Y}—{self.term.ends:%Y}年）"

    @property
    def due_by(self) -> datetime | None:
        """The last moment in time: of the year it is for, of the first year for the term's plan."""
        year = self.year or self.term.years.order_by("number").first()
        return end_of(year.plan_due) if year else None

    @property
    def layout(self) -> Layout:
        """The form of Art. 16: another for the term than for a year."""
        return ANNUAL if self.kind == PlanKind.ANNUAL else DEVELOPMENT


class PlanVersion(FilingVersion):
    """The plan as it was filed, with the reason where it amended an earlier one."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="versions", verbose_name="计划")

    class Meta(FilingVersion.Meta):
        verbose_name = "计划版本"
        verbose_name_plural = "计划版本"
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="plan_version_once")]


class PlanItem(models.Model):
    """One item of a filed plan; made from the rows of the form when it is filed, known by the row's key.

    An item that a later version leaves out stays, ``dropped``: what was done under it stays filed.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="items", verbose_name="计划")
    key = models.CharField(max_length=12, editable=False)
    place = models.PositiveSmallIntegerField("序号")
    duty = models.CharField("职责", max_length=20, choices=Duty)
    task = models.CharField("任务", max_length=300)
    starts = models.CharField("起", max_length=7, blank=True, help_text="月份，如 2026-03")
    ends = models.CharField("止", max_length=7, blank=True, help_text="月份，如 2026-06")
    who = models.CharField("负责人", max_length=100, blank=True)
    target = models.CharField("可衡量的目标", max_length=200, blank=True)
    times = models.PositiveSmallIntegerField(
        "目标次数", default=1, help_text="开展几次活动或形成几项成果算完成"
    )
    share = models.DecimalField("经费（元）", max_digits=12, decimal_places=2, null=True, blank=True)
    dropped = models.BooleanField("已取消", default=False, editable=False)

    class Meta:
        verbose_name = "计划项目"
        verbose_name_plural = "计划项目"
        ordering = ["place", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "key"], name="plan_item_once"),
            models.CheckConstraint(condition=Q(times__gte=1), name="plan_item_times"),
            models.CheckConstraint(
                condition=Q(ends="") | Q(starts="") | Q(ends__gte=F("starts")), name="plan_item_ends"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place}. {self.task}"
