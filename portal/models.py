"""The portal's only model of its own: the request to correct an identity number."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.crypto import EncryptedField
from office.models import Case
from office.models.case import state_check, state_field


class CorrectionState(models.TextChoices):
    ASKED = "asked", "待核对"
    CORRECTED = "corrected", "已更正"
    DECLINED = "declined", "未予更正"
    WITHDRAWN = "withdrawn", "已撤回"


class IdentityCorrection(Case):
    """A principal asks for another identity number in the own record (个人信息保护法 Art. 46).

    ``former`` is the record's number when it was asked. Both numbers are wiped when the case is over; masked ones
    stay.
    """

    principal = models.ForeignKey(
        "accounts.Principal", models.PROTECT, related_name="identity_corrections", verbose_name="校长"
    )
    identity = EncryptedField("正确的身份证号", blank=True)
    former = EncryptedField("原身份证号", blank=True)
    masked_identity = models.CharField("正确的身份证号", max_length=18, editable=False)
    masked_former = models.CharField("原身份证号", max_length=18, editable=False)
    reason = models.CharField("说明", max_length=200, blank=True)
    state = state_field(CorrectionState, CorrectionState.ASKED)

    class Meta:
        verbose_name = "身份证号更正"
        verbose_name_plural = "身份证号更正"
        ordering = ["-pk"]
        constraints = [
            state_check(CorrectionState, "identity_correction_state"),
            models.UniqueConstraint(
                fields=["principal"],
                condition=Q(state=CorrectionState.ASKED),
                name="identity_correction_one_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.principal}更正身份证号"
