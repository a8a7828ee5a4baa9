"""A programme: its owner, its legal basis, its parameters."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from guardian.models import UserObjectPermissionBase

from accounts.models import Kind

from .measures import Measures


class Programme(models.Model):
    """One programme of studios. A county may run its own (Art. 19): nothing assumes the bureau or these numbers."""

    owner = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="programmes", verbose_name="主管部门"
    )
    name = models.CharField("名称", max_length=100)
    measures = models.ForeignKey(Measures, models.PROTECT, verbose_name="依据的办法")
    basis = models.TextField("依据", help_text="公文引用的政策依据（第一条）")
    document_code = models.CharField(
        "发文机关代字",
        max_length=20,
        blank=True,
        help_text="公文字号由它和年份、序号组成，如：赤教发；不填的，字号须逐件填写",
    )

    term_years = models.PositiveSmallIntegerField("建设周期（年）", default=3)
    members_min = models.PositiveSmallIntegerField("成员最少人数", default=8)
    members_max = models.PositiveSmallIntegerField("成员最多人数", default=10)
    one_studio_per_member = models.BooleanField("每人只参加一个工作室", default=True)
    mend_working_days = models.PositiveSmallIntegerField("退回修改期限（工作日）", default=5)
    publicity_working_days = models.PositiveSmallIntegerField("公示期（工作日）", default=5)
    objection_working_days = models.PositiveSmallIntegerField("异议答复期限（工作日）", default=10)
    experts_per_panel = models.PositiveSmallIntegerField("每组专家人数", default=5)
    valid_reviews_min = models.PositiveSmallIntegerField("有效评审最少份数", default=3)
    trim_scores = models.BooleanField("去掉最高分和最低分", default=True)
    application_line = models.DecimalField("入选分数线", max_digits=5, decimal_places=2, default=Decimal(70))
    assessment_pass_mark = models.DecimalField(
        "考核合格线", max_digits=5, decimal_places=2, default=Decimal(60)
    )
    excellent_mark = models.DecimalField("优秀线", max_digits=5, decimal_places=2, default=Decimal(90))
    excellent_quota = models.PositiveSmallIntegerField(
        "优秀比例（%）", null=True, blank=True, validators=[MaxValueValidator(100)], help_text="不填表示不限"
    )
    rectification_days = models.PositiveSmallIntegerField("整改期限（天）", default=60)
    appeal_working_days = models.PositiveSmallIntegerField("申诉期限（工作日）", default=5)
    plan_due_months = models.PositiveSmallIntegerField(
        "年度计划和预算期限（月）", default=3, help_text="建设年度开始后第几个月月末"
    )
    summary_due_days = models.PositiveSmallIntegerField(
        "年度总结和自评期限（天）", default=16, help_text="建设年度结束前多少天"
    )
    grace_days = models.PositiveSmallIntegerField(
        "启动后的宽限（天）", default=30, help_text="工作室开始建设后多少天内不算任何期限到期"
    )
    members_below_days = models.PositiveSmallIntegerField(
        "成员不足的提醒期限（天）",
        default=60,
        help_text="在任成员少于下限多少天后通知领衔人、旗县区和主管部门",
    )
    acting_lead_days = models.PositiveSmallIntegerField("代理领衔最长天数", default=90)
    preparing_days = models.PositiveSmallIntegerField("组建期限（天）", default=60)
    reduced_ratio = models.PositiveSmallIntegerField(
        "减拨比例（%）", default=50, validators=[MinValueValidator(1), MaxValueValidator(99)]
    )
    annual_amount = models.DecimalField(
        "每年工作经费（元）", max_digits=12, decimal_places=2, default=Decimal(50000)
    )

    class Meta:
        verbose_name = "项目"
        verbose_name_plural = "项目"
        ordering = ["pk"]
        permissions = [("audit_programme", "审计")]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="programme_once"),
            models.CheckConstraint(
                condition=Q(members_min__gte=1) & Q(members_max__gte=F("members_min")),
                name="programme_members",
            ),
            models.CheckConstraint(
                condition=Q(valid_reviews_min__gte=1) & Q(experts_per_panel__gte=F("valid_reviews_min")),
                name="programme_reviews",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def number_prefix(self) -> str:
        """What stands before the numbers of a programme that is not the bureau's, so that all numbers differ."""
        return "" if self.owner.kind == Kind.BUREAU else f"{self.owner.code or self.owner_id}-"


class ProgrammeUserObjectPermission(UserObjectPermissionBase):
    """What one person is given for one programme: an auditor's scope. Kept by django-guardian, without generic keys."""

    content_object = models.ForeignKey(Programme, models.CASCADE)
