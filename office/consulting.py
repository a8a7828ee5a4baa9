"""征求意见: whom one may ask about a case, and the asking; what follows is in the flow (office.flows)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.capacity import CLOCK, Capacity
from accounts.models import TAKEN_BY, Appointment
from office.door import begin, take_each
from office.flow import FLOWS, NOTHING, Flow
from office.models import Consultation, NoticeKind
from office.notices import tell
from office.pages import page_of


def may_consult(flow: Flow, case: Any, me: Capacity) -> bool:
    """Whether ``me`` may ask a colleague about ``case`` (from ``Flow.with_steps``): it is with them, and not their own."""
    if flow.grant is None or not me.holds(*TAKEN_BY):
        return False
    return any(getattr(case, f"may_{step.name}") for step in flow.steps if not step.own)


def possible_colleagues(me: Capacity, on: date) -> QuerySet[Appointment]:
    """Whom ``me`` may ask: whoever else works for the organisation."""
    held = Appointment.objects.valid(on).filter(
        organisation=me.organisation_id, role__in=TAKEN_BY, user__is_active=True
    )
    return held.exclude(user=me.user_id).select_related("user", "organisation").order_by("role", "pk")


def is_interested(flow: Flow, case: Any, asked: Appointment) -> bool:
    """Whether the case is the own matter of the person asked."""
    own = flow.own_matter(Capacity(asked.user, asked))
    return own != NOTHING and flow.model._default_manager.filter(own, pk=case.pk).exists()


def close_orphaned(at: datetime) -> int:
    """End the questions whose asker or colleague has left the appointment, and the colleague's view of the case."""
    orphaned = Consultation.objects.orphaned(timezone.localdate(at)).values_list("pk", flat=True)
    done = take_each(FLOWS["consultation"], "lapse", list(orphaned), CLOCK, at)
    return sum(not one.problem for one in done)


@transaction.atomic
def consult(
    flow: Flow, pk: int, asked: Appointment, question: str, me: Capacity, at: datetime
) -> Consultation:
    """Ask ``asked`` about the case ``pk`` and let them see it until they have answered.

    Raises the model's DoesNotExist (not visible), PermissionDenied (not with ``me``, or nobody to be asked of it).
    """
    flow.model._default_manager.select_for_update(of=("self",), no_key=True).get(pk=pk)
    case = flow.with_steps(flow.seen(me), me).get(pk=pk)
    today = timezone.localdate(at)
    if not may_consult(flow, case, me) or not possible_colleagues(me, today).filter(pk=asked.pk).exists():
        raise PermissionDenied
    if is_interested(flow, case, asked):
        raise PermissionDenied(f"{asked.user}与本件有利害关系，不能征求其意见。")
    grant: Any = flow.grant
    title = page_of(flow.name).title(case)[:200]
    consultation = Consultation(
        case=case,
        case_title=title,
        asker=me.appointment,
        colleague=asked,
        question=question,
        asked_at=at,
    )
    entry = begin(consultation, me, at, "征求意见", opinion=question)
    permission = Permission.objects.get(
        content_type=consultation.content_type, codename=f"consult_{flow.name}"
    )
    grant.objects.create(
        user=asked.user, permission=permission, content_object=case, consultation=consultation
    )
    text = f"{me.name}就“{title}”征求您的意见：{question}"
    url = consultation.get_absolute_url()
    tell([asked.user_id], text, at, kind=NoticeKind.ACTION, url=url, entry=entry)
    return consultation
