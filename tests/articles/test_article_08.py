"""第八条: what a studio does under its four duties is planned, held and reported."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Area, Role
from office.attachments import receive
from office.door import Refused, take
from office.models import Entry, Notice
from office.reminders import remind
from studios import activities
from studios.flows import ACTIVITY
from studios.models import FORMS, Activity, ActivityState, Diagnosis, Duty, Form
from studios.rules.activities import EVIDENCE
from tests.factories.accounts import make_bureau, make_county, make_principal, make_school
from tests.factories.activities import HELD_AT, REPORTED, diagnosed, held, photo, planned, reported
from tests.factories.applications import acting, browser_of, someone
from tests.factories.studios import make_studio

pytestmark = [pytest.mark.django_db, pytest.mark.core]
FORM = {
    "title": "走进柳条沟小学",
    "duty": "radiation",
    "form": "diagnosis",
    "place": "柳条沟小学",
    "starts_at": "2027-04-15T09:00",
    "ends_at": "2027-04-15T16:00",
    "purpose": "听课、座谈、查看作业",
}


@pytest.fixture
def studio():
    return make_studio()


@pytest.fixture
def lead(studio):
    return acting(studio.lead)


def test_each_duty_has_its_forms_and_every_form_belongs_to_a_duty():
    assert set(FORMS) == set(Duty.values)
    assert {form for offered in FORMS.values() for form in offered} == set(Form)


def test_the_lead_plans_an_activity_filed_under_the_year_of_its_day(studio, lead):
    answer = browser_of(lead).post("/activities/new/", FORM | {"studio": studio.pk})
    activity = Activity.objects.get()
    assert answer.url == activity.get_absolute_url()
    assert (activity.year.number, activity.state) == (1, ActivityState.PLANNED)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"form": "placement"}, "示范辐射”的活动形式有"),
        ({"starts_at": "2030-04-15T09:00", "ends_at": "2030-04-15T10:00"}, "不在工作室的建设周期内"),
        ({"ends_at": "2027-04-14T09:00"}, "应晚于开始时间"),
    ],
)
def test_what_does_not_fit_is_said_beside_the_field_and_nothing_is_lost(studio, lead, change, words):
    answer = browser_of(lead).post("/activities/new/", FORM | {"studio": studio.pk} | change)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page
    assert "听课、座谈、查看作业" in page
    assert not Activity.objects.exists()


def test_held_needs_report_attendance_and_a_proof_with_the_article(studio, lead):
    activity = planned(studio)
    with pytest.raises(Refused) as refusal:
        take(ACTIVITY, "hold", activity.pk, lead, REPORTED)
    assert [lack.article for lack in refusal.value.missing] == [8, 8, 8]
    assert "活动报告" in str(refusal.value)
    assert "出勤" in str(refusal.value)
    assert "照片或佐证材料" in str(refusal.value)
    assert held(activity, lead).state == ActivityState.HELD


def test_nothing_is_held_before_it_began(studio, lead):
    activity = planned(studio)
    reported(activity, lead)
    receive(ACTIVITY, activity.pk, photo(), slot=EVIDENCE, me=lead, at=HELD_AT)
    with pytest.raises(Refused, match="开始后才能登记"):
        take(ACTIVITY, "hold", activity.pk, lead, HELD_AT - timedelta(minutes=1))
    take(ACTIVITY, "hold", activity.pk, lead, HELD_AT)


def test_it_waits_on_the_leads_desk_from_its_beginning(studio, lead):
    planned(studio)
    assert not ACTIVITY.waiting(lead, HELD_AT - timedelta(hours=1)).exists()
    assert ACTIVITY.waiting(lead, HELD_AT).exists()


def test_a_cancelled_activity_says_why_and_takes_no_more_words(studio, lead):
    activity = planned(studio)
    with pytest.raises(Refused, match="意见"):
        take(ACTIVITY, "cancel", activity.pk, lead, HELD_AT)
    take(ACTIVITY, "cancel", activity.pk, lead, HELD_AT, "道路结冰，另行安排")
    with pytest.raises(activities.Closed):
        activities.report(activity.pk, {}, "", lead)


def test_a_visit_reports_on_each_school_and_later_what_came_of_it(studio, lead):
    rural = make_school(name="柳条沟小学", area=Area.RURAL, weak=True)
    visit = planned(studio, duty=Duty.RADIATION, form=Form.DIAGNOSIS)
    reported(visit, lead)
    receive(ACTIVITY, visit.pk, photo(), slot=EVIDENCE, me=lead, at=REPORTED)
    with pytest.raises(Refused, match="还没有登记学校"):
        take(ACTIVITY, "hold", visit.pk, lead, REPORTED)
    activities.add_school(visit.pk, rural.pk, lead, REPORTED)
    with pytest.raises(Refused, match="柳条沟小学的诊断报告"):
        take(ACTIVITY, "hold", visit.pk, lead, REPORTED)
    found = diagnosed(visit, rural, lead)
    take(ACTIVITY, "hold", visit.pk, lead, REPORTED)
    browser = browser_of(lead)
    address = f"/activities/{visit.pk}/schools/{rural.pk}/"
    version = browser.get(address).context["version"]
    sent = {"version": version, "follow_up_on": "2027-06-01", "outcome": "作业已减三成", "findings": "改写"}
    assert browser.post(address, sent).status_code == 302
    found.refresh_from_db()
    assert (found.outcome, found.findings) == ("作业已减三成", "作业量偏大")
    assert Entry.objects.of(visit).filter(label="柳条沟小学诊断报告", facts__has_key="回访结果").exists()
    page = browser.get(f"{visit.get_absolute_url()}?tab=schools").content.decode()
    assert "乡村" in page
    assert "薄弱" in page


def test_a_school_taken_off_loses_its_report_before_the_visit_is_filed(studio, lead):
    school = make_school()
    visit = planned(studio, duty=Duty.RADIATION, form=Form.DIAGNOSIS)
    activities.add_school(visit.pk, school.pk, lead, REPORTED)
    diagnosed(visit, school, lead)
    activities.remove_school(visit.pk, school.pk, lead, REPORTED)
    assert not Diagnosis.objects.exists()


def test_a_week_after_its_end_the_lead_is_reminded_once(studio, lead):
    activity = planned(studio)
    for hours in (0, 2, 24):
        remind(activity.ends_at + timedelta(days=7, hours=hours))
    assert Notice.objects.filter(user=lead.user, text__contains="请填写活动报告").count() == 1


def test_who_holds_the_studio_sees_it_and_only_its_people_write(studio, lead):
    activity = planned(studio)
    county, stranger = someone(Role.OFFICER, studio.authority), acting(make_principal())
    for reader in (county, someone(Role.OFFICER, make_bureau()), someone(Role.OFFICER, studio.school)):
        assert ACTIVITY.seen(reader).filter(pk=activity.pk).exists()
        with pytest.raises(PermissionDenied):
            take(ACTIVITY, "hold", activity.pk, reader, REPORTED)
    for outsider in (stranger, someone(Role.OFFICER, make_county("敖汉旗"))):
        with pytest.raises(Activity.DoesNotExist):
            take(ACTIVITY, "hold", activity.pk, outsider, REPORTED)
