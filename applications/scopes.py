"""Who sees and who handles what on the way of Art. 9: one Q per question, for list, check, button and export."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from accounts.capacity import Capacity
from accounts.models import Kind, Role
from applications.models import (
    ApplicationState,
    CallState,
    MemberState,
    ProposedMember,
    PublicityState,
    Review,
    ReviewState,
)
from office.flow import EVERYTHING, NOTHING
from office.stead import in_stead
from programmes.scopes import audited_programmes

STAFF = (Role.OFFICER, Role.LEADER)


def _owner(me: Capacity, role: Role, path: str) -> Q:
    """Rows of the programmes that my organisation owns, if I hold ``role`` there."""
    return Q(**{f"{path}programme__owner": me.organisation_id}) if me.holds(role) else NOTHING


def owner_officer(me: Capacity) -> Q:
    return _owner(me, Role.OFFICER, "call__")


def owner_leader(me: Capacity) -> Q:
    return _owner(me, Role.LEADER, "call__")


def applicant(me: Capacity) -> Q:
    """The principal who applies."""
    return Q(lead__user=me.user_id) if me.holds(Role.PRINCIPAL) else NOTHING


def host_school(me: Capacity) -> Q:
    """The officer of the host school (学校党组织): another person than the applicant, who is the school's head."""
    return Q(school=me.organisation_id) if me.officer_of(Kind.SCHOOL) else NOTHING


def authority(me: Capacity) -> Q:
    """The officer of the school's authority: the county, or the bureau for a school directly under it (市直)."""
    over_schools = me.officer_of(Kind.COUNTY) or me.officer_of(Kind.BUREAU)
    return Q(authority=me.organisation_id) if over_schools else NOTHING


def host_school_stead(me: Capacity) -> Q:
    """The officer above a host school that has no officer but the applicant."""
    return in_stead(me, Role.OFFICER, "school", "lead")


def authority_stead(me: Capacity) -> Q:
    """The officer above an authority that has none."""
    return in_stead(me, Role.OFFICER, "authority", "lead")


def reinstater(me: Capacity) -> Q:
    """The leader of the organisation that declined, or of one above it."""
    if not me.holds(Role.LEADER):
        return NOTHING
    here = me.organisation_id
    if me.kind == Kind.SCHOOL:
        return Q(school=here, resume_at=ApplicationState.SCHOOL_REVIEW)
    under = (ApplicationState.SCHOOL_REVIEW, ApplicationState.AUTHORITY_REVIEW)
    return Q(authority=here, resume_at__in=under) | Q(call__programme__owner=here)


def application_interest(me: Capacity) -> Q:
    """An application is the own matter of its lead and of its proposed members."""
    if not me.may_be_principal:
        return NOTHING
    proposed = ProposedMember.objects.filter(
        application=OuterRef("pk"), principal__user=me.user_id, state__in=MemberState.live
    )
    return Q(lead__user=me.user_id) | Q(Exists(proposed))


def _assigned_to(me: Capacity) -> Q:
    """Applications an expert judges, while the call is being reviewed."""
    mine = Review.objects.filter(
        application=OuterRef("pk"), expert__user=me.user_id, state__in=ReviewState.counting
    )
    return Q(Exists(mine), call__state=CallState.REVIEWING)


def applications_seen(me: Capacity) -> Q:
    """The owner all; county and school once it has reached them; the principal the own ones; experts the assigned."""
    if me.clock:
        return EVERYTHING
    if me.holds(*STAFF):
        here = me.organisation_id
        if me.kind == Kind.SCHOOL:
            return Q(school=here, submitted_at__isnull=False)
        reached = Q(endorsed_at__isnull=False)
        if me.holds(Role.LEADER):
            # What a school declined has not come to its authority, whose leader may yet reinstate it.
            reached |= Q(state=ApplicationState.DECLINED)
        seen = (Q(authority=here) & reached) | Q(call__programme__owner=here)
        stead = host_school_stead(me)
        return seen if stead == NOTHING else seen | (stead & Q(submitted_at__isnull=False))
    if me.holds(Role.PRINCIPAL):
        return Q(lead__user=me.user_id)
    if me.holds(Role.EXPERT):
        return _assigned_to(me)
    if me.holds(Role.AUDITOR):
        return Q(call__programme__in=audited_programmes(me))
    return NOTHING


def calls_seen(me: Capacity) -> Q:
    """The owner's people all; every other account those that have been opened."""
    if me.clock:
        return EVERYTHING
    opened = ~Q(state__in=(CallState.DRAFT, CallState.CANCELLED))
    if me.holds(Role.OFFICER, Role.LEADER, Role.FINANCE):
        return opened | Q(programme__owner=me.organisation_id)
    if me.holds(Role.SECURITY, Role.ADMIN) or not me.role:
        return NOTHING
    return opened


def call_officer(me: Capacity) -> Q:
    return _owner(me, Role.OFFICER, "")


def call_leader(me: Capacity) -> Q:
    return _owner(me, Role.LEADER, "")


def member_self(me: Capacity) -> Q:
    """The principal who was asked."""
    return Q(principal__user=me.user_id) if me.holds(Role.PRINCIPAL) else NOTHING


def proposer(me: Capacity) -> Q:
    """The applicant who asked."""
    return Q(application__lead__user=me.user_id) if me.holds(Role.PRINCIPAL) else NOTHING


def member_owner(me: Capacity) -> Q:
    return _owner(me, Role.OFFICER, "application__call__")


def member_school(me: Capacity) -> Q:
    """The officer of the proposed member's school."""
    return Q(principal__school=me.organisation_id) if me.officer_of(Kind.SCHOOL) else NOTHING


def member_authority(me: Capacity) -> Q:
    """The officer of the authority of the proposed member's school."""
    over_schools = me.officer_of(Kind.COUNTY) or me.officer_of(Kind.BUREAU)
    return Q(principal__school__parent=me.organisation_id) if over_schools else NOTHING


def member_school_stead(me: Capacity) -> Q:
    """The officer above the school of a proposed member that has no officer but the member."""
    return in_stead(me, Role.OFFICER, "principal__school", "principal")


def member_authority_stead(me: Capacity) -> Q:
    """The officer above the authority of a proposed member's school that has none."""
    return in_stead(me, Role.OFFICER, "principal__school__parent", "principal")


def member_interest(me: Capacity) -> Q:
    """The own matter of the principal asked and of the applicant who asks."""
    if not me.may_be_principal:
        return NOTHING
    return Q(principal__user=me.user_id) | Q(application__lead__user=me.user_id)


def members_seen(me: Capacity) -> Q:
    """Whoever sees the application (experts too), the principal asked, and that principal's school and authority."""
    if me.clock:
        return EVERYTHING
    if me.holds(*STAFF):
        here = me.organisation_id
        sent = Q(application__submitted_at__isnull=False)
        if me.kind == Kind.SCHOOL:
            return sent & (Q(application__school=here) | Q(principal__school=here))
        return (
            (sent & Q(principal__school__parent=here))
            | Q(application__authority=here, application__endorsed_at__isnull=False)
            | Q(application__call__programme__owner=here)
        )
    if me.holds(Role.PRINCIPAL):
        return Q(application__lead__user=me.user_id) | Q(principal__user=me.user_id)
    return NOTHING


def reviewer(me: Capacity) -> Q:
    """The expert whose review it is."""
    return Q(expert__user=me.user_id) if me.holds(Role.EXPERT) else NOTHING


def review_owner(me: Capacity) -> Q:
    return _owner(me, Role.OFFICER, "application__call__")


def reviews_seen(me: Capacity) -> Q:
    """The owner's officer and leader all; an expert the own ones, while the call is being reviewed."""
    if me.clock:
        return EVERYTHING
    if me.holds(*STAFF):
        return Q(application__call__programme__owner=me.organisation_id)
    if me.holds(Role.EXPERT):
        return Q(
            expert__user=me.user_id,
            application__call__state=CallState.REVIEWING,
            state__in=(*ReviewState.counting, ReviewState.RECUSED),
        )
    if me.holds(Role.AUDITOR):
        return Q(application__call__programme__in=audited_programmes(me))
    return NOTHING


def of_owned_calls(me: Capacity) -> Q:
    """Publicity and announcements as work: the owner's officer and leader."""
    if me.clock:
        return EVERYTHING
    if me.holds(*STAFF):
        return Q(call__programme__owner=me.organisation_id)
    if me.holds(Role.AUDITOR):
        return Q(call__programme__in=audited_programmes(me))
    return NOTHING


def objection_officer(me: Capacity) -> Q:
    return _owner(me, Role.OFFICER, "publicity__call__")


def objection_leader(me: Capacity) -> Q:
    return _owner(me, Role.LEADER, "publicity__call__")


def objections_seen(me: Capacity) -> Q:
    """Objections are the owner's alone: the objector is protected from whom the objection concerns."""
    if me.clock:
        return EVERYTHING
    if me.holds(*STAFF):
        return Q(publicity__call__programme__owner=me.organisation_id)
    return NOTHING


def objection_interest(me: Capacity) -> Q:
    """The own matter of the applicant it is raised against."""
    return Q(application__lead__user=me.user_id) if me.may_be_principal else NOTHING


PUBLIC_PUBLICITY = Q(state__in=(PublicityState.PUBLISHED, PublicityState.CONCLUDED))
