"""What must hold for the members an application proposes (Art. 6: 双方自愿), each of whom accepts one in a call."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from accounts.models import Principal
from accounts.statements import written_once
from applications.models import Application, ApplicationState, CallState, MemberState, ProposedMember
from applications.rules import call_of
from office.flow import Missing
from studios.models import Membership, MembershipState


def accepts_one(member: ProposedMember, at: datetime) -> Iterator[Missing]:
    """A principal may be asked by several and accepts one in a call. Counted under the principal's lock."""
    call = member.application.call
    other = (
        ProposedMember.objects.filter(
            principal=member.principal_id, application__call=call, state=MemberState.ACCEPTED
        )
        .exclude(pk=member.pk)
        .exclude(application__state__in=ApplicationState.ended)
        .select_related("application", "principal")
        .first()
    )
    if other:
        yield Missing(f"您在本批次已同意参加{other.application.studio_name}", 6)
    applying = Application.objects.filter(call=call, lead=member.principal_id).exclude(
        state__in=ApplicationState.ended
    )
    if applying.exists():
        yield Missing("您本人在本批次有申报，不能同时作为其他工作室的成员", 6)


def one_studio(member: ProposedMember, at: datetime) -> Iterator[Missing]:
    """The programme's one_studio_per_member: no other studio that lasts into the new term."""
    call = member.application.call
    if not call.programme.one_studio_per_member:
        return
    place = Membership.objects.filter(
        principal=member.principal_id,
        state__in=MembershipState.live,
        studio__terms__ends__gte=call.start_on,
        studio__programme=call.programme_id,
    ).first()
    if place:
        yield Missing(f"您是{place.studio}的成员，至新周期开始时尚未期满", 6)


def still_head(member: ProposedMember, at: datetime) -> Iterator[Missing]:
    """Art. 6(2): a member is a head (正职); "原则上": otherwise with a reason."""
    if not member.principal.head and not member.exception:
        yield Missing("成员原则上应为正职校长（园长），档案中现任职务不是正职，须由申报人说明例外理由", 6)


def application_alive(member: ProposedMember, at: datetime) -> Iterator[Missing]:
    """The application still goes on."""
    if member.application.state in ApplicationState.ended:
        yield Missing(f"该申报{member.application.get_state_display()}")


def before_sending(member: ProposedMember, at: datetime) -> Iterator[Missing]:
    """The applicant changes the list while the form is in their hands."""
    if member.application.state not in (ApplicationState.DRAFT, ApplicationState.RETURNED):
        yield Missing("申报已提交；提交后撤换成员须由市教育局同意", 6)


def before_list(member: ProposedMember, at: datetime) -> Iterator[Missing]:
    """Members are replaced, with the owner's leave, until the call is decided."""
    if member.application.call.state not in (CallState.OPEN, CallState.REVIEWING):
        yield Missing("名单已定，不能再撤换成员", 6)


def is_no_member(application: Application, at: datetime) -> Iterator[Missing]:
    """Whoever has accepted to be a member of another studio of the call does not lead one beside it."""
    for name in _joined(application.lead_id, application.call_id):
        yield Missing(f"您在本批次已同意参加{name}，不能同时领衔；如需申报，请先由其撤换", 6)


@written_once
def _joined(principal: int, call: int) -> QuerySet[ProposedMember, str]:
    places = ProposedMember.objects.filter(
        principal=principal, application__call=call, state=MemberState.ACCEPTED
    ).exclude(application__state__in=ApplicationState.ended)
    return places.values_list("application__studio_name", flat=True)[:1]


def members_free(application: Application, at: datetime) -> Iterator[Missing]:
    """A member of a declined application may have accepted elsewhere since. Counted under the principals' locks."""
    willing = application.members.filter(state=MemberState.ACCEPTED).values("principal")
    elsewhere = (
        ProposedMember.objects.filter(
            principal__in=willing, application__call=application.call_id, state=MemberState.ACCEPTED
        )
        .exclude(application=application)
        .exclude(application__state__in=ApplicationState.ended)
    )
    for place in elsewhere.select_related("principal", "application").order_by("pk"):
        yield Missing(f"{place.principal}已同意参加{place.application.studio_name}，请先办理同意撤换", 6)


def call_and_members(application_pk: int) -> list[QuerySet[Any]]:
    """The call, the application, and the principals asked, each of whom accepts one in a call."""
    asked = ProposedMember.objects.filter(application=application_pk).values("principal")
    return [
        *call_of(application_pk),
        Application.objects.filter(pk=application_pk),
        Principal.objects.filter(pk__in=asked),
    ]
