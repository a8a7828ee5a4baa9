"""The second factor at login: an authenticator app (RFC 6238) and recovery codes for the day the phone is gone.

The devices of django-otp keep the secret and the recovery codes readable in the database; these are built on the
same ground (``Device``, ``ThrottlingMixin``), the secret encrypted, of a recovery code only its fingerprint.
"""

from __future__ import annotations

from binascii import unhexlify
from datetime import datetime
from typing import Any

from django.db import models
from django_otp.models import Device, ThrottlingMixin
from django_otp.oath import TOTP
from django_otp.util import random_hex

from accounts.crypto import EncryptedField

DRIFT = 1  # steps of 30 seconds by which a phone's clock may be off, either way


def new_key() -> str:
    """A random secret of 160 bits, as hexadecimal digits."""
    return str(random_hex(20))


class Authenticator(ThrottlingMixin, Device):  # type: ignore[misc]
    """A person's authenticator app; until ``confirmed`` by a first code it opens nothing and asks for nothing.

    After wrong codes the next one is heard only after 1, 2, 4 … seconds, wherever it comes from.
    """

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="authenticators")
    key = EncryptedField("密钥", default=new_key)
    last_t = models.BigIntegerField(default=-1, editable=False)
    created_at = models.DateTimeField("建立时间")

    objects: models.Manager[Authenticator] = models.Manager()

    class Meta:
        verbose_name = "身份验证器"
        verbose_name_plural = "身份验证器"
        constraints = [
            models.UniqueConstraint(fields=["user", "confirmed"], name="authenticator_once"),
        ]

    def totp(self, at: datetime) -> Any:
        """The generator of this device's codes (six digits, 30 seconds) as of the moment ``at``."""
        generator = TOTP(unhexlify(self.key), 30)
        generator.time = at.timestamp()
        return generator

    def verify(self, code: str, at: datetime) -> bool:
        """Whether ``code`` is right at ``at`` and not used before; the caller holds the row's lock."""
        if not self.verify_is_allowed()[0]:
            return False
        generator = self.totp(at)
        if not (code.isascii() and code.isdigit() and generator.verify(int(code), DRIFT, self.last_t + 1)):
            self.throttle_increment(commit=True)
            return False
        self.last_t = generator.t()
        self.throttle_reset(commit=False)
        self.save()
        return True

    def get_throttle_factor(self) -> float:
        return 1.0


class RecoveryCode(models.Model):
    """One of ten codes each of which opens the door once in place of the app's."""

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="recovery_codes")
    mac = models.CharField(max_length=64, editable=False)
    used_at = models.DateTimeField("使用时间", null=True)

    class Meta:
        verbose_name = "恢复码"
        verbose_name_plural = "恢复码"
        constraints = [models.UniqueConstraint(fields=["user", "mac"], name="recovery_code_once")]

    def __str__(self) -> str:
        return f"恢复码 {self.pk}"
