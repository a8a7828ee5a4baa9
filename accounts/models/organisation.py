"""Organisations: the bureau, counties, schools, support bodies, third parties."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q

from accounts.chinese import initials, sort_key


class Kind(models.TextChoices):
    BUREAU = "bureau", "市教育局"
    COUNTY = "county", "旗县区教育行政部门"
    SCHOOL = "school", "学校（园）"
    SUPPORT = "support", "教研、进修、电教、科研部门"
    THIRD_PARTY = "third_party", "第三方机构"


class SchoolType(models.TextChoices):
    """办学类型, as in the statistics of education."""

    KINDERGARTEN = "kindergarten", "幼儿园"
    PRIMARY = "primary", "小学"
    JUNIOR = "junior", "初中"
    SENIOR = "senior", "高中"
    NINE_YEAR = "nine_year", "九年一贯制"
    TWELVE_YEAR = "twelve_year", "十二年一贯制"
    COMPLETE = "complete", "完全中学"
    SPECIAL = "special", "特殊教育"
    VOCATIONAL = "vocational", "中职"


class Area(models.TextChoices):
    URBAN = "urban", "城区"
    TOWN = "town", "镇区"
    RURAL = "rural", "乡村"


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def current(self, on: date) -> OrganisationQuerySet:
        """Those that had not been succeeded by another on the day ``on``."""
        return self.filter(Q(succeeded_on__isnull=True) | Q(succeeded_on__gt=on))

    def schools(self) -> OrganisationQuerySet:
        return self.filter(kind=Kind.SCHOOL)

    def counties(self) -> OrganisationQuerySet:
        return self.filter(kind=Kind.COUNTY)

    def authorities_of(self, organisation: Organisation | None) -> OrganisationQuerySet:
        """The bureau ``organisation`` belongs to and that bureau's counties, in the order of their codes."""
        around = self.model.objects.reaching(organisation).values("pk")
        offices = Q(kind=Kind.BUREAU, pk__in=around) | Q(kind=Kind.COUNTY, parent__in=around)
        return self.filter(offices).order_by("code", "pk")

    def reaching(self, organisation: Organisation | None) -> OrganisationQuerySet:
        """Those whose programmes reach ``organisation``: itself and what is above it, two levels (as ``reached_by``)."""
        if organisation is None:
            return self.none()
        key = organisation.pk
        return self.filter(Q(pk=key) | Q(children=key) | Q(children__children=key))

    def under(self, organisation: Organisation) -> OrganisationQuerySet:
        """``organisation`` itself and what has it as its authority, two levels down."""
        return self.filter(Q(pk=organisation.pk) | Q(parent=organisation) | Q(parent__parent=organisation))


class Organisation(models.Model):
    """One organisation. ``parent`` is its authority (主管部门): a county's is the bureau; a school's its county or the bureau (市直)."""

    kind = models.CharField("类别", max_length=20, choices=Kind)
    name = models.CharField("名称", max_length=100)
    short_name = models.CharField("简称", max_length=40, blank=True)
    aliases = models.CharField(
        "别称", max_length=100, blank=True, help_text="名册中的其他写法，以顿号分隔，如：克旗、克什克腾"
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="主管部门"
    )
    code = models.CharField("行政区划代码", max_length=6, null=True, blank=True, unique=True)
    school_code = models.CharField("学校标识码", max_length=10, null=True, blank=True, unique=True)
    school_type = models.CharField("办学类型", max_length=20, choices=SchoolType, blank=True)
    area = models.CharField("城乡类型", max_length=10, choices=Area, blank=True)
    weak = models.BooleanField("薄弱学校", default=False)
    contact = models.CharField("联系人", max_length=40, blank=True)
    contact_phone = models.CharField("联系电话", max_length=30, blank=True)
    succeeded_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors", verbose_name="并入"
    )
    succeeded_on = models.DateField("并入日期", null=True, blank=True)
    sort_key = models.CharField(max_length=200, editable=False, db_index=True)
    initials = models.CharField(max_length=60, editable=False)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = "机构"
        verbose_name_plural = "机构"
        ordering = ["sort_key", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=Q(succeeded_on__isnull=True), name="organisation_name_once"
            ),
            models.CheckConstraint(
                condition=~Q(kind=Kind.SCHOOL) | (Q(parent__isnull=False) & ~Q(school_type="")),
                name="organisation_school_has_authority_and_type",
            ),
            models.CheckConstraint(
                condition=Q(succeeded_by__isnull=True, succeeded_on__isnull=True)
                | Q(succeeded_by__isnull=False, succeeded_on__isnull=False),
                name="organisation_succession_is_whole",
            ),
        ]
        indexes = [models.Index(fields=["kind", "parent"], name="organisation_kind_parent")]

    def __str__(self) -> str:
        return self.name

    def clean_fields(self, exclude: Any = None) -> None:
        self.set_keys()
        super().clean_fields(exclude=exclude)

    def set_keys(self) -> None:
        """Derive the sorting key and the initials from the name; whoever saves a new name calls this."""
        self.sort_key, self.initials = sort_key(self.name), initials(self.name)

    def names(self) -> list[str]:
        """Every way it is written: name, short name, aliases."""
        return [text for text in (self.name, self.short_name, *self.aliases.split("、")) if text]

    def reached_by(self) -> set[int]:
        """The keys of the organisations whose programmes reach it: itself and what is above it, two levels.

        A bureau's programme is meant for all under it, a county's own (Art. 19) for that county. Reads ``parent``.
        """
        above = self.parent
        keys = {self.pk, above.pk if above else None, above.parent_id if above else None}
        return {key for key in keys if key is not None}

    @property
    def label(self) -> str:
        """The short name where there is one: 红山区 for 红山区教育局."""
        return self.short_name or self.name

    @property
    def head_title(self) -> str:
        """Art. 2: 园长 for a kindergarten, 校长 for any other school."""
        return "园长" if self.school_type == SchoolType.KINDERGARTEN else "校长"
