"""In-app notices: written in the step's own transaction, once per person and entry."""

from __future__ import annotations

from django.db import models


class Notice(models.Model):
    """One message to one person, about one entry of history or one finished job."""

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="notices", verbose_name="收件人")
    entry = models.ForeignKey("office.Entry", models.PROTECT, null=True, related_name="notices")
    text = models.CharField("内容", max_length=300)
    url = models.CharField("地址", max_length=200, blank=True)
    at = models.DateTimeField("时间")
    read_at = models.DateTimeField("已读时间", null=True)

    class Meta:
        verbose_name = "消息"
        verbose_name_plural = "消息"
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "entry"], name="notice_once")]
        indexes = [
            models.Index(fields=["user", "-at"], name="notice_of_person"),
            models.Index(fields=["user"], condition=models.Q(read_at__isnull=True), name="notice_unread"),
        ]

    def __str__(self) -> str:
        return self.text
