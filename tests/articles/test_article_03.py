"""第三条　名校长工作室是由名校长领衔、骨干校长组成，以凝练教育思想、促进协同创新为基本遵循，集理论研究、实践探索、
培养培训和成果推广于一体的校长发展共同体。
"""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import Role
from office.door import take
from studios.flows import ACTIVITY, OUTPUT
from studios.models import Activity, Duty, Form, Output, OutputKind, Studio
from tests.factories.accounts import make_bureau, make_county, make_principal, make_school
from tests.factories.activities import HELD_AT, held, planned, recorded
from tests.factories.applications import acting, browser_of, someone
from tests.factories.studios import invited, make_studio, seat

pytestmark = [pytest.mark.django_db, pytest.mark.core]

# 理论研究、实践探索、培养培训、成果推广, each as an activity a studio holds under its duty
WORK = (
    (Duty.RESEARCH, Form.RESEARCH, "课堂评价课题开题"),
    (Duty.TRAINING, Form.SEMINAR, "新任校长集中研修"),
    (Duty.RADIATION, Form.FORUM, "课堂评价成果推广论坛"),
    (Duty.ADVICE, Form.SURVEY, "乡村学校师资调研"),
)


@pytest.fixture
def studio() -> Studio:
    return make_studio()


@pytest.fixture
def lead(studio: Studio):
    return acting(studio.lead)


@pytest.fixture
def member(studio: Studio):
    return acting(studio.memberships.all()[0].principal)


def overview(studio: Studio, browser: Client):
    return browser.get(studio.get_absolute_url()).context


# 由名校长领衔、骨干校长组成


def test_it_is_led_by_a_famous_principal_and_made_of_heads_with_a_ground_that_is_shown(
    studio: Studio,
) -> None:
    assert studio.lead.famous
    assert {place.basis for place in studio.memberships.all()} == {"市级名校长"}
    page = browser_of(acting(studio.lead)).get(f"{studio.get_absolute_url()}?tab=members").content.decode()
    assert page.count("市级名校长") >= 8


def test_who_is_neither_is_an_exception_that_every_reader_sees(studio: Studio) -> None:
    seat(invited(studio, make_principal(head=False), "主持学校全面工作"))
    for reader in (someone(Role.OFFICER, make_bureau()), someone(Role.OFFICER, studio.authority)):
        page = browser_of(reader).get(f"{studio.get_absolute_url()}?tab=members").content.decode()
        assert "主持学校全面工作" in page


# 集理论研究、实践探索、培养培训和成果推广于一体


def test_research_practice_training_and_spreading_are_each_filed_under_a_duty_and_counted(
    studio: Studio, lead
) -> None:
    for duty, form, title in WORK:
        held(planned(studio, duty=duty, form=form, title=title), lead)
    recorded(studio, duty=Duty.RESEARCH, kind=OutputKind.PAPER)
    lines = {line.duty: (line.held, line.outputs) for line in overview(studio, browser_of(lead))["duties"]}
    assert lines == {
        Duty.RESEARCH: (1, 1),
        Duty.TRAINING: (1, 0),
        Duty.RADIATION: (1, 0),
        Duty.ADVICE: (1, 0),
    }


def test_what_only_stands_in_the_calendar_or_was_cancelled_is_not_counted(studio: Studio, lead) -> None:
    planned(studio)
    cancelled = planned(studio, title="论坛", duty=Duty.RADIATION, form=Form.FORUM)
    take(ACTIVITY, "cancel", cancelled.pk, lead, HELD_AT, "道路结冰")
    assert not any(line.held for line in overview(studio, browser_of(lead))["duties"])


@pytest.mark.parametrize("duty", ["", "leisure"])
def test_nothing_is_filed_outside_the_four(studio: Studio, lead, duty: str) -> None:
    sent = {"studio": studio.pk, "title": "联欢", "duty": duty, "form": "other", "place": "礼堂"}
    hours = {"starts_at": "2027-04-15T09:00", "ends_at": "2027-04-15T11:00"}
    output = {"studio": studio.pk, "kind": "paper", "duty": duty, "title": "游记", "authors": "苏和"}
    browser = browser_of(lead)
    assert browser.post("/activities/new/", sent | hours).status_code == 422
    assert browser.post("/outputs/new/", output | {"level": "none", "dated": "2027-04-15"}).status_code == 422
    for rows in (
        Activity.objects.filter(pk=planned(studio).pk),
        Output.objects.filter(pk=recorded(studio).pk),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(duty=duty)


# 校长发展共同体


def test_members_read_what_their_studio_plans_does_and_makes_and_other_principals_do_not(
    studio: Studio, lead, member
) -> None:
    activity, output = held(planned(studio), lead), recorded(studio)
    for flow, row in ((ACTIVITY, activity), (OUTPUT, output)):
        assert browser_of(member).get(row.get_absolute_url()).status_code == 200
        assert browser_of(acting(make_principal())).get(row.get_absolute_url()).status_code == 404
        assert not flow.seen(someone(Role.OFFICER, make_county("敖汉旗"))).exists()


def test_it_belongs_to_all_who_build_it_the_school_and_county_of_a_member_read_it_too(
    studio: Studio, lead
) -> None:
    far = make_school(make_county("林西县"))
    activity = held(planned(studio), lead)
    county, school = someone(Role.OFFICER, far.parent), someone(Role.OFFICER, far)
    assert not ACTIVITY.seen(county).exists()
    seat(invited(studio, make_principal(far)))
    for reader in (county, school):
        assert list(ACTIVITY.seen(reader)) == [activity]


def test_work_done_together_counts_for_each_studio_that_took_part(studio: Studio, lead) -> None:
    other = make_studio()
    together = browser_of(someone(Role.OFFICER, make_bureau()))
    sent = {"title": "全市成果推广会", "duty": "radiation", "form": "forum", "place": "市教育局"}
    hours = {"starts_at": "2027-04-15T09:00", "ends_at": "2027-04-15T11:00"}
    together.post("/activities/new/", sent | hours | {"partners": [studio.pk, other.pk]})
    held(Activity.objects.get(title="全市成果推广会"), someone(Role.OFFICER, make_bureau()))
    for each in (studio, other):
        years = overview(each, browser_of(acting(each.lead)))["years"]
        assert [
            year.activities.held[Duty.RADIATION] for year in years if year.starts == date(2027, 1, 1)
        ] == [1]
