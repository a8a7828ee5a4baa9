"""The annual summary of a studio year (Art. 16)."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from office.filing.fields import Layout
from office.models import Filing, FilingVersion
from office.models.case import state_check, state_field
from studios.layouts.summary import SUMMARY

from .plan import FiledState
from .studio import Studio, StudioYear, end_of


class AnnualSummary(Filing):
    """What a studio did in a year: drafted from the year's records, told by the lead, filed with the owner.

    ``figures`` are frozen at filing, so that later records don't change what was handed in.
    """

    year = models.OneToOneField(StudioYear, models.PROTECT, related_name="summary", verbose_name="建设年度")
    figures = models.JSONField("数据", default=dict, blank=True, editable=False)
    state = state_field(FiledState, FiledState.DRAFT)
    filed_at = models.DateTimeField("备案时间", null=True, editable=False)
    late = models.BooleanField("逾期", default=False, editable=False)

    mendable = (FiledState.DRAFT, FiledState.RETURNED, FiledState.AMENDING)
    form_article = 16

    class Meta:
        verbose_name = "年度总结"
        verbose_name_plural = "年度总结"
        ordering = ["-year__starts", "pk"]
        constraints = [state_check(FiledState, "summary_state")]

    def __str__(self) -> str:
        return f"{self.year}总结"

    @property
    def studio(self) -> Studio:
        """The studio whose year it is."""
        return self.year.term.studio

    @property
    def due_by(self) -> datetime | None:
        """The last moment in time."""
        return end_of(self.year.summary_due)

    @property
    def layout(self) -> Layout:
        """The form of Art. 16."""
        return SUMMARY


class AnnualSummaryVersion(FilingVersion):
    """The summary as it was filed."""

    summary = models.ForeignKey(AnnualSummary, models.PROTECT, related_name="versions", verbose_name="总结")

    class Meta(FilingVersion.Meta):
        verbose_name = "总结版本"
        verbose_name_plural = "总结版本"
        constraints = [models.UniqueConstraint(fields=["summary", "number"], name="summary_version_once")]
