"""Studios of the data set: announced, with terms, years, members in their seats, a plaque."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random

from portal.dataset.history import Happened, History, begun
from portal.dataset.loading import Table
from portal.dataset.people import Head, Place, School
from portal.dataset.rounds import Round, check_code
from studios.models import Membership, MembershipState, Plaque, Studio, StudioState, StudioYear, Term

BASIS = "市级名校长"


@dataclass(frozen=True)
class Year:
    """A studio year: its key, its term's, which of the term it is, the year it lies in."""

    key: int
    term: int
    number: int
    year: int


@dataclass(frozen=True)
class Seat:
    """A member in their seat, with the school they come from."""

    key: int
    home: School


@dataclass
class Founded:
    """One studio as its work needs it."""

    key: int
    lead: Head
    school: School
    since: datetime
    years: list[Year] = field(default_factory=list)
    seats: list[Seat] = field(default_factory=list)


class Founding:
    """Writes studios."""

    def __init__(self, random: Random, history: History) -> None:
        self.random, self.history = random, history
        self.studios = Table(
            Studio,
            *("number", "programme_id", "name", "lead_id", "school_id", "authority_id", "stage", "state"),
            *("since", "idea", "activated_on"),
        )
        self.terms = Table(Term, "studio_id", "number", "starts", "ends")
        self.years = Table(StudioYear, "term_id", "number", "starts", "ends", "plan_due", "summary_due")
        self.memberships = Table(
            Membership,
            *("studio_id", "principal_id", "basis", "state", "since", "school_consented_at"),
            *("authority_consented_at", "joined_on"),
        )
        self.plaques = Table(Plaque, "studio_id", "number", "awarded_on", "check_code")

    def tables(self) -> list[Table]:
        return [self.studios, self.terms, self.years, self.memberships, self.plaques]

    def studio(
        self,
        place: Place,
        held: Round,
        programme: int,
        school: School,
        head: Head,
        since: datetime,
        idea: str,
    ) -> Founded:
        """The studio of an announced application, from its first term to the present one."""
        key = self.studios.last + 1
        number = f"{place.code}-{held.opened.year}-S{key:05d}"
        self.studios.add(
            *(number, programme, f"{head.name}名校长工作室", head.key, school.key, school.authority),
            *(school.stage, StudioState.ACTIVE, since, idea, since.date()),
        )
        active = Happened("activate", "成员到位，开始建设", "preparing", "active", place.leader, since)
        self.history.tell(Studio, key, [begun("preparing", place.leader, since, "公布设立"), active])
        founded = Founded(key, head, school, since)
        for term, begins in enumerate(range(held.start_on.year, self.history.sealed_at.year + 1, 3), 1):
            row = self.terms.add(key, term, date(begins, 1, 1), date(begins + 2, 12, 31))
            for number_of_term in range(3):
                year = begins + number_of_term
                span = (date(year, 1, 1), date(year, 12, 31), date(year, 3, 31), date(year, 12, 31))
                own = self.years.add(row, number_of_term + 1, *span)
                founded.years.append(Year(own, row, number_of_term + 1, year))
        serial = f"{held.opened.year}第{key:05d}号"
        self.plaques.add(key, serial, since.date(), check_code(self.random))
        return founded

    def join(
        self,
        place: Place,
        founded: Founded,
        home: School,
        head: Head,
        at: datetime,
        consented: datetime | None,
    ) -> None:
        """A proposed member takes the seat, with the consents given before."""
        state = MembershipState.ACTIVE
        key = self.memberships.add(founded.key, head.key, BASIS, state, at, consented, consented, at.date())
        joined = Happened("join", "成为成员", "accepted", "active", place.leader, at)
        self.history.tell(Membership, key, [begun("accepted", place.leader, at, "随公布加入"), joined])
        founded.seats.append(Seat(key, home))
