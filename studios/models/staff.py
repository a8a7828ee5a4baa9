"""Advisors, assistants and trainees: the studio's own decision, no approval (Art. 7)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from .studio import Studio


class StaffKind(models.TextChoices):
    ADVISOR = "advisor", "顾问"
    ASSISTANT = "assistant", "助理"
    TRAINEE = "trainee", "跟岗研修人员"


class Staff(models.Model):
    """One person who helps or learns in a studio; people from outside need no account.

    Of a trainee: the school they come from, their mentor (结对), what they are to do, and a closing note.
    """

    studio = models.ForeignKey(Studio, models.PROTECT, related_name="staff", verbose_name="工作室")
    kind = models.CharField("身份", max_length=10, choices=StaffKind)
    name = models.CharField("姓名", max_length=40)
    unit = models.CharField("单位", max_length=100)
    post = models.CharField("职务职称", max_length=60, blank=True)
    user = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="staff",
        verbose_name="账号",
        help_text="有账号的助理可以获得代为起草的权限",
    )
    school = models.ForeignKey(
        "accounts.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="trainees",
        verbose_name="所在学校",
    )
    host = models.ForeignKey(
        "accounts.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="hosted_trainees",
        verbose_name="跟岗学校",
    )
    mentor = models.ForeignKey(
        "accounts.Principal",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="trainees",
        verbose_name="结对导师",
        help_text="领衔人或在任成员",
    )
    starts = models.DateField("开始日期")
    ends = models.DateField("结束日期", null=True, blank=True)
    tasks = models.TextField("任务", max_length=500, blank=True)
    closing_note = models.TextField("结业小结", max_length=1000, blank=True)

    class Meta:
        verbose_name = "工作室人员"
        verbose_name_plural = "工作室人员"
        ordering = ["kind", "-starts", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=StaffKind.values), name="staff_kind"),
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")), name="staff_ends_after_start"
            ),
            models.CheckConstraint(
                condition=~Q(kind=StaffKind.TRAINEE) | Q(ends__isnull=False), name="staff_placement_ends"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.get_kind_display()}）"
