"""Career plans of the demonstration: filled in by the member, signed by both (Art. 8-2)."""

from __future__ import annotations

from datetime import timedelta

from accounts.capacity import Capacity
from office.door import take
from portal.demo.cast import Cast
from portal.demo.plans import career
from portal.demo.stage import fill
from studios.flows import CAREER_PLAN
from studios.models import CareerNote, CareerPlan, CareerState, Studio
from studios.signing import Read


def drafts(studio: Studio) -> list[CareerPlan]:
    """The plans that nobody has signed, of members who have an account."""
    rows = CareerPlan.objects.filter(membership__studio=studio, state=CareerState.DRAFT)
    found = rows.filter(membership__principal__user__isnull=False).select_related("membership__principal")
    return list(found.order_by("membership__principal__user__username", "pk"))


def offer(cast: Cast, plan: CareerPlan) -> None:
    """The member fills it in and signs; it waits for the lead."""
    fill(plan, career(), plan.since + timedelta(days=12))
    _sign(plan, "sign_member", cast.of(plan.membership.principal.user_id))


def agree(cast: Cast, plan: CareerPlan) -> None:
    """Signed by the member, then by the lead."""
    offer(cast, plan)
    _sign(plan, "sign_lead", cast.of(plan.membership.studio.lead.user_id))


def note(plan: CareerPlan, text: str) -> None:
    """What the member did for it, two months later."""
    member = plan.membership.principal.user
    assert member
    CareerNote.objects.create(plan=plan, user=member, at=plan.since + timedelta(days=60), text=text)


def _sign(plan: CareerPlan, step: str, me: Capacity) -> None:
    read = Read(CareerPlan.objects.get(pk=plan.pk).version)
    take(CAREER_PLAN, step, plan.pk, me, plan.since + timedelta(days=14), given={"read": read})
