"""Activities (Art. 3, 8, 14, 15): what a studio does, and what counties, support bodies and third parties do with studios."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from office.models import Case
from office.models.case import state_check, state_field

from .duty import Duty, Form
from .membership import Membership
from .plan import PlanItem
from .studio import Studio, StudioYear


class ActivityState(models.TextChoices):
    PLANNED = "planned", "已安排"
    HELD = "held", "已开展"
    CANCELLED = "cancelled", "已取消"


class Activity(Case):
    """One activity. A studio's own has ``studio`` and ``year``; one that an organisation holds with studios names
    them in ``partners`` and counts for each of them.
    """

    title = models.CharField("活动名称", max_length=100)
    studio = models.ForeignKey(
        Studio, models.PROTECT, null=True, blank=True, related_name="activities", verbose_name="工作室"
    )
    year = models.ForeignKey(
        StudioYear, models.PROTECT, null=True, blank=True, related_name="activities", verbose_name="建设年度"
    )
    organiser = models.ForeignKey(
        "accounts.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="studio_activities",
        verbose_name="主办单位",
    )
    partners = models.ManyToManyField(
        Studio, blank=True, related_name="joined_activities", verbose_name="参加的工作室"
    )
    item = models.ForeignKey(
        PlanItem,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="activities",
        verbose_name="对应的计划任务",
    )
    duty = models.CharField("职责", max_length=20, choices=Duty)
    form = models.CharField("形式", max_length=20, choices=Form)
    online = models.BooleanField("线上", default=False)
    place = models.CharField("地点", max_length=100)
    starts_at = models.DateTimeField("开始时间")
    ends_at = models.DateTimeField("结束时间")
    purpose = models.TextField("内容与安排", max_length=1000, blank=True)
    schools = models.ManyToManyField(
        "accounts.Organisation", blank=True, related_name="helped_by", verbose_name="帮扶学校"
    )
    report = models.TextField("活动报告", max_length=3000, blank=True)
    expected = models.PositiveIntegerField("预计人数", null=True, blank=True)
    audience = models.PositiveIntegerField("参加人数", null=True, blank=True, help_text="含工作室以外的人员")
    state = state_field(ActivityState, ActivityState.PLANNED)

    class Meta:
        verbose_name = "活动"
        verbose_name_plural = "活动"
        ordering = ["-starts_at", "-pk"]
        constraints = [
            state_check(ActivityState, "activity_state"),
            models.CheckConstraint(
                condition=Q(ends_at__gte=F("starts_at")), name="activity_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(studio__isnull=False, year__isnull=False, organiser__isnull=True)
                | Q(studio__isnull=True, year__isnull=True, organiser__isnull=False),
                name="activity_of_studio_or_organiser",
            ),
            models.CheckConstraint(condition=Q(duty__in=Duty.values), name="activity_duty"),
            models.CheckConstraint(condition=Q(form__in=Form.values), name="activity_form"),
        ]
        indexes = [
            models.Index(fields=["studio", "-starts_at"], name="activity_of_studio"),
            models.Index(fields=["year", "duty", "state"], name="activity_of_year"),
            models.Index(fields=["organiser", "-starts_at"], name="activity_of_organiser"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def host_name(self) -> str:
        """Who holds it: the studio, or the organisation."""
        return self.studio.name if self.studio else self.organiser.name if self.organiser else ""


class Attendance(models.Model):
    """Who was to come and who came: a member of the studio, or a guest by name and unit."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="attendances", verbose_name="活动")
    membership = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="attendances", verbose_name="成员"
    )
    name = models.CharField("姓名", max_length=40, blank=True)
    unit = models.CharField("单位", max_length=100, blank=True)
    present = models.BooleanField("到场", default=True)
    note = models.CharField("说明", max_length=100, blank=True, help_text="如：请假、承担的任务")

    class Meta:
        verbose_name = "出勤"
        verbose_name_plural = "出勤"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["activity", "membership"], name="attendance_once"),
            models.CheckConstraint(
                condition=Q(membership__isnull=False, name="") | (Q(membership__isnull=True) & ~Q(name="")),
                name="attendance_of_member_or_guest",
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.membership)


class Diagnosis(models.Model):
    """The report of a visit to a school (下校诊断, Art. 8-3): findings, advice, when to look again and what came of it."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="diagnoses", verbose_name="活动")
    school = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="diagnoses", verbose_name="学校"
    )
    findings = models.TextField("发现的问题", max_length=2000)
    advice = models.TextField("建议", max_length=2000)
    follow_up_on = models.DateField("回访日期", null=True, blank=True)
    outcome = models.TextField("回访结果", max_length=2000, blank=True)

    class Meta:
        verbose_name = "诊断报告"
        verbose_name_plural = "诊断报告"
        constraints = [models.UniqueConstraint(fields=["activity", "school"], name="diagnosis_once")]

    def __str__(self) -> str:
        return f"{self.school}诊断报告"
