"""History: one entry per step or change, each case a chain, all of it sealed into one global chain."""

from __future__ import annotations

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from accounts.models import User


class Seal(models.Model):
    """A link of the global chain: which entries existed when it was made. Cut tails show against it."""

    at = models.DateTimeField("封存时间")
    manifest = models.JSONField("清单", help_text="[条目编号, 办理对象, 序号, 校验码] 的列表")
    # Unique, so that two who seal at once can't fork the chain.
    previous = models.CharField(max_length=64, blank=True, unique=True)
    mac = models.CharField(max_length=64)

    class Meta:
        verbose_name = "封存"
        verbose_name_plural = "封存"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} 封存 {len(self.manifest)} 条"


class EntryQuerySet(models.QuerySet["Entry"]):
    def of(self, case: models.Model) -> EntryQuerySet:
        """The entries of one object, oldest first."""
        kind = ContentType.objects.get_for_model(case)
        return self.filter(content_type=kind, object_id=case.pk).order_by("sequence")

    def named(self) -> EntryQuerySet:
        """With what ``who`` and ``organisation`` say, in the same query."""
        return self.select_related("user", "appointment__organisation", "appointment__user")


class Entry(models.Model):
    """Who did what to which object, when, in which capacity, with which opinion. Never changed, never deleted."""

    content_type = models.ForeignKey(ContentType, models.PROTECT, db_index=False)  # by entry_sequence_once
    object_id = models.PositiveBigIntegerField()
    case = GenericForeignKey()
    sequence = models.PositiveIntegerField("序号")
    step = models.CharField("步骤", max_length=40)
    label = models.CharField("步骤名称", max_length=60)
    source = models.CharField("原状态", max_length=30, blank=True)
    target = models.CharField("新状态", max_length=30, blank=True)
    user = models.ForeignKey(  # by entry_by_person
        "accounts.User",
        models.PROTECT,
        null=True,
        related_name="entries",
        verbose_name="办理人",
        db_index=False,
    )
    appointment = models.ForeignKey(
        "accounts.Appointment", models.PROTECT, null=True, related_name="entries", verbose_name="身份"
    )
    at = models.DateTimeField("时间")
    opinion = models.TextField("意见", blank=True)
    facts = models.JSONField("事项", default=dict, encoder=DjangoJSONEncoder)
    cause = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="consequences", verbose_name="起因"
    )
    previous = models.CharField(max_length=64, blank=True)
    mac = models.CharField(max_length=64)
    seal = models.ForeignKey(Seal, models.PROTECT, null=True, related_name="entries")

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = "办理记录"
        verbose_name_plural = "办理记录"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "sequence"], name="entry_sequence_once"
            ),
        ]
        indexes = [
            models.Index(fields=["user", "appointment", "-at", "-id"], name="entry_by_person"),
            models.Index(fields=["seal"], condition=models.Q(seal__isnull=True), name="entry_unsealed"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence}. {self.label}"

    @property
    def who(self) -> str:
        """The name of whoever acted (of both, where a deputy did); 系统 for the clock, 公众 for a public form."""
        if self.user and self.away:
            return f"{self.away.name}（由{self.user.name}代办）"
        if self.user:
            return self.user.name
        return "公众" if self.facts.get("public") else "系统"

    @property
    def away(self) -> User | None:
        """Whose appointment it was, when a deputy acted under it (外出代理)."""
        held = self.appointment
        return held.user if held and self.user_id and held.user_id != self.user_id else None

    @property
    def organisation(self) -> str:
        """The organisation acted for, as it is called."""
        return self.appointment.organisation.name if self.appointment else ""
