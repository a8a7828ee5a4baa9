"""第四条: the public sees which studios there are and what they do, and of people no more than that."""

from datetime import datetime

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import Area
from studios.models import (
    Activity,
    ActivityState,
    Attendance,
    Duty,
    Form,
    Output,
    OutputKind,
    OutputState,
    Studio,
    StudioYear,
)
from tests.factories.accounts import make_school
from tests.factories.studios import SEATED, ZONE, make_studio

pytestmark = [pytest.mark.django_db, pytest.mark.core]
SPRING = datetime(2027, 4, 8, 9, 0, tzinfo=ZONE)


@pytest.fixture(autouse=True)
def fresh_pages() -> None:
    """Public pages are kept a while; another test's studio may have had the same number."""
    cache.clear()


@pytest.fixture
def studio() -> Studio:
    return make_studio()


def held(studio: Studio, title: str, **more: object) -> Activity:
    given = {
        "studio": studio,
        "year": StudioYear.objects.get(term__studio=studio, number=1),
        "duty": Duty.RADIATION,
        "form": Form.DIAGNOSIS,
        "place": "柳条沟小学会议室",
        "starts_at": SPRING,
        "ends_at": SPRING,
        "state": ActivityState.HELD,
        "since": SPRING,
    }
    return Activity.objects.create(title=title, **(given | more))


def page(studio: Studio) -> str:
    return Client().get(f"/directory/{studio.number}/").content.decode()


def test_the_directory_names_the_studio_its_lead_its_school_and_its_members(studio: Studio) -> None:
    text = page(studio)
    for word in (studio.name, studio.lead.name, studio.school.name):
        assert word in text
    for place in studio.memberships.all():
        assert place.principal.name in text


def test_the_public_reads_how_much_was_done_for_each_duty_and_for_rural_and_weak_schools(
    studio: Studio,
) -> None:
    school, other = make_school(studio.authority), make_school(studio.authority)
    type(school).objects.filter(pk=school.pk).update(area=Area.RURAL)
    for title in ("诊断一", "诊断二"):
        held(studio, title).schools.add(school, other)
    held(studio, "研修", duty=Duty.TRAINING, form=Form.SEMINAR)
    held(studio, "还没有开展的", state=ActivityState.PLANNED)
    text = page(studio)
    assert "已开展活动 3 项：培养中青年校长 1 项，示范辐射 2 项。" in text
    assert "帮扶学校 2 所，其中乡村学校和薄弱学校 1 所。" in text


def test_neither_guests_nor_titles_nor_places_of_activities_are_public(studio: Studio) -> None:
    activity = held(studio, "到柳条沟小学诊断薄弱环节")
    Attendance.objects.create(activity=activity, name="来宾赵六", unit="某校")
    text = page(studio)
    for word in ("来宾赵六", "柳条沟小学", "诊断薄弱环节"):
        assert word not in text


@pytest.mark.parametrize(
    ("state", "shown"),
    [(OutputState.PUBLIC, True), (OutputState.RECORDED, False), (OutputState.WITHDRAWN, False)],
)
def test_an_output_is_public_when_the_lead_has_agreed(studio: Studio, state: str, shown: bool) -> None:
    Output.objects.create(
        studio=studio,
        year=StudioYear.objects.get(term__studio=studio, number=1),
        duty=Duty.RESEARCH,
        kind=OutputKind.BOOK,
        title="课堂评价的二十个案例",
        authors="苏和",
        dated=SEATED.date(),
        state=state,
        since=SEATED,
    )
    assert ("课堂评价的二十个案例" in page(studio)) is shown


@pytest.mark.parametrize("number", [1, 300])
def test_the_public_page_costs_the_same_for_one_activity_and_for_three_hundred(
    number: int, studio: Studio, django_assert_num_queries
) -> None:
    for each in range(number):
        held(studio, f"诊断{each}")
    page(studio)
    with django_assert_num_queries(4):
        Client().get(f"/directory/{studio.number}/?q=x")
