"""Who is told of what happens on the way of Art. 9: account keys."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.utils import timezone

from accounts.holders import holders
from accounts.models import Appointment, Kind, Role
from applications import shares
from applications.models import (
    Application,
    ApplicationState,
    Call,
    MemberState,
    Objection,
    ProposedMember,
    Publicity,
    Review,
    ReviewState,
)
from applications.scoring import WIDE_SPREAD


def the_applicant(case: Application) -> Iterable[int]:
    return [case.lead.user_id] if case.lead.user_id else []


def the_school(case: Application) -> Iterable[int]:
    return holders(Role.OFFICER, case.school_id)


def the_authority(case: Application) -> Iterable[int]:
    return holders(Role.OFFICER, case.authority_id)


def the_owner(case: Application) -> Iterable[int]:
    """The owner's officer who looks after it (分工), else all of them."""
    return shares.responsible(case)


def the_next(case: Application) -> Iterable[int]:
    """The officers with whom it stands now."""
    holders = {
        ApplicationState.SCHOOL_REVIEW: the_school,
        ApplicationState.AUTHORITY_REVIEW: the_authority,
        ApplicationState.RECOMMENDED: the_owner,
    }
    holder = holders.get(ApplicationState(case.state))
    return holder(case) if holder else ()


def the_school_if_sent(case: Application) -> Iterable[int]:
    return the_school(case) if case.submitted_at else ()


def those_it_has_reached(case: Application) -> Iterable[int]:
    """The officers who have seen it: of the school, its authority, the owner."""
    reached = [*the_school_if_sent(case)]
    if case.endorsed_at:
        reached += the_authority(case)
    if case.recommended_at:
        reached += the_owner(case)
    return reached


def the_members(case: Application) -> Iterable[int]:
    """The proposed members who have accepted."""
    accepted = case.members.filter(state=MemberState.ACCEPTED, principal__user__isnull=False)
    return accepted.values_list("principal__user_id", flat=True)


def the_one_asked(case: ProposedMember) -> Iterable[int]:
    return [case.principal.user_id] if case.principal.user_id else []


def who_asked(case: ProposedMember) -> Iterable[int]:
    return the_applicant(case.application)


def those_who_consent(case: ProposedMember) -> Iterable[int]:
    """The officers of the member's school and of its authority, so far as they have not consented."""
    school = case.principal.school
    asked = [
        place
        for place, given in (
            (school.pk, case.school_consented_at),
            (school.parent_id, case.authority_consented_at),
        )
        if place and not given
    ]
    held = Appointment.objects.valid(timezone.localdate())
    return held.filter(role=Role.OFFICER, organisation__in=asked).values_list("user_id", flat=True)


def who_asked_when_complete(case: ProposedMember) -> Iterable[int]:
    """The applicant, once school and authority have both consented."""
    return who_asked(case) if case.school_consented_at and case.authority_consented_at else ()


def the_expert(case: Review) -> Iterable[int]:
    return [case.expert.user_id]


def the_owner_of_review(case: Review) -> Iterable[int]:
    return the_owner(case.application)


def experts_of_call(case: Call) -> Iterable[int]:
    """Who has sheets to fill."""
    open_sheets = Review.objects.filter(application__call=case, state=ReviewState.ASSIGNED)
    return open_sheets.order_by().values_list("expert__user_id", flat=True).distinct()


def open_sheets(case: Review, *, of_all: bool = False) -> int:
    """How many sheets of the call its expert, or all, have yet to hand in."""
    waiting = Review.objects.filter(application__call=case.application.call_id, state=ReviewState.ASSIGNED)
    return (waiting if of_all else waiting.filter(expert=case.expert_id)).count()


def the_owner_when_finished(case: Review) -> Iterable[int]:
    """The owner's officers, when the expert has handed in the last of their sheets."""
    return () if open_sheets(case) else the_owner_of_review(case)


def leaders_when_all_in(case: Review) -> Iterable[int]:
    """The owner's leaders, when no sheet of the call is outstanding."""
    if open_sheets(case, of_all=True):
        return ()
    return holders(Role.LEADER, case.application.call.programme.owner_id)


def the_owner_when_far_apart(case: Review) -> Iterable[int]:
    """The owner's officers, when the sheets of one application differ widely."""
    spread = Application.objects.values_list("spread", flat=True).get(pk=case.application_id)
    return the_owner_of_review(case) if spread is not None and spread > WIDE_SPREAD else ()


def the_owner_of_objection(case: Objection) -> Iterable[int]:
    return the_owner(case.application)


def leaders_of_objection(case: Objection) -> Iterable[int]:
    return holders(Role.LEADER, case.application.call.programme.owner_id)


def officers_of_call(case: Call) -> Iterable[int]:
    return holders(Role.OFFICER, case.programme.owner_id)


def officers_of_publicity(case: Publicity) -> Iterable[int]:
    return officers_of_call(case.call)


def authorities_of_publicity(case: Publicity) -> Iterable[int]:
    return authorities(case.call)


def officers_of_objection(case: Objection) -> Iterable[int]:
    return officers_of_call(case.publicity.call)


def authorities(case: Call) -> Iterable[int]:
    """The officers of every authority a call is meant for: the counties, and the owner itself."""
    owner = case.programme.owner_id
    return (
        Appointment.objects.valid(timezone.localdate())
        .filter(role=Role.OFFICER, organisation__parent=owner, organisation__kind="county")
        .values_list("user_id", flat=True)
    )


def schools_called(case: Call) -> Iterable[int]:
    """The heads and officers of every school a call is meant for."""
    owner = case.programme.owner_id
    held = Appointment.objects.valid(timezone.localdate()).filter(
        role__in=(Role.PRINCIPAL, Role.OFFICER), organisation__kind=Kind.SCHOOL
    )
    below = Q(organisation__parent=owner) | Q(organisation__parent__parent=owner)
    return held.filter(below).values_list("user_id", flat=True)


def those_extended(case: Call) -> Iterable[int]:
    """The officers of the authority whose dates were put off, or of all."""
    whose = case.planned.whose
    return holders(Role.OFFICER, whose.pk) if whose else authorities(case)


def those_supplemented(case: Call) -> Iterable[int]:
    """The officers of the authority the notice is for, or of all."""
    whose = case.supplement.extension.authority
    return holders(Role.OFFICER, whose.pk) if whose else authorities(case)


def applicants_extended(case: Call) -> Iterable[int]:
    """The applicants who have more time now."""
    rows = case.applications.filter(
        state__in=ApplicationState.before_recommendation, lead__user__isnull=False
    )
    if whose := case.planned.whose:
        rows = rows.filter(authority=whose)
    return rows.values_list("lead__user", flat=True)
