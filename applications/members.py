"""Proposing members (Art. 6): who can be found, and the asking of one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from accounts.candidates import Candidate, candidates
from accounts.capacity import Capacity
from accounts.models import Principal
from applications.models import Application, MemberState, ProposedMember
from office.door import Refused, begin
from office.filing.saving import Closed
from office.flow import FLOWS, Missing
from office.models import NoticeKind
from office.notices import tell

REASON_LIMIT = 300


@dataclass(frozen=True)
class Listed:
    """One proposed member as lists show it."""

    member: ProposedMember
    tone: str
    age: int
    no_account: bool
    live: bool


def listed(application: Application, at: datetime) -> list[Listed]:
    """All who were asked, those who may still become members first; one query."""
    rows = application.members.select_related("principal__school__parent").order_by(
        "principal__sort_key", "pk"
    )
    found = [
        Listed(
            member=row,
            tone=FLOWS["proposedmember"].tones.get(row.state, "grey"),
            age=row.principal.age(localdate(at)),
            no_account=row.state == MemberState.PROPOSED and row.principal.user_id is None,
            live=row.state in MemberState.live,
        )
        for row in rows
    ]
    return sorted(found, key=lambda row: not row.live)


def search(application: Application, words: str) -> list[Candidate]:
    """Whom the applicant may ask; see ``accounts.candidates``. Two queries."""
    asked = set(application.members.filter(state__in=MemberState.live).values_list("principal", flat=True))
    return candidates(words, application.call.programme.owner_id, application.lead_id, asked)


@transaction.atomic
def propose(
    application_pk: int, principal_pk: int, reason: str, me: Capacity, at: datetime
) -> ProposedMember:
    """Ask a principal to be a member, counted under the lock of the application; they are told.

    Raises Principal.DoesNotExist, Closed (no longer in the applicant's hands), Refused (Art. 6).
    """
    application = (
        Application.objects.select_for_update(of=("self",), no_key=True)
        .select_related("call__programme", "lead")
        .get(pk=application_pk)
    )
    principal = Principal.objects.select_related("school__parent").get(pk=principal_pk)
    if application.state not in application.mendable:
        raise Closed
    if found := list(_lacks(application, principal, reason)):
        raise Refused(found)
    member = ProposedMember(
        application=application,
        principal=principal,
        basis="、".join(principal.basis())[:100],
        exception=reason.strip(),
    )
    entry = begin(member, me, at, "邀请参加")
    if principal.user_id:
        text = f"{application.lead.name}邀请您参加{application.studio_name}，请确认是否同意"
        url = member.get_absolute_url()
        tell([principal.user_id], text, at, kind=NoticeKind.ACTION, url=url, entry=entry)
    return member


def _lacks(application: Application, principal: Principal, reason: str) -> Iterator[Missing]:
    programme = application.call.programme
    live = list(application.members.filter(state__in=MemberState.live).values_list("principal", flat=True))
    if principal.pk == application.lead_id:
        yield Missing("成员不含领衔人本人", 6)
    if programme.owner_id not in principal.school.reached_by():
        yield Missing(f"{principal.name}所在学校不在本项目范围内", 6)
    if principal.pk in live:
        yield Missing(f"{principal.name}已在拟任成员中", 6)
    elif len(live) >= programme.members_max:
        yield Missing(f"拟任成员最多 {programme.members_max} 名，请先撤换再邀请", 6)
    if not reason.strip() and principal.exceptional:
        yield Missing(f"{principal.name}不符合“正职校长且具备成员依据”的原则要求，请填写例外理由", 6)
    if len(reason.strip()) > REASON_LIMIT:
        yield Missing(f"例外理由不超过 {REASON_LIMIT} 字")
