"""Support of host and member schools (Art. 12), promised and confirmed for each studio year."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q

from office.models import Case
from office.models.case import state_check, state_field

from .membership import Membership
from .studio import Studio, StudioYear, end_of


class PledgeState(models.TextChoices):
    OPEN = "open", "待学校确认"
    CONFIRMED = "confirmed", "已确认"
    LAPSED = "lapsed", "不再需要"


class SupportPledge(Case):
    """What one school gives a studio in one year: the host school a workplace and lighter load, a member's school
    convenience and funds.
    """

    year = models.ForeignKey(StudioYear, models.PROTECT, related_name="pledges", verbose_name="建设年度")
    school = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="pledges", verbose_name="学校"
    )
    membership = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="pledges", verbose_name="成员"
    )
    workplace = models.CharField("独立工作场所", max_length=200, blank=True)
    area = models.DecimalField("面积（㎡）", max_digits=7, decimal_places=1, null=True, blank=True)
    equipment = models.TextField("办公条件与设备", max_length=500, blank=True)
    load = models.TextField("减轻工作负担的措施", max_length=500, blank=True)
    convenience = models.TextField("为参加活动提供的便利和支持", max_length=500, blank=True)
    funds = models.DecimalField("经费保障（元）", max_digits=12, decimal_places=2, null=True, blank=True)
    state = state_field(PledgeState, PledgeState.OPEN)

    class Meta:
        verbose_name = "支持保障"
        verbose_name_plural = "支持保障"
        ordering = ["year", "pk"]
        constraints = [
            state_check(PledgeState, "pledge_state"),
            models.UniqueConstraint(
                fields=["year"],
                condition=Q(membership__isnull=True) & ~Q(state="lapsed"),
                name="pledge_of_host_once",
            ),
            models.UniqueConstraint(
                fields=["year", "membership"],
                condition=Q(membership__isnull=False) & ~Q(state="lapsed"),
                name="pledge_of_member_once",
            ),
            models.CheckConstraint(condition=Q(funds__isnull=True) | Q(funds__gte=0), name="pledge_funds"),
        ]

    def __str__(self) -> str:
        return f"{self.school}对{self.year}的支持保障"

    @property
    def studio(self) -> Studio:
        """The studio that is supported."""
        return self.year.term.studio

    @property
    def due_by(self) -> datetime | None:
        """The last moment in time: that of the year's plan."""
        return end_of(self.year.plan_due)

    @property
    def of_host(self) -> bool:
        """Whether it is the host school's."""
        return self.membership_id is None
