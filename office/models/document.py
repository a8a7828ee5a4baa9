"""Official documents (公文) and the series their numbers come from."""

from __future__ import annotations

import secrets

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q


def check_code() -> str:
    """A code for the public check page: 16 characters without look-alikes."""
    return "".join(secrets.choice("23456789ABCDEFGHJKMNPQRSTUVWXYZ") for _ in range(16))


class NumberSeries(models.Model):
    """The last number used by one issuing body, year and kind; the row is locked to take the next, so no gaps."""

    issuer = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("年份")
    kind = models.CharField("种类", max_length=20)
    last = models.PositiveIntegerField("已用到", default=0)

    class Meta:
        verbose_name = "编号序列"
        verbose_name_plural = "编号序列"
        constraints = [models.UniqueConstraint(fields=["issuer", "year", "kind"], name="series_once")]

    def __str__(self) -> str:
        return f"{self.kind}〔{self.year}〕{self.last}"


class OfficialDocument(models.Model):
    """An issued document: its number and facts are frozen; the PDF is rendered after the commit."""

    content_type = models.ForeignKey(ContentType, models.PROTECT)
    object_id = models.PositiveBigIntegerField()
    case = GenericForeignKey()
    kind = models.CharField("种类", max_length=30)
    issuer = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="documents", verbose_name="发文机关"
    )
    number = models.CharField("发文字号", max_length=60, blank=True)
    title = models.CharField("标题", max_length=200)
    facts = models.JSONField("内容", encoder=DjangoJSONEncoder)
    issued_on = models.DateField("成文日期")
    public = models.BooleanField("公开", default=False)
    supplements = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="supplemented_by",
        verbose_name="补充的公文",
    )
    check_code = models.CharField("查验码", max_length=16, unique=True, default=check_code, editable=False)
    pdf = models.FileField("PDF", upload_to="documents/%Y/", max_length=120, blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField("签发时间")

    class Meta:
        verbose_name = "公文"
        verbose_name_plural = "公文"
        ordering = ["-issued_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "number"], condition=~Q(number=""), name="document_number_once"
            ),
        ]
        indexes = [models.Index(fields=["content_type", "object_id"], name="document_case")]

    def __str__(self) -> str:
        return f"{self.title}（{self.number}）" if self.number else self.title
