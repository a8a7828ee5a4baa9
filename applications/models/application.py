"""An application (申报): what a principal files and what becomes of it."""

from __future__ import annotations

from enum import nonmember

from django.db import models
from django.db.models import Q

from applications.content import LAYOUT
from office.filing.fields import Layout
from office.models import Filing, FilingVersion
from office.models.case import state_check, state_field
from studios.models import Stage

from .call import Call


class ApplicationState(models.TextChoices):
    DRAFT = "draft", "填报中"
    SCHOOL_REVIEW = "school_review", "待学校审核"
    AUTHORITY_REVIEW = "authority_review", "待主管部门审核推荐"
    RECOMMENDED = "recommended", "待形式审查"
    RETURNED = "returned", "已退回修改"
    UNDER_REVIEW = "under_review", "专家评审中"
    PASSED = "passed", "评审通过"
    PUBLICISED = "publicised", "公示中"
    HELD = "held", "异议核查中"
    CONFIRMED = "confirmed", "公示无异议"
    ANNOUNCED = "announced", "已公布"
    NOT_PASSED = "not_passed", "评审未通过"
    REJECTED = "rejected", "异议成立，不予公布"
    DECLINED = "declined", "不予推荐"
    WITHDRAWN = "withdrawn", "已撤回"
    LAPSED = "lapsed", "逾期失效"

    # What lapses when its date passes.
    before_recommendation = nonmember(("draft", "school_review", "authority_review", "returned"))
    # What a call's decision has to wait for.
    undecided = nonmember(("school_review", "authority_review", "recommended", "returned"))
    ended = nonmember(("not_passed", "rejected", "declined", "withdrawn", "lapsed"))
    # A place under the quota is freed by these alone.
    freed = nonmember(("declined", "withdrawn", "lapsed"))
    withdrawable = nonmember(
        (
            "draft",
            "school_review",
            "authority_review",
            "recommended",
            "returned",
            "under_review",
            "passed",
            "publicised",
            "held",
            "confirmed",
        )
    )


class Application(Filing):
    """One principal's application in one call. ``content`` holds the form, section by section."""

    number = models.CharField("申报编号", max_length=20, unique=True)
    call = models.ForeignKey(Call, models.PROTECT, related_name="applications", verbose_name="批次")
    lead = models.ForeignKey(
        "accounts.Principal", models.PROTECT, related_name="applications", verbose_name="申报人"
    )
    school = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="applications", verbose_name="依托学校"
    )
    authority = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="applications_under", verbose_name="主管部门"
    )
    stage = models.CharField("学段", max_length=20, choices=Stage)
    studio_name = models.CharField("拟设工作室", max_length=100)
    exception = models.TextField(
        "例外理由", blank=True, help_text="“一般”“原则上”之外的情形须说明理由（第五条、第六条）"
    )
    state = state_field(ApplicationState, ApplicationState.DRAFT)

    submitted_at = models.DateTimeField("提交时间", null=True, editable=False)
    endorsed_at = models.DateTimeField("学校审核时间", null=True, editable=False)
    resume_at = models.CharField("恢复到的环节", max_length=30, blank=True, editable=False)
    endorse_anew = models.BooleanField("修改后须学校重新审核", default=False)
    recommended_at = models.DateTimeField("推荐时间", null=True, editable=False)
    rank = models.PositiveSmallIntegerField("推荐排序", null=True, blank=True)

    score = models.DecimalField("得分", max_digits=5, decimal_places=2, null=True, editable=False)
    spread = models.DecimalField("分差", max_digits=5, decimal_places=2, null=True, editable=False)
    valid_reviews = models.PositiveSmallIntegerField("有效评审", default=0, editable=False)
    result = models.CharField(
        "拟定结果", max_length=10, choices=[("pass", "通过"), ("fail", "不通过")], blank=True
    )
    deviation = models.CharField("与评审结果不一致的理由", max_length=300, blank=True)
    rank_deviation = models.CharField("与推荐排序不一致的理由", max_length=300, blank=True)
    publicity = models.ForeignKey(
        "applications.Publicity", models.PROTECT, null=True, related_name="applications", verbose_name="公示"
    )
    announcement = models.ForeignKey(
        "applications.Announcement",
        models.PROTECT,
        null=True,
        related_name="applications",
        verbose_name="公布",
    )
    studio = models.OneToOneField(
        "studios.Studio", models.PROTECT, null=True, related_name="application", verbose_name="工作室"
    )

    class Meta:
        verbose_name = "申报"
        verbose_name_plural = "申报"
        ordering = ["number"]
        permissions = [("consult_application", "为征求意见查看申报")]
        constraints = [
            state_check(ApplicationState, "application_state"),
            models.UniqueConstraint(
                fields=["call", "lead"],
                condition=~Q(state__in=ApplicationState.ended),
                name="application_one_live",
            ),
            models.UniqueConstraint(
                fields=["call", "authority", "stage", "rank"],
                condition=Q(recommended_at__isnull=False) & ~Q(state__in=ApplicationState.freed),
                name="application_rank_once",
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__gte=0, score__lte=100), name="application_score"
            ),
        ]
        indexes = [
            models.Index(fields=["call", "state"], name="application_call_state"),
            models.Index(fields=["school", "state"], name="application_school_state"),
            models.Index(fields=["authority", "state"], name="application_authority_state"),
            models.Index(fields=["lead", "state"], name="application_lead_state"),
            models.Index(
                fields=["due"],
                condition=Q(state__in=ApplicationState.before_recommendation),
                name="application_lapsing",
            ),
        ]

    mendable = (ApplicationState.DRAFT, ApplicationState.RETURNED)
    form_article = 9

    def __str__(self) -> str:
        return f"{self.studio_name}（{self.number}）"

    @property
    def layout(self) -> Layout:
        """The form of Art. 9."""
        return LAYOUT


class ApplicationVersion(FilingVersion):
    """The form as it was each time it was sent: what whoever reviews again compares with."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="versions", verbose_name="申报")

    class Meta(FilingVersion.Meta):
        verbose_name = "申报版本"
        verbose_name_plural = "申报版本"
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="application_version_once")
        ]
