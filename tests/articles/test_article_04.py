"""第四条: the public sees which studios there are and what they do, and of people no more than that."""

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import Area
from office.door import take
from studios import activities
from studios.flows import OUTPUT
from studios.models import Duty, Form, Studio
from tests.factories.accounts import make_school
from tests.factories.activities import (
    HELD_AT,
    REPORTED,
    diagnosed,
    held,
    planned,
    published,
    recorded,
    records,
)
from tests.factories.applications import acting
from tests.factories.studios import make_studio

pytestmark = [pytest.mark.django_db, pytest.mark.core]


@pytest.fixture(autouse=True)
def fresh_pages() -> None:
    """Public pages are kept a while; another test's studio may have had the same number."""
    cache.clear()


@pytest.fixture
def studio() -> Studio:
    return make_studio()


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
    lead = acting(studio.lead)
    schools = make_school(studio.authority, area=Area.RURAL), make_school(studio.authority)
    for title in ("诊断一", "诊断二"):
        visit = planned(studio, title=title, duty=Duty.RADIATION, form=Form.DIAGNOSIS)
        for school in schools:
            activities.add_school(visit.pk, school.pk, lead, HELD_AT)
            diagnosed(visit, school, lead)
        held(visit, lead)
    held(planned(studio, title="研修"), lead)
    planned(studio, title="还没有开展的")
    text = page(studio)
    assert "已开展活动 3 项：培养中青年校长 1 项，示范辐射 2 项。" in text
    assert "帮扶学校 2 所，其中乡村学校和薄弱学校 1 所。" in text


def test_neither_guests_nor_titles_nor_places_of_activities_are_public(studio: Studio) -> None:
    lead = acting(studio.lead)
    lecture = planned(studio, title="到柳条沟小学讲薄弱环节", place="柳条沟小学会议室", form=Form.MEETING)
    held(lecture, lead, guests=[("来宾赵六", "某校")])
    text = page(studio)
    for word in ("来宾赵六", "柳条沟小学", "讲薄弱环节"):
        assert word not in text


def test_an_output_is_public_when_the_lead_has_agreed(studio: Studio) -> None:
    recorded(studio, title="只登记的论文")
    published(recorded(studio, title="同意公开的论文"))
    gone = published(recorded(studio, title="后来撤销的论文"))
    take(OUTPUT, "withdraw", gone.pk, acting(studio.lead), REPORTED, "录用后未刊出")
    text = page(studio)
    assert "同意公开的论文" in text
    assert "只登记的论文" not in text
    assert "后来撤销的论文" not in text


@pytest.mark.parametrize("number", [1, 3])
def test_the_public_page_costs_the_same_for_one_activity_and_for_three(
    number: int, studio: Studio, django_assert_num_queries
) -> None:
    for row in records(studio, number):
        published(recorded(studio, title=f"{row.title}综述"))
    page(studio)
    with django_assert_num_queries(4):
        Client().get(f"/directory/{studio.number}/?q=x")
