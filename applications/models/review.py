"""Expert review: the pool, panels by stage, one review per expert and application."""

from __future__ import annotations

from decimal import Decimal
from enum import nonmember

from django.db import models
from django.db.models import F, Q

from office.models import Case
from office.models.case import state_check, state_field
from studios.models import Stage

from .application import Application
from .call import Call


class Expert(models.Model):
    """An expert of the pool: the account, the unit and county they belong to, the stages they judge."""

    user = models.OneToOneField("accounts.User", models.PROTECT, related_name="expert", verbose_name="专家")
    unit = models.ForeignKey(
        "accounts.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="experts",
        verbose_name="所在单位",
    )
    county = models.ForeignKey(
        "accounts.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="所在旗县区",
    )
    post = models.CharField("职务", max_length=60, blank=True, help_text="职务、职称，如：教研员、正高级教师")
    stages = models.JSONField("可评学段", default=list)
    speciality = models.CharField("专长", max_length=100, blank=True)
    active = models.BooleanField("在库", default=True)

    class Meta:
        verbose_name = "评审专家"
        verbose_name_plural = "评审专家"
        ordering = ["user__sort_key", "pk"]

    def __str__(self) -> str:
        return str(self.user)


class Tie(models.Model):
    """A recorded relation between an expert and a principal that rules out judging (回避)."""

    expert = models.ForeignKey(Expert, models.CASCADE, related_name="ties", verbose_name="专家")
    principal = models.ForeignKey(
        "accounts.Principal", models.CASCADE, related_name="ties", verbose_name="校长"
    )
    relation = models.CharField("关系", max_length=60)

    class Meta:
        verbose_name = "回避关系"
        verbose_name_plural = "回避关系"
        constraints = [models.UniqueConstraint(fields=["expert", "principal"], name="tie_once")]

    def __str__(self) -> str:
        return f"{self.expert}—{self.principal}：{self.relation}"


class Panel(models.Model):
    """The experts of one stage of a call."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="panels", verbose_name="批次")
    stage = models.CharField("学段", max_length=20, choices=Stage)

    class Meta:
        verbose_name = "评审组"
        verbose_name_plural = "评审组"
        constraints = [models.UniqueConstraint(fields=["call", "stage"], name="panel_once")]

    def __str__(self) -> str:
        return f"{self.get_stage_display()}评审组"


class PanelSeat(models.Model):
    """An expert's seat on a panel, and how it was filled."""

    panel = models.ForeignKey(Panel, models.CASCADE, related_name="seats", verbose_name="评审组")
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="seats", verbose_name="专家")
    drawn = models.BooleanField("随机抽取", default=False)

    class Meta:
        verbose_name = "评审组成员"
        verbose_name_plural = "评审组成员"
        constraints = [models.UniqueConstraint(fields=["panel", "expert"], name="seat_once")]

    def __str__(self) -> str:
        return f"{self.expert}（{self.panel}）"


class Waiver(models.Model):
    """The reason why an expert may judge an application of their own county all the same."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="waivers", verbose_name="申报")
    expert = models.ForeignKey(Expert, models.CASCADE, related_name="waivers", verbose_name="专家")
    reason = models.CharField("理由", max_length=300)

    class Meta:
        verbose_name = "同旗县区评审说明"
        verbose_name_plural = "同旗县区评审说明"
        constraints = [models.UniqueConstraint(fields=["application", "expert"], name="waiver_once")]

    def __str__(self) -> str:
        return self.reason


class ReviewState(models.TextChoices):
    ASSIGNED = "assigned", "待评分"
    SUBMITTED = "submitted", "已提交"
    RECUSED = "recused", "已回避"
    RELEASED = "released", "已解除"

    counting = nonmember(("assigned", "submitted"))


class Review(Case):
    """One expert's judgement of one application."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="reviews", verbose_name="申报")
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="reviews", verbose_name="专家")
    state = state_field(ReviewState, ReviewState.ASSIGNED)
    total = models.DecimalField("总分", max_digits=4, decimal_places=1, null=True, editable=False)
    comment = models.TextField("评审意见", blank=True)
    veto = models.BooleanField(
        "师德否决", default=False, help_text="思想政治与师德存在问题的，请勾选并在意见中说明"
    )
    saved_at = models.DateTimeField("保存时间", null=True, editable=False)

    class Meta:
        verbose_name = "专家评审"
        verbose_name_plural = "专家评审"
        ordering = ["application", "pk"]
        constraints = [
            state_check(ReviewState, "review_state"),
            models.UniqueConstraint(
                fields=["application", "expert"],
                condition=Q(state__in=ReviewState.counting),
                name="review_once",
            ),
        ]
        indexes = [models.Index(fields=["expert", "state"], name="review_expert_state")]

    def __str__(self) -> str:
        return f"评审：{self.application}"


class ReviewScore(models.Model):
    """One cell of a score sheet, one decimal. ``maximum`` is the indicator's points, so that the row can be checked."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="scores", verbose_name="评审")
    indicator = models.ForeignKey(
        "evaluations.Indicator", models.PROTECT, related_name="+", verbose_name="指标"
    )
    points = models.DecimalField("得分", max_digits=4, decimal_places=1, null=True)
    maximum = models.DecimalField("分值", max_digits=4, decimal_places=1)
    reason = models.CharField("说明", max_length=300, blank=True)

    class Meta:
        verbose_name = "评分"
        verbose_name_plural = "评分"
        constraints = [
            models.UniqueConstraint(fields=["review", "indicator"], name="score_once"),
            models.CheckConstraint(
                condition=Q(points__isnull=True) | (Q(points__gte=Decimal(0)) & Q(points__lte=F("maximum"))),
                name="score_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.points}"
