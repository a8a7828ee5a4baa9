"""Earlier, smaller rounds: the studios that were founded before last year's, one applicant each, up to the plaque."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from accounts.capacity import CLOCK
from accounts.models import SchoolType
from applications.flows import CALL
from office.door import take
from portal.demo.calling import Plan, announce, decide, judge, make_call, publish, seat_panels
from portal.demo.cast import Cast
from portal.demo.elder import live
from portal.demo.plans import annual, development
from portal.demo.rounds import Rounds
from portal.demo.stage import Stage, at_time, fill
from studios.flows import PLAN
from studios.models import Plan as Plans
from studios.models import Stage as SchoolStage
from studios.models import Studio, StudioYear
from studios.planning import open_due_plans


@dataclass(frozen=True)
class Elder:
    """One studio: how many years before last year's it was founded, and how it was judged."""

    years: int
    score: float


# The diligent and the negligent one.
OLDEST = Elder(2, 0.94)
OLDER = Elder(1, 0.89)


def found(rounds: Rounds, elder: Elder) -> Studio:
    """Play the round of ``elder`` from the call to the plaque; its plans stand on its lead's desk year by year."""
    year = timezone.localtime(rounds.now).year - 1 - elder.years
    opens = at_time(rounds.now.replace(year=year, month=9, day=1), 8)
    name, start = f"{year}年度名校长工作室申报", date(year + 1, 1, 1)
    call = make_call(
        rounds.cast, Plan(name, opens, 20, 55, dict.fromkeys(SchoolStage.values, 1), start), rounds.rubric
    )
    lead = next(rounds.members(*SchoolType.values, count=1))
    stage = Stage(rounds.cast, call, rounds.members(*SchoolType.values, count=8), rounds.random)
    application = stage.to_review(lead, opens + timedelta(days=3), rank=1)
    stage.consent(application, opens + timedelta(days=10))
    seat_panels(stage, 5)
    take(CALL, "start_review", call.pk, stage.owner, opens + timedelta(days=32))
    judge(stage, opens + timedelta(days=45), {application.pk: elder.score})
    decide(stage, opens + timedelta(days=60))
    announce(stage, publish(stage, opens + timedelta(days=65)))
    studio = Studio.objects.get(lead=lead)
    _turn_the_years(studio, rounds.now)
    return studio


def _turn_the_years(studio: Studio, now: datetime) -> None:
    """The clock opens the plan of each year as it comes."""
    for year in StudioYear.objects.filter(term__studio=studio, number__gt=1).order_by("starts"):
        night = timezone.make_aware(datetime.combine(year.starts, time(3))) - timedelta(days=29)
        if night < now:
            open_due_plans(studio, CLOCK, night)


def play(rounds: Rounds) -> None:
    """The oldest has planned every year in time; the other filed its first plans late and has neglected the second."""
    oldest, older = found(rounds, OLDEST), found(rounds, OLDER)
    for plan in Plans.objects.filter(studio=oldest).order_by("year__number", "pk"):
        file(rounds.cast, plan, timedelta(days=18))
    for plan in Plans.objects.filter(studio=older, year__number=1):
        file(rounds.cast, plan, timedelta(days=170))
    live(rounds.cast, oldest, rounds.now)


def file(cast: Cast, plan: Plans, after: timedelta) -> None:
    """Fill in the plan and file it, ``after`` it was opened."""
    at, me = plan.since + after, cast.of(plan.studio.lead.user_id or 0)
    year = plan.year.starts.year if plan.year else plan.term.starts.year
    fill(plan, annual(year) if plan.year else development(year), at)
    take(PLAN, "file", plan.pk, me, at + timedelta(days=1))
