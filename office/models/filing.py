"""Filings: cases whose content is a long form, kept section by section, and the versions that were sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from .case import Case

if TYPE_CHECKING:
    from office.filing.fields import Layout


# What saving a section writes, and nothing else.
FILLED = {"content", "version", "saved_at"}


class Filing(Case):
    """A case with a form. ``content`` holds it as its ``layout`` says; only ``office.filing.saving`` writes it.

    ``mendable``: the states in which it may be filled in.
    """

    content = models.JSONField("内容", default=dict, encoder=DjangoJSONEncoder)
    version = models.PositiveIntegerField("保存次数", default=0, editable=False)
    saved_at = models.DateTimeField("保存时间", null=True, editable=False)

    mendable: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True

    @property
    def layout(self) -> Layout:
        """The form this row is filled in by."""
        raise NotImplementedError

    # Each filing has versions: rows of a FilingVersion of its own.
    versions: Any


class FilingVersion(models.Model):
    """The form as it was each time it was sent: what whoever reads it again compares with."""

    number = models.PositiveSmallIntegerField("版本")
    content = models.JSONField("内容", encoder=DjangoJSONEncoder)
    reason = models.CharField("修改理由", max_length=500, blank=True)
    at = models.DateTimeField("时间")

    class Meta:
        abstract = True
        ordering = ["number"]

    def __str__(self) -> str:
        return f"第{self.number}版"
