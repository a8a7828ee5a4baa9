"""Publicity (公示) and the objections (异议) it invites."""

from __future__ import annotations

import secrets
from enum import nonmember

from django.db import models
from django.utils import timezone

from accounts.crypto import EncryptedField
from office.models import Case
from office.models.case import state_check, state_field

from .application import Application
from .call import Call


class PublicityState(models.TextChoices):
    DRAFT = "draft", "拟定中"
    PUBLISHED = "published", "公示中"
    CONCLUDED = "concluded", "已结束"


class Publicity(Case):
    """One publicity list: published on a day, ends with the last of its working days."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="publicities", verbose_name="批次")
    state = state_field(PublicityState, PublicityState.DRAFT)
    days = models.PositiveSmallIntegerField("公示期（工作日）")
    published_at = models.DateTimeField("公示开始", null=True, editable=False)
    ends_at = models.DateTimeField("公示结束", null=True, editable=False)
    calendar_known = models.BooleanField("节假日安排已知", default=True, editable=False)
    contact = models.CharField("受理单位及联系方式", max_length=200)
    note = models.CharField("更正说明", max_length=300, blank=True)

    class Meta:
        verbose_name = "公示"
        verbose_name_plural = "公示"
        ordering = ["-pk"]
        constraints = [
            state_check(PublicityState, "publicity_state"),
            models.UniqueConstraint(
                fields=["call"], condition=models.Q(state="draft"), name="publicity_one_draft"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.call}公示"


class ObjectionState(models.TextChoices):
    RECEIVED = "received", "已收到"
    INVESTIGATING = "investigating", "核查中"
    NOT_ADMITTED = "not_admitted", "不予受理"
    UPHELD = "upheld", "异议成立"
    DISMISSED = "dismissed", "异议不成立"

    pending = nonmember(("received", "investigating"))


def receipt_number() -> str:
    """A receipt that can't be guessed: YY20261123-7K3M9QWX."""
    code = "".join(secrets.choice("23456789ABCDEFGHJKMNPQRSTUVWXYZ") for _ in range(8))
    return f"YY{timezone.localdate():%Y%m%d}-{code}"


class Objection(Case):
    """One objection, with real name and contact; it holds only the application it concerns."""

    number = models.CharField("回执编号", max_length=30, unique=True, default=receipt_number, editable=False)
    publicity = models.ForeignKey(Publicity, models.PROTECT, related_name="objections", verbose_name="公示")
    application = models.ForeignKey(
        Application, models.PROTECT, related_name="objections", verbose_name="申报"
    )
    state = state_field(ObjectionState, ObjectionState.RECEIVED)
    name = EncryptedField("姓名（单位名称）")
    contact = EncryptedField("联系方式")
    unit = models.BooleanField("以单位名义", default=False)
    text = models.TextField("异议内容")
    received_at = models.DateTimeField("收到时间")
    on_paper = models.BooleanField("书面提交", default=False)

    class Meta:
        verbose_name = "异议"
        verbose_name_plural = "异议"
        ordering = ["-received_at", "-pk"]
        permissions = [("consult_objection", "为征求意见查看异议")]
        constraints = [state_check(ObjectionState, "objection_state")]
        indexes = [models.Index(fields=["application", "state"], name="objection_application")]

    def __str__(self) -> str:
        return f"异议 {self.number}"
