"""The measures (办法) a programme follows, article by article."""

from __future__ import annotations

from django.db import models
from django.urls import reverse

from programmes.numerals import chinese_number


class Measures(models.Model):
    """One set of measures. Whoever issued them interprets them (Art. 20); a county may issue its own (Art. 19)."""

    name = models.CharField("名称", max_length=100, unique=True)
    issuer = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="measures", verbose_name="制定和解释机关"
    )

    class Meta:
        verbose_name = "办法"
        verbose_name_plural = "办法"

    def __str__(self) -> str:
        return self.name


class Article(models.Model):
    """One article with its text, unabridged."""

    measures = models.ForeignKey(Measures, models.PROTECT, related_name="articles", verbose_name="办法")
    number = models.PositiveSmallIntegerField("条")
    chapter = models.CharField("章", max_length=60)
    text = models.TextField("条文")

    class Meta:
        verbose_name = "条文"
        verbose_name_plural = "条文"
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["measures", "number"], name="article_once")]

    def __str__(self) -> str:
        return f"第{chinese_number(self.number)}条"

    def get_absolute_url(self) -> str:
        return reverse("article", args=[self.number])
