"""Who of the owner's officers looks after which part of a call (分工)."""

from __future__ import annotations

from django.db import models

from studios.models import Stage

from .call import Call


class Share(models.Model):
    """The applications of one authority and stage in a call, and the officer's appointment they are given to.

    A part without a row, or whose appointment has ended, is everybody's.
    """

    call = models.ForeignKey(Call, models.CASCADE, related_name="shares", verbose_name="批次")
    authority = models.ForeignKey(
        "accounts.Organisation",
        models.PROTECT,
        related_name="shares",
        verbose_name="旗县区（市直填市教育局）",
    )
    stage = models.CharField("学段", max_length=20, choices=Stage)
    appointment = models.ForeignKey(
        "accounts.Appointment", models.PROTECT, related_name="shares", verbose_name="经办人"
    )

    class Meta:
        verbose_name = "分工"
        verbose_name_plural = "分工"
        constraints = [models.UniqueConstraint(fields=["call", "authority", "stage"], name="share_once")]

    def __str__(self) -> str:
        return f"{self.authority} {self.get_stage_display()}：{self.appointment.user}"
