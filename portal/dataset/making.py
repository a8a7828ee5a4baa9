"""One bureau after another, until the data set is whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from django.db import connection, transaction

from accounts.ground import lay as lay_organisations
from accounts.models import Organisation, Role, User
from applications.models import ApplicationState, CallState, ReviewScore
from evaluations.models import Indicator, Rubric
from office.models import NumberSeries
from portal.dataset.cases import Cases
from portal.dataset.history import History
from portal.dataset.loading import Table, loading
from portal.dataset.people import People, Place, School
from portal.dataset.rounds import Calls
from portal.dataset.shared import shared_file
from portal.dataset.sizes import Size
from programmes.ground import lay as lay_programme
from programmes.models import Programme

S = ApplicationState
GROUPS = ("思想与师德", "理论与科研", "引领与管理", "规划与成员", "条件与预算")
PER_GROUP = 5  # indicators of a group, four points each: a hundred together
POINTS = Decimal(4)
# Of the applications that made no studio: not passed, under review, publicised; the others are in the call that is open.
NOT_PASSED, JUDGED, LISTED = 0.2, 0.3, 0.09
# States in the open call, by turns: mostly drafts that are complete and not sent yet.
OPEN = (
    S.DRAFT,
    S.DRAFT,
    S.SCHOOL_REVIEW,
    S.DRAFT,
    S.DRAFT,
    S.AUTHORITY_REVIEW,
    S.DRAFT,
    S.DRAFT,
    S.RECOMMENDED,
)
# What a sheet holds follows from its key, as its total does (cases.total_of).
SCORES = """
    INSERT INTO applications_reviewscore (review_id, indicator_id, points, maximum, reason)
    SELECT review.id, leaf.id, (30 + review.id % 10) / 10.0, leaf.points, '见材料'
    FROM applications_review review
    JOIN applications_application application ON application.id = review.application_id
    JOIN applications_call held ON held.id = application.call_id AND held.state = 'reviewing'
    JOIN evaluations_indicator leaf ON leaf.rubric_id = held.rubric_id AND leaf.parent_id IS NOT NULL
    WHERE review.state = 'submitted' OR review.id % 2 = 0
"""


class NotEmpty(Exception):
    """The database has people in it already."""


class DataSet:
    """Writes a data set of a size; the same seed on the same day gives the same rows."""

    def __init__(self, size: Size, at: datetime, seed: int, say: Callable[[str], None]) -> None:
        self.size, self.at, self.say = size, at, say
        self.random = Random(seed)

    def make(self) -> dict[str, int]:
        """Write everything in one transaction; returns how many rows each table got.

        Raises NotEmpty where somebody has an account already.
        """
        if User.objects.exists():
            raise NotEmpty
        with transaction.atomic():
            bureau = lay_organisations()
            model = lay_programme(bureau)
            self._prepare(model)
            with loading(self.tables):
                for number in range(self.size.bureaus):
                    self._bureau(number, bureau if number == 0 else None, model)
                    if number % 10 == 9:
                        self.say(f"第 {number + 1} 个市，共 {self.size.bureaus} 个")
                self.history.seal()
            with connection.cursor() as cursor:
                cursor.execute(SCORES)
            self._number_on(bureau)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        return {table.name: table.last for table in self.tables} | {
            ReviewScore._meta.db_table: ReviewScore.objects.count()
        }

    def _prepare(self, model: Programme) -> None:
        self.history = History(self.at)
        self.people = People(self.random, self.at)
        self.calls = Calls(self.random, self.at, self.history, self.people)
        self.cases = Cases(self.random, self.history, shared_file())
        self.programmes = Table(Programme, "owner_id", "name", "measures_id", "basis")
        self.rubrics = Table(Rubric, "programme_id", "purpose", "name", "frozen_at")
        self.indicators = Table(Indicator, "rubric_id", "parent_id", "order", "label", "points")
        self.tables = [
            *self.people.tables(),
            *(self.programmes, self.rubrics, self.indicators),
            *self.calls.tables(),
            *self.cases.tables(),
            *(self.history.entries, self.history.seals),
        ]

    def _bureau(self, number: int, known: Organisation | None, model: Programme) -> None:
        """One bureau with its five calls."""
        size = self.size.of_bureau(number)
        place = self.people.place(number, size, known)
        if known:
            self.people.someone(Role.SECURITY, place.key)
            self.people.someone(Role.ADMIN, place.key)
            programme = model.pk
        else:
            name = f"{place.name.removesuffix('教育局')}名校长工作室"
            programme = self.programmes.add(place.key, name, model.measures_id, model.basis)
        rubric, experts = self._rubric(programme), self.calls.pool(place)

        def call(state: CallState, opened: datetime) -> object:
            return self.calls.round(place, programme, rubric, experts, state, opened)

        self._applications(place, programme, size, call)

    def _applications(self, place: Place, programme: int, size: Size, call: Callable) -> None:
        rest = size.applications - size.studios
        failed, judged, listed = (round(rest * share) for share in (NOT_PASSED, JUDGED, LISTED))
        earlier = [
            call(CallState.ANNOUNCED, self.at.replace(year=self.at.year - years, month=3, day=2))
            for years in (6, 3)
        ]
        reviewing = call(CallState.REVIEWING, self.at - timedelta(days=78))
        publicised = call(CallState.PUBLICITY, self.at - timedelta(days=89))
        taking = call(CallState.OPEN, self.at - timedelta(days=20))
        plan = [(earlier[number * 2 // size.studios], S.ANNOUNCED) for number in range(size.studios)]
        plan += [(earlier[number % 2], S.NOT_PASSED) for number in range(failed)]
        plan += [(reviewing, S.UNDER_REVIEW)] * judged
        plan += [(publicised, S.PUBLICISED)] * listed
        plan += [(taking, OPEN[number % len(OPEN)]) for number in range(rest - failed - judged - listed)]
        first_judged = size.studios + failed
        for number, (held, state) in enumerate(plan):
            school: School = place.schools[number % len(place.schools)]
            long = place.number == 0 and number == first_judged
            key = self.cases.application(place, held, programme, school, state, rank=number + 1, long=long)
            if state == S.ANNOUNCED and number >= size.studios - 2:
                self.cases.objection(place, held, key)

    def _rubric(self, programme: int) -> int:
        rubric = self.rubrics.add(programme, "application", "名校长工作室申报评审标准", self.at)
        order = 0
        for group in GROUPS:
            order += 1
            parent = self.indicators.add(rubric, None, order, group, 0)
            for number in range(PER_GROUP):
                order += 1
                self.indicators.add(rubric, parent, order, f"{group}之{number + 1}", POINTS)
        return rubric

    def _number_on(self, bureau: Organisation) -> None:
        """What the first bureau numbers next follows what is there."""
        for kind, table in (
            ("application", self.cases.applications),
            ("studio", self.cases.founding.studios),
        ):
            NumberSeries.objects.create(issuer=bureau, year=self.at.year, kind=kind, last=table.last)
