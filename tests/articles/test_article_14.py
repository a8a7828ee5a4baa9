"""第十四条　市教育局委托第三方组织名校长工作室培训、相关学术活动……: activities that are held with studios."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts.capacity import Capacity
from accounts.models import Kind, Role
from office.attachments import receive
from office.door import Refused, take
from office.models import Entry, Notice
from office.reminders import remind
from studios import activities
from studios.activities import members_of
from studios.flows import ACTIVITY
from studios.flows.activity import REPORT_WITHIN
from studios.models import Activity, ActivityState, Studio
from studios.rules.activities import PHOTO
from tests.factories.accounts import OrganisationFactory, make_bureau, make_county, make_school
from tests.factories.activities import HELD_AT, REPORT, REPORTED, held, joined, photo, reported
from tests.factories.applications import acting, browser_of, make_lead, someone
from tests.factories.studios import make_studio

pytestmark = [pytest.mark.django_db, pytest.mark.core]
TRAINING = {
    "title": "工作室领衔人专题培训",
    "duty": "training",
    "form": "seminar",
    "place": "市教师进修中心",
    "starts_at": "2027-04-15T09:00",
    "ends_at": "2027-04-15T16:00",
}


@pytest.fixture
def studio() -> Studio:
    return make_studio()


@pytest.fixture
def manager(studio: Studio) -> Capacity:
    """The manager of a third party that works for the bureau."""
    centre = OrganisationFactory(kind=Kind.THIRD_PARTY, name="北辰教育评估中心", parent=make_bureau())
    return someone(Role.MANAGER, centre)


@pytest.fixture
def training(studio: Studio, manager: Capacity) -> Activity:
    """Planned by the third party with two studios, in the browser."""
    answer = browser_of(manager).post(
        "/activities/new/", TRAINING | {"partners": [studio.pk, make_studio().pk]}
    )
    assert answer.status_code == 302
    return Activity.objects.get(title=TRAINING["title"])


def test_a_third_party_holds_a_training_with_the_bureaus_studios(
    training: Activity, manager: Capacity
) -> None:
    assert (training.organiser, training.studio, training.year) == (manager.organisation, None, None)
    assert training.partners.count() == 2
    assert Entry.objects.of(training).get().label == "安排活动"


def test_its_list_names_the_members_of_every_studio_that_takes_part(
    training: Activity, manager: Capacity
) -> None:
    asked = members_of(training)
    assert len(asked) == 16
    page = browser_of(manager).get(f"/activities/{training.pk}/report/").content.decode()
    assert all(place.principal.name in page for place in asked)


def test_it_reports_and_the_leads_of_the_studios_are_told(
    training: Activity, manager: Capacity, studio: Studio
) -> None:
    lead = acting(studio.lead)
    with pytest.raises(Refused, match="活动报告"):
        take(ACTIVITY, "hold", training.pk, manager, REPORTED)
    reported(training, manager, guests=[("白玉兰", "市教科所")], audience=60)
    receive(ACTIVITY, training.pk, photo(), slot=PHOTO, me=manager, at=REPORTED)
    assert take(ACTIVITY, "hold", training.pk, manager, REPORTED).state == ActivityState.HELD
    assert Notice.objects.filter(user=lead.user, text__contains=TRAINING["title"]).exists()


def test_a_held_one_counts_for_each_studio_that_took_part(
    training: Activity, manager: Capacity, studio: Studio
) -> None:
    held(training, manager)
    page = browser_of(acting(studio.lead)).get(studio.get_absolute_url())
    first = page.context["years"][0]
    assert (first.activities.number, first.activities.held["training"]) == (1, 1)


def test_studios_read_it_and_write_nothing_into_it(training: Activity, studio: Studio) -> None:
    for reader in (
        acting(studio.lead),
        someone(Role.OFFICER, make_bureau()),
        someone(Role.OFFICER, studio.school),
    ):
        assert browser_of(reader).get(training.get_absolute_url()).status_code == 200
        with pytest.raises(PermissionDenied):
            take(ACTIVITY, "cancel", training.pk, reader, HELD_AT, "不办了")
        with pytest.raises(PermissionDenied):
            activities.report(training.pk, {}, "", reader)


def test_the_third_party_sees_what_it_holds_and_no_studios_own_work(
    training: Activity, manager: Capacity, studio: Studio
) -> None:
    lead = acting(studio.lead)
    own = browser_of(lead).post("/activities/new/", TRAINING | {"title": "工作室例会", "studio": studio.pk})
    assert own.status_code == 302
    assert list(ACTIVITY.seen(manager)) == [training]
    assert browser_of(manager).get(own.url).status_code == 404


def test_another_third_party_neither_sees_nor_joins(training: Activity) -> None:
    stranger = OrganisationFactory(kind=Kind.THIRD_PARTY, name="远山评估所", parent=make_bureau())
    assert browser_of(someone(Role.MANAGER, stranger)).get(training.get_absolute_url()).status_code == 404


def test_one_that_works_for_a_county_holds_activities_with_that_countys_studios_alone(studio: Studio) -> None:
    place = make_county("敖汉旗")
    theirs = make_studio(make_lead(name="高娃", school=make_school(place)))
    centre = OrganisationFactory(kind=Kind.THIRD_PARTY, name="敖汉旗评估中心", parent=place)
    browser = browser_of(someone(Role.MANAGER, centre))
    assert browser.post("/activities/new/", TRAINING | {"partners": [studio.pk]}).status_code == 422
    assert browser.post("/activities/new/", TRAINING | {"partners": [theirs.pk]}).status_code == 302


def test_an_assessor_who_only_scores_plans_nothing(manager: Capacity) -> None:
    assessor = someone(Role.ASSESSOR, manager.organisation)
    assert browser_of(assessor).get("/activities/new/").status_code == 403


def test_the_bureau_holds_academic_activities_itself(studio: Studio) -> None:
    bureau = someone(Role.OFFICER, make_bureau())
    forum = held(joined(make_bureau(), bureau, [studio], "全市校长论坛"), bureau, audience=120)
    assert (forum.state, forum.report, forum.audience) == (ActivityState.HELD, REPORT, 120)
    assert browser_of(acting(studio.lead)).get(forum.get_absolute_url()).status_code == 200


def test_whoever_holds_it_is_reminded_of_the_report(
    training: Activity, manager: Capacity, studio: Studio
) -> None:
    lead = acting(studio.lead)
    remind(training.ends_at + REPORT_WITHIN)
    told = Notice.objects.filter(text__contains="请填写活动报告")
    assert [notice.user for notice in told] == [manager.user]
    assert not told.filter(user=lead.user).exists()
