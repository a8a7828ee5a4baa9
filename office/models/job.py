"""Jobs: long work as rows with a lease; the broker only nudges, scanning finds what was dropped."""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class Job(models.Model):
    """One piece of long work. Who dies while holding the lease loses it, and the job runs again to its end."""

    class State(models.TextChoices):
        WAITING = "waiting", "等待中"
        RUNNING = "running", "进行中"
        DONE = "done", "已完成"
        FAILED = "failed", "未完成"

    kind = models.CharField("种类", max_length=40)
    title = models.CharField("名称", max_length=200)
    user = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="jobs", verbose_name="发起人"
    )
    appointment = models.ForeignKey("accounts.Appointment", models.PROTECT, null=True, related_name="+")
    arguments = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    state = models.CharField("状态", max_length=10, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField("已处理", default=0)
    total = models.PositiveIntegerField("共", default=0)
    message = models.CharField("说明", max_length=300, blank=True)
    file = models.FileField("结果文件", upload_to="jobs/%Y/%m/", max_length=120, blank=True)
    file_name = models.CharField("文件名", max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    lease_until = models.DateTimeField("占用至", null=True)
    created_at = models.DateTimeField("发起时间")
    finished_at = models.DateTimeField("完成时间", null=True)

    class Meta:
        verbose_name = "任务"
        verbose_name_plural = "任务"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "running", "done", "failed"]), name="job_state"
            ),
        ]
        indexes = [
            models.Index(
                fields=["lease_until"], condition=models.Q(state__in=["waiting", "running"]), name="job_open"
            ),
            models.Index(fields=["user", "-created_at"], name="job_of_person"),
        ]

    def __str__(self) -> str:
        return self.title
