"""The announcement (公布): the bureau's document that makes studios."""

from __future__ import annotations

from django.db import models

from office.models import Case
from office.models.case import state_check, state_field

from .call import Call


class AnnouncementState(models.TextChoices):
    DRAFTED = "drafted", "待签发"
    ISSUED = "issued", "已印发"


class Announcement(Case):
    """One announcement of a call; those held by an objection follow in a later one."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="announcements", verbose_name="批次")
    state = state_field(AnnouncementState, AnnouncementState.DRAFTED)
    title = models.CharField("标题", max_length=200)
    document_number = models.CharField(
        "发文字号", max_length=60, blank=True, help_text="填写发文登记的字号；不填则由系统按序编号"
    )
    issued_on = models.DateField("成文日期", null=True, blank=True)
    copies_to = models.CharField(
        "抄送", max_length=200, blank=True, help_text="多个单位以顿号分隔；不抄送的不填"
    )

    class Meta:
        verbose_name = "公布"
        verbose_name_plural = "公布"
        ordering = ["-pk"]
        constraints = [
            state_check(AnnouncementState, "announcement_state"),
            models.UniqueConstraint(
                fields=["call"], condition=models.Q(state="drafted"), name="announcement_one_draft"
            ),
        ]

    def __str__(self) -> str:
        return self.title
