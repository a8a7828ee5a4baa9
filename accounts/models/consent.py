"""The notice of data processing in its versions, and who agreed to which (个人信息保护法 Art. 14, 17)."""

from __future__ import annotations

from django.db import models


class DataNotice(models.Model):
    """One version of 个人信息处理说明, in force from ``published_at`` until the next; never changed, never deleted."""

    version = models.PositiveIntegerField("版本", unique=True)
    text = models.TextField("正文")
    published_at = models.DateTimeField("发布时间")

    class Meta:
        verbose_name = "个人信息处理说明"
        verbose_name_plural = "个人信息处理说明"
        ordering = ["-version"]

    def __str__(self) -> str:
        return f"个人信息处理说明（第{self.version}版）"


class ConsentKind(models.TextChoices):
    LOGIN = "login", "首次使用账号"
    SUBMISSION = "submission", "提交申报"
    NAMING = "naming", "知悉公示将载明姓名"
    MEMBERSHIP = "membership", "参加工作室，知悉名单将公开"


class Consent(models.Model):
    """One person agreed to one version at one time; ``about`` is the number of the case it was given for."""

    user = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="data_consents", verbose_name="人员"
    )
    notice = models.ForeignKey(DataNotice, models.PROTECT, related_name="consents", verbose_name="版本")
    kind = models.CharField("事项", max_length=20, choices=ConsentKind)
    about = models.CharField("编号", max_length=40, blank=True)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "同意记录"
        verbose_name_plural = "同意记录"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=ConsentKind.values), name="data_consent_kind"),
            models.UniqueConstraint(
                fields=["user", "notice"],
                condition=models.Q(kind=ConsentKind.LOGIN),
                name="data_consent_once_at_login",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}：{self.get_kind_display()}"
