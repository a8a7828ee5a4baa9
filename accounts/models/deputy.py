"""外出代理: whoever is away has another person of the organisation act under the appointment, for a period."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from .appointment import Appointment, Role

# What an organisation does. What hangs on the person (expert, principal) and on independence (auditors) never passes.
GIVEN = (Role.OFFICER, Role.LEADER, Role.FINANCE, Role.MANAGER)
# Who may be a deputy: whoever works for the organisation, and is not there to judge or to watch it.
TAKEN_BY = (*GIVEN, Role.ASSESSOR)


class DeputyQuerySet(models.QuerySet["Deputy"]):
    def valid(self, on: date) -> DeputyQuerySet:
        """Those whose period the day ``on`` lies in (both ends included) and that have not been ended."""
        return self.filter(ended_at__isnull=True, starts__lte=on, ends__gte=on)

    def in_force(self, on: date) -> DeputyQuerySet:
        """Those that give their right on the day ``on``: the two people are still in office, in one organisation."""
        held = Appointment.objects.valid(on)
        own = held.filter(
            user=models.OuterRef("deputy"),
            organisation=models.OuterRef("appointment__organisation"),
            role__in=TAKEN_BY,
        )
        return self.valid(on).filter(
            models.Exists(own),
            appointment__in=held,
            appointment__role__in=GIVEN,
            appointment__user__is_active=True,
            deputy__is_active=True,
        )


class Deputy(models.Model):
    """``deputy`` acts under ``appointment`` from a day to a day; no two at a time, which whoever adds one sees to."""

    appointment = models.ForeignKey(
        Appointment, models.PROTECT, related_name="deputies", verbose_name="外出人任职"
    )
    deputy = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="deputising", verbose_name="代办人"
    )
    starts = models.DateField("开始日期")
    ends = models.DateField("结束日期")
    reason = models.CharField("原因", max_length=100)
    ended_at = models.DateTimeField("提前结束时间", null=True, editable=False)

    objects = DeputyQuerySet.as_manager()

    class Meta:
        verbose_name = "外出代理"
        verbose_name_plural = "外出代理"
        ordering = ["-starts", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="deputy_ends_after_start"),
        ]
        indexes = [models.Index(fields=["deputy", "ends"], name="deputy_of_person")]

    def __str__(self) -> str:
        return f"{self.deputy} 代 {self.appointment.user}"
