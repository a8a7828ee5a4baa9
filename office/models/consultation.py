"""征求意见: a colleague is asked for an opinion on a case that is not handed over."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from guardian.models import UserObjectPermissionBase

from accounts.models import Appointment

from .case import Case, state_check, state_field


class ConsultationState(models.TextChoices):
    ASKED = "asked", "待答复"
    ANSWERED = "answered", "已答复"
    WITHDRAWN = "withdrawn", "已撤回"


class ConsultationQuerySet(models.QuerySet["Consultation"]):
    def about(self, case: models.Model, organisation_id: int | None) -> ConsultationQuerySet:
        """Those on one case among the people of one organisation, oldest first, with their names."""
        kind = ContentType.objects.get_for_model(case)
        rows = self.filter(content_type=kind, object_id=case.pk, asker__organisation=organisation_id)
        return rows.select_related("asker__user", "asker__organisation", "colleague__user").order_by("pk")

    def orphaned(self, on: date) -> ConsultationQuerySet:
        """Unanswered, and one of the two no longer acts in the appointment on that day."""
        valid = Appointment.objects.valid(on).filter(user__is_active=True)
        return self.filter(state=ConsultationState.ASKED).exclude(asker__in=valid, colleague__in=valid)


class Consultation(Case):
    """``asker`` wants to know ``question`` of ``colleague``, both in an appointment of the same organisation."""

    content_type = models.ForeignKey(ContentType, models.PROTECT)
    object_id = models.PositiveBigIntegerField()
    case = GenericForeignKey()
    case_title = models.CharField("办理对象", max_length=200)
    asker = models.ForeignKey(
        "accounts.Appointment", models.PROTECT, related_name="questions", verbose_name="征求人"
    )
    colleague = models.ForeignKey(
        "accounts.Appointment", models.PROTECT, related_name="consulted", verbose_name="被征求人"
    )
    question = models.TextField("征求事项", max_length=500)
    asked_at = models.DateTimeField("征求时间")
    answer = models.TextField("答复", blank=True, editable=False)
    state: Any = state_field(ConsultationState, ConsultationState.ASKED)

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        verbose_name = "征求意见"
        verbose_name_plural = "征求意见"
        ordering = ["-pk"]
        constraints = [
            state_check(ConsultationState, "consultation_state"),
            models.UniqueConstraint(
                fields=["content_type", "object_id", "colleague"],
                condition=Q(state=ConsultationState.ASKED),
                name="consultation_open_once",
            ),
            models.CheckConstraint(condition=~Q(asker=models.F("colleague")), name="consultation_of_another"),
        ]

    def __str__(self) -> str:
        return f"{self.case_title}征求意见"


class ConsultGrant(UserObjectPermissionBase):
    """What lets a colleague see one case, on the ground of a consultation (a guardian grant); gone with its end.

    A flow that offers 征求意见 declares, beside its model, a subclass with the key ``content_object`` of that model
    and the model's permission ``consult_<flow>``, and names it in ``Flow.grant``.
    """

    consultation = models.ForeignKey("office.Consultation", models.CASCADE, related_name="+")

    class Meta(UserObjectPermissionBase.Meta):
        abstract = True
