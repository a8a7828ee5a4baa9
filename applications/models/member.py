"""Proposed members of an application: asked, willing or not (Art. 6: 双方自愿)."""

from __future__ import annotations

from enum import nonmember

from django.db import models
from django.db.models import Q

from office.models import Case
from office.models.case import state_check, state_field

from .application import Application


class MemberState(models.TextChoices):
    PROPOSED = "proposed", "待本人确认"
    ACCEPTED = "accepted", "本人同意"
    DECLINED = "declined", "未同意"
    WITHDRAWN = "withdrawn", "已撤换"
    LAPSED = "lapsed", "已失效"

    live = nonmember(("proposed", "accepted"))


class ProposedMember(Case):
    """One principal asked to be a member. The consents of school and authority carry over to the membership."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="members", verbose_name="申报")
    principal = models.ForeignKey(
        "accounts.Principal", models.PROTECT, related_name="proposals", verbose_name="校长"
    )
    basis = models.CharField("依据", max_length=100, blank=True)
    exception = models.CharField("例外理由", max_length=300, blank=True)
    state = state_field(MemberState, MemberState.PROPOSED)
    school_consented_at = models.DateTimeField("学校同意时间", null=True, editable=False)
    authority_consented_at = models.DateTimeField("主管部门同意时间", null=True, editable=False)

    class Meta:
        verbose_name = "拟任成员"
        verbose_name_plural = "拟任成员"
        ordering = ["application", "pk"]
        constraints = [
            state_check(MemberState, "proposed_member_state"),
            models.UniqueConstraint(
                fields=["application", "principal"],
                condition=Q(state__in=MemberState.live),
                name="proposed_member_once",
            ),
            models.CheckConstraint(
                condition=~Q(basis="") | ~Q(exception=""), name="proposed_member_basis_given"
            ),
        ]
        indexes = [models.Index(fields=["principal", "state"], name="proposed_member_person")]

    def __str__(self) -> str:
        return f"{self.principal}（{self.application.studio_name}）"
