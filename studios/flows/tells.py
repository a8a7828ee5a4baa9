"""Who is told of what happens in a studio: account keys."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from accounts.holders import holders
from accounts.models import Principal, Role
from studios.models import MembershipState, Studio


def account(principal: Principal | None) -> list[int]:
    """The account of a principal, if there is one."""
    return [principal.user_id] if principal and principal.user_id else []


def studio_of(case: Any) -> Studio:
    """The studio a case belongs to, itself included."""
    return case if isinstance(case, Studio) else case.studio


def the_lead(case: Any) -> Iterable[int]:
    studio = studio_of(case)
    return [*account(studio.lead), *account(studio.acting_lead)]


def the_owner(case: Any) -> Iterable[int]:
    return holders(Role.OFFICER, studio_of(case).programme.owner_id)


def the_owners_leaders(case: Any) -> Iterable[int]:
    return holders(Role.LEADER, studio_of(case).programme.owner_id)


def the_county(case: Any) -> Iterable[int]:
    return holders(Role.OFFICER, studio_of(case).authority_id)


def the_host(case: Any) -> Iterable[int]:
    return holders(Role.OFFICER, studio_of(case).school_id)


def the_member(case: Any) -> Iterable[int]:
    return account(case.principal)


def the_members_school(case: Any) -> Iterable[int]:
    return holders(Role.OFFICER, case.principal.school_id)


def the_members_authority(case: Any) -> Iterable[int]:
    return holders(Role.OFFICER, case.principal.school.parent_id)


def the_seated(case: Any) -> Iterable[int]:
    """The members in their seats."""
    seats = studio_of(case).memberships.filter(state__in=MembershipState.seated)
    return list(seats.filter(principal__user__isnull=False).values_list("principal__user", flat=True))
