"""Dates put off after a call was opened (延期): for everybody, or for one authority alone."""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q

from .call import Call


class Extension(models.Model):
    """The dates that hold for ``authority`` since ``at``, one row each; without an authority, those the call itself got.

    For an authority the later of these and the call's own dates counts (applications.dates). What the dates were
    before is told by the history of the call; ``was`` keeps what they were when the last notice was issued, and
    ``notice`` is the document that told of these, empty as long as none has.
    """

    call = models.ForeignKey(Call, models.CASCADE, related_name="extensions", verbose_name="批次")
    authority = models.ForeignKey(
        "accounts.Organisation",
        models.PROTECT,
        null=True,
        related_name="extensions",
        verbose_name="旗县区（市直填市教育局）",
        help_text="空表示全部",
    )
    submit_by = models.DateTimeField("申报截止")
    school_by = models.DateTimeField("学校审核截止")
    authority_by = models.DateTimeField("推荐截止")
    at = models.DateTimeField("办理时间")
    was = models.JSONField("原定时间", default=dict, encoder=DjangoJSONEncoder)
    notice = models.ForeignKey(
        "office.OfficialDocument", models.PROTECT, null=True, related_name="+", verbose_name="延期通知"
    )

    class Meta:
        verbose_name = "延期"
        verbose_name_plural = "延期"
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["call", "authority"], name="extension_of_authority_once"),
            models.UniqueConstraint(
                fields=["call"], condition=Q(authority__isnull=True), name="extension_for_all_once"
            ),
            models.CheckConstraint(
                condition=Q(submit_by__lte=F("school_by")) & Q(school_by__lte=F("authority_by")),
                name="extension_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.call} {self.authority or '全部'}"
