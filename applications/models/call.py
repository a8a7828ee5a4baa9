"""A call for applications (申报批次): its dates, places, quotas, materials."""

from __future__ import annotations

from decimal import Decimal
from enum import nonmember
from typing import Any

from django.db import models
from django.db.models import F, Q

from office.models import Case
from office.models.case import state_check, state_field
from studios.models import Stage


class CallState(models.TextChoices):
    DRAFT = "draft", "拟定中"
    OPEN = "open", "申报中"
    REVIEWING = "reviewing", "评审中"
    DECIDED = "decided", "已定名单"
    PUBLICITY = "publicity", "公示中"
    ANNOUNCED = "announced", "已公布"
    CANCELLED = "cancelled", "已取消"

    running = nonmember(("open", "reviewing", "decided", "publicity"))


class Call(Case):
    """One round of applications of a programme."""

    number = models.CharField("编号", max_length=20, unique=True)
    programme = models.ForeignKey(
        "programmes.Programme", models.PROTECT, related_name="calls", verbose_name="项目"
    )
    name = models.CharField("名称", max_length=100)
    state = state_field(CallState, CallState.DRAFT)
    start_on = models.DateField("建设周期起始日", help_text="一般为次年1月1日")
    opens_at = models.DateTimeField("申报开始")
    submit_by = models.DateTimeField("申报截止")
    school_by = models.DateTimeField("学校审核截止")
    authority_by = models.DateTimeField("旗县区推荐截止")
    check_by = models.DateTimeField("形式审查截止")
    score_by = models.DateTimeField("专家评分截止")
    county_quota = models.PositiveSmallIntegerField(
        "每旗县区推荐名额",
        null=True,
        blank=True,
        help_text="不填表示不限，0 表示不安排；可另按旗县区、学段单独设定",
    )
    rubric = models.ForeignKey("evaluations.Rubric", models.PROTECT, null=True, verbose_name="评分标准")
    application_line = models.DecimalField("入选分数线", max_digits=5, decimal_places=2, default=Decimal(70))
    panel_size = models.PositiveSmallIntegerField("每组专家人数", default=5)
    valid_reviews_min = models.PositiveSmallIntegerField("有效评审最少份数", default=3)
    trim_scores = models.BooleanField("五份及以上去掉最高分和最低分", default=True)
    notice_number = models.CharField(
        "通知的发文字号", max_length=60, blank=True, help_text="填写发文登记的字号；不填则由系统按序编号"
    )
    notice_body = models.TextField("通知正文补充", blank=True, help_text="写在通知“申报要求”一节之后，可不填")
    publicity_days = models.PositiveSmallIntegerField("公示期（工作日）", default=5)

    # What the step 延期 is about to set (applications.extending.Planned); no column.
    planned: Any = None
    # What the step 印发延期通知 is about to issue (applications.supplementing.Supplement); no column.
    supplement: Any = None
    # Who recommends, once it was read (applications.call_forms.authorities_of); no column.
    recommenders: Any = None

    class Meta:
        verbose_name = "申报批次"
        verbose_name_plural = "申报批次"
        ordering = ["-opens_at", "-pk"]
        constraints = [
            state_check(CallState, "call_state"),
            models.CheckConstraint(
                condition=Q(opens_at__lt=F("submit_by"))
                & Q(submit_by__lte=F("school_by"))
                & Q(school_by__lte=F("authority_by"))
                & Q(authority_by__lte=F("check_by"))
                & Q(check_by__lte=F("score_by")),
                name="call_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(valid_reviews_min__gte=1) & Q(panel_size__gte=F("valid_reviews_min")),
                name="call_reviews",
            ),
            models.CheckConstraint(condition=Q(publicity_days__gte=1), name="call_publicity"),
        ]
        indexes = [models.Index(fields=["programme", "state"], name="call_programme_state")]

    def __str__(self) -> str:
        return self.name


class StagePlaces(models.Model):
    """How many studios of a stage a call means to set up; a stage without a row is not called for."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="places", verbose_name="批次")
    stage = models.CharField("学段", max_length=20, choices=Stage)
    number = models.PositiveSmallIntegerField("拟建数量")

    class Meta:
        verbose_name = "拟建数量"
        verbose_name_plural = "拟建数量"
        constraints = [models.UniqueConstraint(fields=["call", "stage"], name="places_once")]

    def __str__(self) -> str:
        return f"{self.get_stage_display()} {self.number}"


class Quota(models.Model):
    """How many applications one authority may recommend: of one stage, or (stage empty) of all together."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="quotas", verbose_name="批次")
    authority = models.ForeignKey(
        "accounts.Organisation",
        models.PROTECT,
        related_name="quotas",
        verbose_name="旗县区（市直填市教育局）",
    )
    stage = models.CharField("学段", max_length=20, choices=Stage, blank=True, help_text="不填表示各学段合计")
    number = models.PositiveSmallIntegerField("名额")

    class Meta:
        verbose_name = "推荐名额"
        verbose_name_plural = "推荐名额"
        constraints = [models.UniqueConstraint(fields=["call", "authority", "stage"], name="quota_once")]

    def __str__(self) -> str:
        return f"{self.authority} {self.get_stage_display()} {self.number}"


class Material(models.Model):
    """One material an application consists of, attached by the applicant or by the school."""

    class By(models.TextChoices):
        APPLICANT = "applicant", "申报人"
        SCHOOL = "school", "学校"

    call = models.ForeignKey(Call, models.CASCADE, related_name="materials", verbose_name="批次")
    key = models.SlugField("代码", max_length=40)
    label = models.CharField("材料", max_length=60)
    by = models.CharField("由谁提供", max_length=10, choices=By, default=By.APPLICANT)
    required = models.BooleanField("必需", default=False)
    hint = models.CharField("说明", max_length=200, blank=True)
    order = models.PositiveSmallIntegerField("顺序", default=0)

    class Meta:
        verbose_name = "申报材料"
        verbose_name_plural = "申报材料"
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["call", "key"], name="material_once")]

    def __str__(self) -> str:
        return self.label
