"""Attachments: files of an object, private, outside the web root."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models


def random_path(attachment: Any, filename: str) -> str:
    """A name that says nothing and can't be guessed; the name given stays in the row."""
    token = secrets.token_hex(16)
    return f"attachments/{token[:2]}/{token}"


class Scope(models.TextChoices):
    """Who may open an attachment: whoever sees the case, or only who handles it."""

    CASE = "case", "可见办理对象者"
    HANDLERS = "handlers", "经办单位"


class Attachment(models.Model):
    """One uploaded file. ``slot`` names the material it is (身份证, 盖章申报表 …), empty for others."""

    content_type = models.ForeignKey(ContentType, models.PROTECT)
    object_id = models.PositiveBigIntegerField()
    case = GenericForeignKey()
    slot = models.CharField("材料", max_length=40, blank=True)
    scope = models.CharField("可见范围", max_length=10, choices=Scope, default=Scope.CASE)
    name = models.CharField("文件名", max_length=255)
    file = models.FileField("文件", upload_to=random_path, max_length=120)
    kind = models.CharField("类型", max_length=10)
    size = models.PositiveBigIntegerField("大小（字节）")
    sha256 = models.CharField(max_length=64)
    user = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="上传人"
    )
    at = models.DateTimeField("上传时间")
    removed_at = models.DateTimeField("移除时间", null=True, editable=False)

    class Meta:
        verbose_name = "附件"
        verbose_name_plural = "附件"
        ordering = ["slot", "pk"]
        indexes = [models.Index(fields=["content_type", "object_id"], name="attachment_case")]

    def __str__(self) -> str:
        return self.name
