"""Membership: a principal's place in a studio (Art. 6(2))."""

from __future__ import annotations

from enum import nonmember

from django.db import models
from django.db.models import Q

from office.models import Case
from office.models.case import state_check, state_field

from .studio import Studio


class MembershipState(models.TextChoices):
    INVITED = "invited", "待本人同意"
    ACCEPTED = "accepted", "待学校和主管部门同意"
    ACTIVE = "active", "在任"
    LEAVING = "leaving", "申请退出"
    LEFT = "left", "已退出"
    DECLINED = "declined", "未获同意"
    WITHDRAWN = "withdrawn", "已撤回"

    # A place under members_max is taken by these.
    live = nonmember(("invited", "accepted", "active", "leaving"))
    # Known to school and authority, who see the studio from then on.
    held = nonmember(("accepted", "active", "leaving"))
    # In the studio: counted under members_min, at work.
    seated = nonmember(("active", "leaving"))


class Membership(Case):
    """One principal in one studio. Willing on both sides, with the consent of school and authority."""

    studio = models.ForeignKey(Studio, models.PROTECT, related_name="memberships", verbose_name="工作室")
    principal = models.ForeignKey(
        "accounts.Principal", models.PROTECT, related_name="memberships", verbose_name="成员"
    )
    basis = models.CharField("依据", max_length=100, blank=True)
    exception = models.CharField("例外理由", max_length=300, blank=True)
    state = state_field(MembershipState, MembershipState.INVITED)
    joined_on = models.DateField("加入日期", null=True, editable=False)
    left_on = models.DateField("退出日期", null=True, editable=False)
    school_consented_at = models.DateTimeField("学校同意时间", null=True, editable=False)
    authority_consented_at = models.DateTimeField("主管部门同意时间", null=True, editable=False)

    class Meta:
        verbose_name = "成员"
        verbose_name_plural = "成员"
        ordering = ["studio", "pk"]
        constraints = [
            state_check(MembershipState, "membership_state"),
            models.UniqueConstraint(
                fields=["studio", "principal"],
                condition=Q(state__in=MembershipState.live),
                name="membership_once",
            ),
            models.CheckConstraint(condition=~Q(basis="") | ~Q(exception=""), name="membership_basis_given"),
        ]

    def __str__(self) -> str:
        return f"{self.principal}（{self.studio}）"
