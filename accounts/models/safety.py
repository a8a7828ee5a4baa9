"""What the system administrator decides about logging in: who needs a second factor, how long sign-ins are kept."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from .appointment import Appointment, Role
from .organisation import Kind

KEEP_MONTHS, KEEP_LEAST, KEEP_MOST = 36, 6, 120


class Group(models.TextChoices):
    """Whom a second factor may be required of."""

    BUREAU = "bureau", "市教育局经办、审批"
    COUNTY = "county", "旗县区经办、审批"
    FINANCE = "finance", "财务"
    ADMIN = "admin", "系统管理员、安全审计"
    AUDITOR = "auditor", "审计"
    SCHOOL = "school", "学校经办"
    PRINCIPAL = "principal", "校长"
    EXPERT = "expert", "评审专家"
    THIRD = "third", "第三方负责人、评估员"


OF_ROLE = {
    Role.FINANCE: Group.FINANCE,
    Role.ADMIN: Group.ADMIN,
    Role.SECURITY: Group.ADMIN,
    Role.AUDITOR: Group.AUDITOR,
    Role.PRINCIPAL: Group.PRINCIPAL,
    Role.EXPERT: Group.EXPERT,
    Role.MANAGER: Group.THIRD,
    Role.ASSESSOR: Group.THIRD,
}
OF_OFFICE = {Kind.BUREAU: Group.BUREAU, Kind.COUNTY: Group.COUNTY, Kind.SCHOOL: Group.SCHOOL}


def group_of(appointment: Appointment) -> str:
    """The group an appointment belongs to; officers and leaders go by their organisation, "" for none."""
    if by_role := OF_ROLE.get(Role(appointment.role)):
        return by_role.value
    by_office = OF_OFFICE.get(Kind(appointment.organisation.kind))
    return by_office.value if by_office else ""


class Safety(models.Model):
    """The one row of these settings. ``chosen``: groups, or None until the administrator has decided."""

    chosen = models.JSONField("须使用双重验证的人员", null=True, blank=True)
    keep_months = models.PositiveSmallIntegerField(
        "登录记录保存期限（月）",
        default=KEEP_MONTHS,
        validators=[MinValueValidator(KEEP_LEAST), MaxValueValidator(KEEP_MOST)],
    )

    class Meta:
        verbose_name = "登录安全设置"
        verbose_name_plural = "登录安全设置"
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="safety_one_row"),
            models.CheckConstraint(condition=Q(keep_months__gte=KEEP_LEAST), name="safety_kept_long_enough"),
        ]

    def __str__(self) -> str:
        return "登录安全设置"

    @property
    def groups(self) -> list[str]:
        """Of whom a second factor is required: as decided, else as ``settings.SECOND_FACTOR_GROUPS`` says."""
        return list(settings.SECOND_FACTOR_GROUPS if self.chosen is None else self.chosen)

    @classmethod
    def present(cls) -> Safety:
        """The settings in force."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)
