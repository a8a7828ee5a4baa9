"""第二条　本办法所指的名校长工作室是指市级教育行政部门创建的中小学、幼儿园名校长、园长工作室。"""

import pytest
from django.test import Client

from accounts.models import Kind, SchoolType
from studios.models import Plaque
from tests.factories.accounts import make_bureau, make_school
from tests.factories.applications import make_application, make_call, make_lead
from tests.factories.rounds import bring_on

pytestmark = pytest.mark.django_db


def test_studios_are_created_by_the_education_authority_of_the_city() -> None:
    owner = make_call().programme.owner
    assert (owner, owner.kind) == (make_bureau(), Kind.BUREAU)


@pytest.mark.parametrize(
    ("school_type", "stage", "studio"),
    [
        (SchoolType.KINDERGARTEN, "幼儿园", "乌云名园长工作室"),
        (SchoolType.PRIMARY, "小学", "乌云名校长工作室"),
        (SchoolType.JUNIOR, "初中", "乌云名校长工作室"),
        (SchoolType.SENIOR, "高中（含中职）", "乌云名校长工作室"),
        (SchoolType.VOCATIONAL, "高中（含中职）", "乌云名校长工作室"),
    ],
)
def test_schools_and_kindergartens_each_have_their_stage_and_title(
    school_type: str, stage: str, studio: str
) -> None:
    lead = make_lead(name="乌云", school=make_school(school_type=school_type))
    application = make_application(make_call(), lead, complete=False)
    assert (application.get_stage_display(), application.studio_name) == (stage, studio)


def test_the_head_of_a_kindergarten_founds_a_studio_of_园长() -> None:
    lead = make_lead(name="其木格", school=make_school(school_type=SchoolType.KINDERGARTEN))
    application = bring_on(make_application(make_call(), lead), "announced")
    assert application.studio.name == "其木格名园长工作室"
    assert application.studio.programme.owner == make_bureau()


def test_the_plaque_and_the_directory_call_the_head_of_a_kindergarten_园长() -> None:
    lead = make_lead(name="其木格", school=make_school(school_type=SchoolType.KINDERGARTEN))
    studio = bring_on(make_application(make_call(), lead), "announced").studio
    plaque = Plaque.objects.get(studio=studio)
    visitor = Client()
    for address in (
        f"/check/{plaque.check_code}/",
        "/directory/?stage=kindergarten",
        f"/directory/{studio.number}/",
    ):
        page = visitor.get(address).content.decode()
        assert "其木格名园长工作室" in page, address
        assert "其木格名校长工作室" not in page, address
    assert "其木格" not in visitor.get("/directory/?stage=primary").content.decode()
