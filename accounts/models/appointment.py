"""Appointments: a person acts in a role of an organisation, from a day to a day."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q


class Role(models.TextChoices):
    OFFICER = "officer", "经办"
    LEADER = "leader", "审批"
    FINANCE = "finance", "财务"
    PRINCIPAL = "principal", "校长"
    EXPERT = "expert", "评审专家"
    MANAGER = "manager", "第三方负责人"
    ASSESSOR = "assessor", "评估员"
    AUDITOR = "auditor", "审计"
    SECURITY = "security", "安全审计"
    ADMIN = "admin", "系统管理员"


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def valid(self, on: date) -> AppointmentQuerySet:
        """Those in force on the day ``on`` (both ends included)."""
        return self.filter(Q(ends__isnull=True) | Q(ends__gte=on), starts__lte=on)

    def holders(self, role: Role | str, organisation_id: int, on: date) -> AppointmentQuerySet:
        """Who has ``role`` at the organisation on that day, with their accounts."""
        return (
            self.valid(on)
            .filter(role=role, organisation_id=organisation_id, user__is_active=True)
            .select_related("user")
        )


class Appointment(models.Model):
    """One person's role at one organisation. Ending it ends the access at once."""

    user = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="appointments", verbose_name="人员"
    )
    role = models.CharField("角色", max_length=20, choices=Role)
    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="appointments", verbose_name="机构"
    )
    starts = models.DateField("开始日期")
    ends = models.DateField("结束日期", null=True, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = "任职"
        verbose_name_plural = "任职"
        ordering = ["-starts", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")), name="appointment_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["user", "role", "organisation"],
                condition=Q(ends__isnull=True),
                name="appointment_open_once",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "role"], name="appointment_org_role")]

    def __str__(self) -> str:
        return f"{self.organisation}·{self.get_role_display()}"
