"""Career plans of members (Art. 8-2 职业发展规划): agreed by lead and member, one for each membership."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from office.filing.fields import Layout
from office.models import Filing, FilingVersion
from office.models.case import state_check, state_field
from studios.layouts.career import CAREER

from .membership import Membership


class CareerState(models.TextChoices):
    DRAFT = "draft", "填报中"
    AGREED = "agreed", "双方已签"
    CLOSED = "closed", "已结业"
    LAPSED = "lapsed", "不再办理"


class CareerPlan(Filing):
    """One member's plan: goals by year, what the studio does for them, notes on the way, a growth report at its end.

    It needs both signatures. A signature stands under the words it was given for (``version``): a change takes it
    back by itself.
    """

    membership = models.OneToOneField(
        Membership, models.PROTECT, related_name="career_plan", verbose_name="成员"
    )
    state = state_field(CareerState, CareerState.DRAFT)
    member_signed_at = models.DateTimeField("成员签署时间", null=True, editable=False)
    lead_signed_at = models.DateTimeField("领衔人签署时间", null=True, editable=False)
    member_signed_version = models.PositiveIntegerField(null=True, editable=False)
    lead_signed_version = models.PositiveIntegerField(null=True, editable=False)
    growth_report = models.TextField("成长报告", max_length=3000, blank=True)

    mendable = (CareerState.DRAFT,)
    form_article = 8

    class Meta:
        verbose_name = "职业发展规划"
        verbose_name_plural = "职业发展规划"
        ordering = ["membership", "pk"]
        constraints = [
            state_check(CareerState, "career_plan_state"),
            models.CheckConstraint(
                condition=Q(state__in=(CareerState.DRAFT, CareerState.LAPSED))
                | Q(member_signed_at__isnull=False, lead_signed_at__isnull=False),
                name="career_plan_signed_by_both",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership.principal}的职业发展规划"

    @property
    def member_signed(self) -> bool:
        """Whether the member has signed the words as they are."""
        return self.member_signed_version == self.version

    @property
    def lead_signed(self) -> bool:
        """Whether the lead has."""
        return self.lead_signed_version == self.version

    @property
    def layout(self) -> Layout:
        """The form of Art. 8-2."""
        return CAREER


class CareerPlanVersion(FilingVersion):
    """The plan as both signed it."""

    plan = models.ForeignKey(CareerPlan, models.PROTECT, related_name="versions", verbose_name="规划")

    class Meta(FilingVersion.Meta):
        verbose_name = "规划版本"
        verbose_name_plural = "规划版本"
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="career_version_once")]


class CareerNote(models.Model):
    """A note on a member's progress, by the member or the lead."""

    plan = models.ForeignKey(CareerPlan, models.PROTECT, related_name="notes", verbose_name="规划")
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="记录人")
    at = models.DateTimeField("时间")
    text = models.TextField("进展", max_length=1000)

    class Meta:
        verbose_name = "进展记录"
        verbose_name_plural = "进展记录"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.text[:40]
