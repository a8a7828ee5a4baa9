"""Who came in, who went out and who was turned away, from where (等级保护 2.0)."""

from __future__ import annotations

from django.db import models


class Outcome(models.TextChoices):
    IN = "in", "登录"
    OUT = "out", "退出"
    IDLE = "idle", "超时退出"
    FAILED = "failed", "用户名或密码不正确"
    LOCKED = "locked", "已锁定"
    CODE = "code", "动态验证码不正确"
    RECOVERY = "recovery", "以恢复码登录"
    PROOF = "proof", "办理时密码不正确"


class SignIn(models.Model):
    """One attempt to come in, or one going out. Never changed; deleted only when its time is over
    (``Safety.keep_months``).

    ``username`` is what was typed; of a name that is no account only the first characters are kept, since people
    type passwords into the wrong field.
    """

    at = models.DateTimeField("时间", db_index=True)
    user = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="sign_ins", verbose_name="人员"
    )
    username = models.CharField("用户名", max_length=150)
    address = models.GenericIPAddressField("来源地址", null=True)
    outcome = models.CharField("结果", max_length=10, choices=Outcome)

    class Meta:
        verbose_name = "登录记录"
        verbose_name_plural = "登录记录"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(outcome__in=Outcome.values), name="sign_in_outcome"),
        ]
        indexes = [models.Index(fields=["user", "-at"], name="sign_in_of_person")]

    def __str__(self) -> str:
        return f"{self.username} {self.get_outcome_display()}"
