"""What an announcement creates: the studio, its term and years, its members, its plaque (Art. 5, 6, 9)."""

from __future__ import annotations

from datetime import timedelta

from applications.models import Application, MemberState
from office.documents import next_number
from office.door import Act, begin, begin_each, follow_each
from studios.flows.terms import open_term
from studios.models import Membership, MembershipState, Plaque, Studio


def found(application: Application, act: Act) -> Studio:
    """Create what the announcement of ``application`` sets up; returns the studio. Numbers are taken without gaps."""
    call = application.call
    programme = call.programme
    year = act.at.astimezone().year
    serial = next_number(programme.owner, year, "studio")
    studio = Studio(
        number=f"{programme.number_prefix}{year}-S{serial:03d}",
        programme=programme,
        name=application.studio_name,
        lead=application.lead,
        school=application.school,
        authority=application.authority,
        stage=application.stage,
        idea=application.content.get("qualities", {}).get("idea", ""),
        prepare_by=act.at.astimezone().date() + timedelta(days=programme.preparing_days),
    )
    begin(studio, act.me, act.at, "公布设立", cause=act.entry)
    open_term(studio, call.start_on, programme.term_years)
    Plaque.objects.create(
        studio=studio, number=f"{year}第{serial:03d}号", awarded_on=act.at.astimezone().date()
    )
    _take_members(application, studio, act)
    return studio


def _take_members(application: Application, studio: Studio, act: Act) -> None:
    """The proposed members who accepted become members, with the consents already given."""
    willing = (
        application.members.filter(state=MemberState.ACCEPTED).select_related("principal").order_by("pk")
    )
    memberships = [
        Membership(
            studio=studio,
            principal=proposed.principal,
            basis=proposed.basis,
            exception=proposed.exception,
            school_consented_at=proposed.school_consented_at,
            authority_consented_at=proposed.authority_consented_at,
            state=MembershipState.ACCEPTED,
        )
        for proposed in willing
    ]
    begin_each(memberships, act.me, act.at, "随公布加入", cause=act.entry)
    complete = [seat for seat in memberships if seat.school_consented_at and seat.authority_consented_at]
    follow_each(complete, "join", act.me, act.at, cause=act.entry)
