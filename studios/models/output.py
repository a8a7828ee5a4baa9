"""Outputs (Art. 3, 8): projects, papers, books, courses, prizes, lectures, each with its proof."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from office.models import Case
from office.models.case import state_check, state_field

from .duty import Duty
from .plan import PlanItem
from .studio import Studio, StudioYear


class OutputKind(models.TextChoices):
    PROJECT = "project", "课题"
    PAPER = "paper", "论文"
    BOOK = "book", "著作"
    COURSE = "course", "课程"
    PRIZE = "prize", "获奖"
    LECTURE = "lecture", "讲座报告"
    OTHER = "other", "其他"


class Level(models.TextChoices):
    NATION = "nation", "国家级"
    REGION = "region", "自治区级"
    CITY = "city", "市级"
    COUNTY = "county", "旗县区级"
    SCHOOL = "school", "校级"
    NONE = "none", "不分级"


class Progress(models.TextChoices):
    RUNNING = "running", "在研"
    CLOSED = "closed", "已结题"


class OutputState(models.TextChoices):
    RECORDED = "recorded", "已登记"
    PUBLIC = "public", "已公开"
    WITHDRAWN = "withdrawn", "已撤销"


class Output(Case):
    """One output of a studio year. Recorded by the studio; on the public site when the lead agrees."""

    studio = models.ForeignKey(Studio, models.PROTECT, related_name="outputs", verbose_name="工作室")
    year = models.ForeignKey(StudioYear, models.PROTECT, related_name="outputs", verbose_name="建设年度")
    item = models.ForeignKey(
        PlanItem, models.PROTECT, null=True, blank=True, related_name="outputs", verbose_name="对应的计划任务"
    )
    duty = models.CharField("职责", max_length=20, choices=Duty)
    kind = models.CharField("类别", max_length=10, choices=OutputKind)
    title = models.CharField("名称", max_length=200)
    authors = models.CharField("作者或完成人", max_length=200)
    level = models.CharField("级别", max_length=10, choices=Level, default=Level.NONE)
    number = models.CharField("编号或文号", max_length=60, blank=True)
    source = models.CharField("刊物、出版社或授予单位", max_length=100, blank=True)
    progress = models.CharField("进展", max_length=10, choices=Progress, blank=True)
    dated = models.DateField("时间")
    summary = models.TextField("简介", max_length=500, blank=True)
    state = state_field(OutputState, OutputState.RECORDED)

    class Meta:
        verbose_name = "成果"
        verbose_name_plural = "成果"
        ordering = ["-dated", "-pk"]
        constraints = [
            state_check(OutputState, "output_state"),
            models.CheckConstraint(condition=Q(duty__in=Duty.values), name="output_duty"),
            models.CheckConstraint(condition=Q(kind__in=OutputKind.values), name="output_kind"),
        ]
        indexes = [models.Index(fields=["year", "duty", "state"], name="output_of_year")]

    # The number of an output is its project's or its document's; in addresses it goes by its row.
    @property
    def key(self) -> str:
        return str(self.pk)

    def __str__(self) -> str:
        return self.title
