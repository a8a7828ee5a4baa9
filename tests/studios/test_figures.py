"""The figures of a studio year: one count for the studio page, the ledger, the summary and the boards."""

import pytest

from accounts.models import Area, Organisation, Role
from office.door import take
from studios import activities, figures
from studios.flows import ADVICE, PLAN
from studios.models import Activity, Duty, Output, OutputKind, Plan, PlanKind, Studio, StudioYear
from studios.outputs import add
from tests.articles.test_article_16 import fill
from tests.factories.accounts import make_bureau, make_school
from tests.factories.activities import HELD_AT, held, joined, planned
from tests.factories.applications import acting, someone
from tests.factories.studios import SEATED, WORKING, make_studio
from tests.studios.test_advice import drafted

pytestmark = [pytest.mark.django_db, pytest.mark.core]


@pytest.fixture
def studio() -> Studio:
    return make_studio()


def year_of(studio: Studio, number: int = 1) -> StudioYear:
    return StudioYear.objects.select_related("term__studio").get(term__studio=studio, number=number)


def value(name: str, studio: Studio, number: int = 1):
    return figures.OfYear(year_of(studio, number)).value(name)


def helping(activity: Activity, school: Organisation, me) -> Activity:
    """The activity is for this school."""
    activities.add_school(activity.pk, school.pk, me, HELD_AT)
    return activity


def test_activities_count_by_duty_once_held_and_joined_ones_count_for_each_studio(studio: Studio) -> None:
    lead, officer = acting(studio.lead), someone(Role.OFFICER, make_bureau())
    held(planned(studio), lead)
    planned(studio, title="第二次研修")
    held(joined(officer.organisation, officer, [studio]), officer)
    found = value("activities", studio)
    assert (dict(found.held), found.planned) == ({Duty.TRAINING: 1, Duty.RADIATION: 1}, 1)
    assert value("activities", studio, 2).number == 0


def test_attendance_counts_the_studios_own_members(studio: Studio) -> None:
    lead, officer = acting(studio.lead), someone(Role.OFFICER, make_bureau())
    other = make_studio(members=8)
    held(planned(studio), lead, absent=2)
    held(joined(officer.organisation, officer, [studio, other]), officer)
    found = value("attendance", studio)
    assert (found.called, found.came, found.rate) == (16, 14, "88%")


def test_schools_are_named_once_and_only_when_the_activity_was_held(studio: Studio) -> None:
    lead = acting(studio.lead)
    rural, plain = make_school(studio.authority, area=Area.RURAL, weak=True), make_school(studio.authority)
    for title in ("第一次走进", "第二次走进"):
        held(helping(planned(studio, title=title), rural, lead), lead)
    helping(planned(studio, title="还没有开展的"), plain, lead)
    found = value("helped", studio)
    assert (found.schools, found.rural, found.weak) == ((rural,), 1, 1)
    assert figures.OfYear(year_of(studio)).said("helped") == [
        "帮扶学校",
        "1 所，其中乡村学校 1 所、薄弱学校 1 所",
    ]


def test_outputs_count_by_kind_and_advice_by_what_became_of_it(studio: Studio) -> None:
    lead = acting(studio.lead)
    for title in ("课堂评价研究", "作业设计研究"):
        paper = Output(
            studio=studio,
            duty=Duty.RESEARCH,
            kind=OutputKind.PAPER,
            title=title,
            authors="苏和",
            dated=HELD_AT.date(),
        )
        add(paper, lead, HELD_AT)
    take(ADVICE, "send", drafted(studio).pk, lead, WORKING)
    of = figures.OfYear(year_of(studio))
    assert of.said("outputs") == ["成果", "论文 2 项"]
    assert of.said("advice") == ["建言献策", "报送 1 篇，采纳或部分采纳 0 篇"]


def test_a_task_is_complete_by_what_was_held_under_it(studio: Studio) -> None:
    lead = acting(studio.lead)
    plan = fill(Plan.objects.get(studio=studio, kind=PlanKind.ANNUAL))
    take(PLAN, "file", plan.pk, lead, SEATED)
    item = plan.items.get(duty=Duty.TRAINING)
    held(planned(studio, item=item), lead)
    assert figures.OfYear(year_of(studio)).said("tasks") == ["年度计划任务", "完成 1 / 4 项"]


@pytest.mark.parametrize("name", sorted(figures.FIGURES))
def test_each_is_said_of_a_year_without_records_and_read_of_many_years_at_once(
    name: str, studio: Studio, django_assert_max_num_queries
) -> None:
    years = list(StudioYear.objects.filter(term__studio=studio))
    with django_assert_max_num_queries(2):
        found = figures.read(name, [year.pk for year in years])
    assert set(found) == {year.pk for year in years}
    assert figures.FIGURES[name].words(found[years[-1].pk])


def test_a_name_is_taken_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        figures.register(figures.FIGURES["tasks"])
