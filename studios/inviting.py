"""Inviting members (Art. 6: chosen by the lead, willing on both sides)."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.capacity import Capacity
from accounts.models import Principal
from office.door import Refused, begin
from office.models import NoticeKind
from office.notices import tell
from studios.flows.tells import account
from studios.models import Membership, MembershipState, Studio
from studios.rules.members import may_be_invited
from studios.scopes.people import lead


@transaction.atomic
def invite(studio_pk: int, principal_pk: int, reason: str, me: Capacity, at: datetime) -> Membership:
    """Ask a principal to be a member, counted under the lock of the studio; they are told.

    Raises Studio.DoesNotExist, Principal.DoesNotExist, PermissionDenied (not the lead), Refused (Art. 6).
    """
    studio = (
        Studio.objects.select_for_update(of=("self",), no_key=True)
        .select_related("programme", "lead")
        .get(pk=studio_pk)
    )
    if not Studio.objects.filter(lead("")(me), pk=studio.pk).exists():
        raise PermissionDenied("成员由领衔人遴选。")
    principal = Principal.objects.select_related("school__parent").get(pk=principal_pk)
    if found := list(may_be_invited(studio, principal, reason, at)):
        raise Refused(found)
    membership = Membership(
        studio=studio,
        principal=principal,
        basis="、".join(principal.basis())[:100],
        exception=reason.strip() if principal.exceptional else "",
        state=MembershipState.INVITED,
    )
    entry = begin(membership, me, at, "邀请参加")
    tell(
        account(principal),
        f"{studio.lead.name}邀请您参加{studio.name}，请确认是否同意",
        at,
        kind=NoticeKind.ACTION,
        url=membership.get_absolute_url(),
        entry=entry,
    )
    return membership
