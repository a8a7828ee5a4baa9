"""Principals' records (校长档案): the facts on which Art. 6 decides."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q

from accounts.chinese import initials_pattern, sort_key
from accounts.crypto import EncryptedField, fingerprint


class Education(models.TextChoices):
    DOCTOR = "doctor", "博士研究生"
    MASTER = "master", "硕士研究生"
    POSTGRADUATE = "postgraduate", "研究生"
    BACHELOR = "bachelor", "大学本科"
    COLLEGE = "college", "大学专科"
    OTHER = "other", "中专及以下"


def mask_identity(number: str) -> str:
    """150402********9970: the region and the last four stay."""
    return f"{number[:6]}********{number[-4:]}" if number else ""


def mask_phone(number: str) -> str:
    """199****3565."""
    return f"{number[:3]}****{number[-4:]}" if number else ""


class PrincipalQuerySet(models.QuerySet["Principal"]):
    def by_identity(self, number: str) -> PrincipalQuerySet:
        """The record with this identity number (18 characters, X in upper case)."""
        return self.filter(identity_mac=fingerprint(number))

    def found(self, words: str, owner_id: int) -> PrincipalQuerySet:
        """Those of the area of ``owner_id`` whose name, initials of the name, or school hold every word."""
        rows = self.filter(Q(school__parent=owner_id) | Q(school__parent__parent=owner_id))
        for word in words.split():
            rows = rows.filter(_matches(word))
        return rows.select_related("school__parent").order_by("sort_key", "pk")


def _matches(word: str) -> Q:
    found = Q(name__icontains=word) | Q(school__name__icontains=word)
    if word.isascii() and word.isalpha():
        found |= Q(sort_key__regex=initials_pattern(word)) | Q(school__initials__startswith=word.lower())
    return found


class Principal(models.Model):
    """One principal or deputy. Identity number and phone are encrypted; their fingerprints serve matching."""

    user = models.OneToOneField(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="principal", verbose_name="账号"
    )
    name = models.CharField("姓名", max_length=40)
    school = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, related_name="principals", verbose_name="所在学校"
    )
    identity = EncryptedField("身份证号")
    identity_mac = models.CharField(max_length=64, unique=True, editable=False)
    phone = EncryptedField("手机号", blank=True)
    phone_mac = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    birth_month = models.DateField("出生年月", help_text="当月1日")
    sex = models.CharField("性别", max_length=1, choices=[("m", "男"), ("f", "女")])
    ethnicity = models.CharField("民族", max_length=20)
    political_status = models.CharField("政治面貌", max_length=20, blank=True)
    education = models.CharField("学历", max_length=20, choices=Education, blank=True)
    title = models.CharField("职称", max_length=40, blank=True)
    post = models.CharField("现任职务", max_length=60)
    head = models.BooleanField("正职", default=False)
    head_since = models.DateField("任正职时间", null=True, blank=True, help_text="当月1日")
    famous = models.BooleanField("市级名校长", default=False)
    backbone_training = models.CharField("市级以上骨干校长培训", max_length=100, blank=True)
    training_programme = models.CharField("名校长培养工程", max_length=60, blank=True)
    sort_key = models.CharField(max_length=200, editable=False, db_index=True)

    objects = PrincipalQuerySet.as_manager()

    class Meta:
        verbose_name = "校长档案"
        verbose_name_plural = "校长档案"
        ordering = ["sort_key", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(identity_mac=""), name="principal_identity_given"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean_fields(self, exclude: Any = None) -> None:
        self.set_keys()
        super().clean_fields(exclude=exclude)

    def set_keys(self) -> None:
        """Derive sorting key and fingerprints; whoever saves a new name, identity or phone calls this."""
        self.sort_key = sort_key(self.name, person=True)
        self.identity_mac = fingerprint(self.identity)
        self.phone_mac = fingerprint(self.phone)

    @property
    def masked_identity(self) -> str:
        return mask_identity(self.identity)

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.phone)

    def basis(self) -> list[str]:
        """The grounds on which Art. 6(2) lets this person be a member, as labels; empty when there is none."""
        grounds = [
            ("市级名校长", self.famous),
            ("参加过市级以上骨干校长培训", bool(self.backbone_training)),
            ("入选“名校长培养工程”", bool(self.training_programme)),
        ]
        return [label for label, given in grounds if given]

    @property
    def exceptional(self) -> bool:
        """Art. 6(2) 原则上: not a head, or without one of the grounds; a member then only with a reason."""
        return not self.head or not self.basis()

    def age(self, on: date) -> int:
        """Full years on the day ``on``, by the month of birth."""
        return on.year - self.birth_month.year - (on.month < self.birth_month.month)
