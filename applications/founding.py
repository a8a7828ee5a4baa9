"""What an announcement creates: the studio, its term and years, its members, its plaque (Art. 5, 6, 9)."""

from __future__ import annotations

from datetime import date, timedelta

from applications.models import Application, MemberState
from office.documents import next_number
from office.door import Act, begin, follow
from studios.models import Membership, Plaque, Studio, StudioYear, Term


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
    )
    begin(studio, act.me, act.at, "公布设立", cause=act.entry)
    _open_term(studio, call.start_on, programme.term_years)
    Plaque.objects.create(
        studio=studio, number=f"{year}第{serial:03d}号", awarded_on=act.at.astimezone().date()
    )
    _take_members(application, studio, act)
    return studio


def _anniversary(start: date, years: int) -> date:
    """The same day ``years`` later; 29 February becomes 1 March."""
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return date(start.year + years, 3, 1)


def _open_term(studio: Studio, start: date, years: int) -> None:
    """Art. 5: a term of whole years, each a studio year of twelve months."""
    ends = [_anniversary(start, number) - timedelta(days=1) for number in range(1, years + 1)]
    term = Term.objects.create(studio=studio, number=studio.terms.count() + 1, starts=start, ends=ends[-1])
    for number, end in enumerate(ends, 1):
        StudioYear.objects.create(term=term, number=number, starts=_anniversary(start, number - 1), ends=end)


def _take_members(application: Application, studio: Studio, act: Act) -> None:
    """The proposed members who accepted become members, with the consents already given."""
    for proposed in application.members.filter(state=MemberState.ACCEPTED).order_by("pk"):
        membership = Membership(
            studio=studio,
            principal=proposed.principal,
            basis=proposed.basis,
            exception=proposed.exception,
            school_consented_at=proposed.school_consented_at,
            authority_consented_at=proposed.authority_consented_at,
        )
        begin(membership, act.me, act.at, "随公布加入", cause=act.entry)
        if membership.school_consented_at and membership.authority_consented_at:
            follow(membership, "join", act.me, act.at, cause=act.entry)
