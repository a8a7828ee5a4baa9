"""Days that differ from the week: public holidays and make-up working days."""

from __future__ import annotations

from django.db import models


class Holiday(models.Model):
    """One day of the State Council's yearly schedule. A year without any is not yet known."""

    day = models.DateField("日期", unique=True)
    worked = models.BooleanField(
        "调休上班", help_text="周末因调休上班的，选“是”；放假的，选“否”。", default=False
    )
    name = models.CharField("名称", max_length=40)

    class Meta:
        verbose_name = "节假日"
        verbose_name_plural = "节假日"
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.name}"
