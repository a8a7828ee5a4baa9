"""Policy advice (Art. 8-4 建言献策): sent to the owner, routed to a person, answered."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from office.models import Case
from office.models.case import state_check, state_field

from .studio import Studio, StudioYear


class AdviceState(models.TextChoices):
    DRAFT = "draft", "起草中"
    SENT = "sent", "待分办"
    ROUTED = "routed", "办理中"
    ANSWERED = "answered", "已答复"


class AdviceKind(models.TextChoices):
    PROPOSAL = "proposal", "发展建议"
    REPORT = "report", "调研报告"


class Verdict(models.TextChoices):
    ADOPTED = "adopted", "采纳"
    PARTLY = "partly", "部分采纳"
    KEPT = "kept", "留存参考"


class Advice(Case):
    """One proposal or survey report of a studio to the owner of the programme."""

    studio = models.ForeignKey(Studio, models.PROTECT, related_name="advice", verbose_name="工作室")
    year = models.ForeignKey(StudioYear, models.PROTECT, related_name="advice", verbose_name="建设年度")
    kind = models.CharField("种类", max_length=10, choices=AdviceKind)
    title = models.CharField("标题", max_length=100)
    text = models.TextField("正文", max_length=5000, help_text="较长的报告可另附文件")
    handler = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="handled_advice",
        verbose_name="承办人",
    )
    verdict = models.CharField("答复", max_length=10, choices=Verdict, blank=True)
    reply = models.TextField("答复意见", max_length=2000, blank=True)
    state = state_field(AdviceState, AdviceState.DRAFT)
    sent_at = models.DateTimeField("报送时间", null=True, editable=False)

    class Meta:
        verbose_name = "建言献策"
        verbose_name_plural = "建言献策"
        ordering = ["-pk"]
        constraints = [
            state_check(AdviceState, "advice_state"),
            models.CheckConstraint(
                condition=~Q(state=AdviceState.ANSWERED) | (~Q(verdict="") & ~Q(reply="")),
                name="advice_answered_with_words",
            ),
        ]

    def __str__(self) -> str:
        return self.title
