"""Changes of a studio's fortune: relocation, a new or acting lead, closing without fault, more time to prepare."""

from __future__ import annotations

from enum import nonmember

from django.db import models
from django.db.models import Q

from office.models import Case
from office.models.case import state_check, state_field

from .studio import Studio


class ChangeKind(models.TextChoices):
    RELOCATE = "relocate", "变更依托学校"
    LEAD = "lead", "更换领衔人"
    ACTING = "acting", "代理领衔人"
    EXTEND = "extend", "延长组建期"
    CLOSE = "close", "终止工作室（无过错）"

    # Somebody else is to agree before it is decided: the new school and its authority, the successor.
    agreed = nonmember(("relocate", "lead", "acting"))
    # Another person takes the lead.
    led = nonmember(("lead", "acting"))


class ChangeState(models.TextChoices):
    PROPOSED = "proposed", "待有关方面同意"
    READY = "ready", "待决定"
    DECIDED = "decided", "已决定"
    REFUSED = "refused", "未批准"
    WITHDRAWN = "withdrawn", "已撤回"

    open = nonmember(("proposed", "ready"))


class StudioChange(Case):
    """One proposed change, by lead, county or owner; decided by the owner's leader.

    A relocation needs the new host school's pledge and its authority's consent first; a new lead meets Art. 6(1)
    and agrees, as an acting one does.
    """

    studio = models.ForeignKey(Studio, models.PROTECT, related_name="changes", verbose_name="工作室")
    kind = models.CharField("事项", max_length=10, choices=ChangeKind)
    reason = models.TextField("理由", max_length=1000)
    school = models.ForeignKey(
        "accounts.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="新的依托学校",
    )
    lead = models.ForeignKey(
        "accounts.Principal",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="新的领衔人",
    )
    name = models.CharField("工作室新名称", max_length=100, blank=True)
    until = models.DateField("至", null=True, blank=True)
    exception = models.TextField("例外理由", max_length=300, blank=True)
    declaration = models.TextField(
        "符合条件的说明",
        max_length=1000,
        blank=True,
        help_text="对照第六条逐项说明：思想政治与师德；教育理论与教研、课程领导力；学校管理成效与办学特色",
    )
    organisation = models.ForeignKey(
        "accounts.Organisation",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="提出单位",
        help_text="空：由领衔人提出",
    )
    agreed_at = models.DateTimeField("本人同意时间", null=True, editable=False)
    school_pledged_at = models.DateTimeField("新依托学校承诺时间", null=True, editable=False)
    authority_consented_at = models.DateTimeField("主管部门同意时间", null=True, editable=False)
    state = state_field(ChangeState, ChangeState.PROPOSED)

    class Meta:
        verbose_name = "工作室变更"
        verbose_name_plural = "工作室变更"
        ordering = ["-pk"]
        constraints = [
            state_check(ChangeState, "studio_change_state"),
            models.UniqueConstraint(
                fields=["studio", "kind"], condition=Q(state__in=ChangeState.open), name="studio_change_once"
            ),
            models.CheckConstraint(
                condition=~Q(kind=ChangeKind.RELOCATE) | Q(school__isnull=False), name="studio_change_school"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=(ChangeKind.LEAD, ChangeKind.ACTING)) | Q(lead__isnull=False),
                name="studio_change_lead",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=(ChangeKind.ACTING, ChangeKind.EXTEND)) | Q(until__isnull=False),
                name="studio_change_until",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.studio} {self.get_kind_display()}"
