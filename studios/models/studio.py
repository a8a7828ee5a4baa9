"""Studio, its terms and their years, its plaque, and the bar of Art. 18."""

from __future__ import annotations

from datetime import date, datetime, time
from enum import nonmember

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from guardian.models import UserObjectPermissionBase

from office.models import Case
from office.models.case import state_check, state_field
from office.models.document import check_code


def end_of(day: date | None) -> datetime | None:
    """The last second of ``day``, so that what arrives on it is in time."""
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59))) if day else None


class Stage(models.TextChoices):
    """学段, by which studios are applied for, judged and announced."""

    KINDERGARTEN = "kindergarten", "幼儿园"
    PRIMARY = "primary", "小学"
    JUNIOR = "junior", "初中"
    SENIOR = "senior", "高中（含中职）"


class StudioState(models.TextChoices):
    PREPARING = "preparing", "组建中"
    ACTIVE = "active", "建设中"
    RECTIFYING = "rectifying", "整改中"
    CONCLUDED = "concluded", "已期满"
    REVOKED = "revoked", "已撤销"
    CLOSED = "closed", "已终止"

    live = nonmember(("preparing", "active", "rectifying"))
    listed = nonmember(("preparing", "active", "rectifying", "concluded"))


class StudioQuerySet(models.QuerySet["Studio"]):
    def listed(self) -> StudioQuerySet:
        """Those the public directory shows (Art. 4)."""
        return self.filter(state__in=StudioState.listed)

    def led_beyond(self, lead_id: int, start: date) -> StudioQuerySet:
        """Living studios of this lead with a term that lasts on or after ``start``."""
        return self.filter(
            models.Exists(Term.objects.filter(studio=models.OuterRef("pk"), ends__gte=start)),
            lead_id=lead_id,
            state__in=StudioState.live,
        )


class Studio(Case):
    """One studio: led by a principal, at that principal's school as a rule (Art. 5)."""

    number = models.CharField("编号", max_length=20, unique=True)
    programme = models.ForeignKey(
        "programmes.Programme", models.PROTECT, related_name="studios", verbose_name="项目"
    )
    name = models.CharField("名称", max_length=100)
    lead = models.ForeignKey(
        "accounts.Principal", models.PROTECT, related_name="led_studios", verbose_name="领衔人"
    )
    school = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="hosted_studios", verbose_name="依托学校"
    )
    authority = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="studios_under", verbose_name="主管部门"
    )
    stage = models.CharField("学段", max_length=20, choices=Stage)
    state = state_field(StudioState, StudioState.PREPARING)
    idea = models.TextField("办学思想", blank=True)
    activated_on = models.DateField("开始建设日期", null=True, editable=False)
    prepare_by = models.DateField("组建期限", null=True, editable=False)
    below_since = models.DateField(
        "成员不足自", null=True, editable=False, help_text="在任成员少于下限的第一天（第六条）"
    )
    acting_lead = models.ForeignKey(
        "accounts.Principal",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="acting_studios",
        verbose_name="代理领衔人",
    )
    acting_until = models.DateField("代理至", null=True, editable=False)

    objects = StudioQuerySet.as_manager()

    class Meta:
        verbose_name = "工作室"
        verbose_name_plural = "工作室"
        ordering = ["number"]
        permissions = [("draft_studio", "代为起草")]
        constraints = [state_check(StudioState, "studio_state")]
        indexes = [
            models.Index(fields=["programme", "state"], name="studio_programme_state"),
            models.Index(fields=["authority", "state"], name="studio_authority_state"),
        ]

    def __str__(self) -> str:
        return self.name


class StudioUserObjectPermission(UserObjectPermissionBase):
    """What a lead gives an assistant for the studio (Art. 7): to draft for it. Kept by django-guardian."""

    content_object = models.ForeignKey(Studio, models.CASCADE)


class Term(models.Model):
    """One term of a studio (Art. 5: three years), its dates stored once."""

    studio = models.ForeignKey(Studio, models.PROTECT, related_name="terms", verbose_name="工作室")
    number = models.PositiveSmallIntegerField("第几周期")
    starts = models.DateField("开始")
    ends = models.DateField("结束")

    class Meta:
        verbose_name = "建设周期"
        verbose_name_plural = "建设周期"
        ordering = ["studio", "number"]
        constraints = [
            models.UniqueConstraint(fields=["studio", "number"], name="term_once"),
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="term_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.studio} {self.starts:%Y}–{self.ends:%Y}"


class StudioYear(models.Model):
    """One year of a term: plan, budget, summary, assessment and money of the year hang on it."""

    term = models.ForeignKey(Term, models.PROTECT, related_name="years", verbose_name="建设周期")
    number = models.PositiveSmallIntegerField("第几年")
    starts = models.DateField("开始")
    ends = models.DateField("结束")
    # Computed once, from the programme's parameters; never under 30 days after the studio became active (Art. 5).
    plan_due = models.DateField("年度计划期限", null=True, editable=False)
    summary_due = models.DateField("年度总结期限", null=True, editable=False)

    class Meta:
        verbose_name = "建设年度"
        verbose_name_plural = "建设年度"
        ordering = ["term", "number"]
        constraints = [models.UniqueConstraint(fields=["term", "number"], name="studio_year_once")]

    def __str__(self) -> str:
        return f"{self.term.studio} 第{self.number}年"

    def place(self, today: date) -> str:
        """Where the year stands on the studio's line: past, now or ahead."""
        if self.ends < today:
            return "past"
        return "now" if self.starts <= today else "ahead"


class Plaque(models.Model):
    """The plaque of a studio (挂牌, Art. 9), checked by its code, withdrawn with revocation."""

    studio = models.OneToOneField(Studio, models.PROTECT, related_name="plaque", verbose_name="工作室")
    number = models.CharField("牌匾编号", max_length=30, unique=True)
    awarded_on = models.DateField("授牌日期")
    withdrawn_on = models.DateField("收回日期", null=True, blank=True)
    check_code = models.CharField("查验码", max_length=16, unique=True, default=check_code, editable=False)

    class Meta:
        verbose_name = "牌匾"
        verbose_name_plural = "牌匾"

    def __str__(self) -> str:
        return self.number


class Bar(models.Model):
    """Art. 18: a lead whose studio failed its term is not a subject of the next term of this programme."""

    programme = models.ForeignKey(
        "programmes.Programme", models.PROTECT, related_name="bars", verbose_name="项目"
    )
    principal = models.ForeignKey(
        "accounts.Principal", models.PROTECT, related_name="bars", verbose_name="校长"
    )
    starts = models.DateField("自")
    until = models.DateField("至")
    ground = models.CharField("事由", max_length=200)

    class Meta:
        verbose_name = "不再列为建设对象"
        verbose_name_plural = "不再列为建设对象"
        constraints = [models.CheckConstraint(condition=Q(until__gte=F("starts")), name="bar_dates")]

    def __str__(self) -> str:
        return f"{self.principal}：{self.ground}"
