"""Who is told of what happens on the way of Art. 9: account keys."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from accounts.models import Appointment, Role
from applications.models import (
    Application,
    ApplicationState,
    Call,
    Objection,
    ProposedMember,
    Publicity,
    Review,
)


def _accounts(role: Role, organisation_id: int) -> Iterable[int]:
    today = timezone.localdate()
    return Appointment.objects.holders(role, organisation_id, today).values_list("user_id", flat=True)


def the_applicant(case: Application) -> Iterable[int]:
    return [case.lead.user_id] if case.lead.user_id else []


def the_school(case: Application) -> Iterable[int]:
    return _accounts(Role.OFFICER, case.school_id)


def the_authority(case: Application) -> Iterable[int]:
    return _accounts(Role.OFFICER, case.authority_id)


def the_owner(case: Application) -> Iterable[int]:
    return _accounts(Role.OFFICER, case.call.programme.owner_id)


def the_one_asked(case: ProposedMember) -> Iterable[int]:
    return [case.principal.user_id] if case.principal.user_id else []


def who_asked(case: ProposedMember) -> Iterable[int]:
    return the_applicant(case.application)


def the_expert(case: Review) -> Iterable[int]:
    return [case.expert.user_id]


def the_owner_of_review(case: Review) -> Iterable[int]:
    return the_owner(case.application)


def the_owner_of_objection(case: Objection) -> Iterable[int]:
    return the_owner(case.application)


def leaders_of_objection(case: Objection) -> Iterable[int]:
    return _accounts(Role.LEADER, case.application.call.programme.owner_id)


def officers_of_call(case: Call) -> Iterable[int]:
    return _accounts(Role.OFFICER, case.programme.owner_id)


def officers_of_publicity(case: Publicity) -> Iterable[int]:
    return officers_of_call(case.call)


def officers_of_objection(case: Objection) -> Iterable[int]:
    return officers_of_call(case.publicity.call)


def authorities(case: Call) -> Iterable[int]:
    """The officers of every authority a call is meant for: the counties, and the owner itself."""
    owner = case.programme.owner
    return (
        Appointment.objects.valid(timezone.localdate())
        .filter(role=Role.OFFICER, organisation__parent=owner, organisation__kind="county")
        .values_list("user_id", flat=True)
    )


def those_extended(case: Call) -> Iterable[int]:
    """The officers of the authority whose dates were put off, or of all."""
    whose = case.planned.whose
    return _accounts(Role.OFFICER, whose.pk) if whose else authorities(case)


def applicants_extended(case: Call) -> Iterable[int]:
    """The applicants who have more time now."""
    rows = case.applications.filter(
        state__in=ApplicationState.before_recommendation, lead__user__isnull=False
    )
    if whose := case.planned.whose:
        rows = rows.filter(authority=whose)
    return rows.values_list("lead__user", flat=True)
