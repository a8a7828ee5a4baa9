"""Activities on screen: lists, calendar, case page, two people on one form, hostile files, a lost connection."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.models import Area, Role
from office.attachments import receive, slots
from office.models import Attachment
from studios import activities
from studios.files import LONGEST
from studios.flows import ACTIVITY
from studios.models import Activity, Duty, Form
from studios.rules.activities import EVIDENCE, PHOTO
from tests.factories.accounts import make_bureau, make_county, make_school
from tests.factories.activities import HELD_AT, REPORT, REPORTED, held, joined, photo, planned, reported
from tests.factories.applications import acting, browser_of, make_lead, someone
from tests.factories.studios import make_studio
from tests.office.hostile import pdf, picture

pytestmark = [pytest.mark.django_db, pytest.mark.core]


@pytest.fixture
def studio():
    return make_studio()


@pytest.fixture
def lead(studio):
    return acting(studio.lead)


def upload(browser, activity, *files, slot=PHOTO):
    """As the browser without script sends them: several at once."""
    address = f"/files/activity/{activity.pk}/"
    data = {"slot": slot, f"file-{slot}": list(files)}
    return [str(each) for each in browser.post(address, data, follow=True).context["messages"]]


# --- files ------------------------------------------------------------------------------------------


def test_a_photo_is_bounded_and_says_no_more_where_it_was_taken(studio, lead):
    activity = planned(studio)
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (42.0, 16.0, 1.0)}
    receive(
        ACTIVITY, activity.pk, photo(size=(4000, 3000), exif=exif.tobytes()), slot=PHOTO, me=lead, at=REPORTED
    )
    with Image.open(slots(activity)[PHOTO][0].file) as kept:
        assert kept.size == (LONGEST, LONGEST * 3 // 4)
        assert not dict(kept.getexif())


def test_forty_megapixels_an_exe_and_25_mb_are_answered_and_nothing_else_is_lost(studio, lead):
    activity = reported(planned(studio), lead)
    told = upload(
        browser_of(lead),
        activity,
        photo("大图.jpg", size=(7300, 5500)),
        SimpleUploadedFile("照片.jpg", b"MZ\x90\x00" + b"\x00" * 500),
        SimpleUploadedFile("很大.jpg", picture() + b"\x00" * 25 * 1024 * 1024),
        photo("合影.jpg"),
    )
    assert told[0] == "已上传“大图.jpg”。"
    assert "“照片.jpg”不是允许的文件类型" in told[1]
    assert "“很大.jpg”超过 20 MB" in told[2]
    assert told[3] == "已上传“合影.jpg”。"
    activity.refresh_from_db()
    assert activity.report == REPORT
    assert [each.name for each in slots(activity)[PHOTO]] == ["大图.jpg", "合影.jpg"]


def test_the_place_for_photos_takes_no_papers_the_one_for_proofs_does(studio, lead):
    activity = planned(studio)
    browser = browser_of(lead)
    assert "不是照片" in upload(browser, activity, SimpleUploadedFile("通知.pdf", pdf()))[0]
    assert upload(browser, activity, SimpleUploadedFile("通知.pdf", pdf()), slot=EVIDENCE) == [
        "已上传“通知.pdf”。"
    ]


def test_a_photo_sent_again_after_a_lost_connection_is_there_once(studio, lead):
    activity = planned(studio)
    browser = browser_of(lead)
    for _ in range(2):
        assert upload(browser, activity, photo("合影.jpg")) == ["已上传“合影.jpg”。"]
    assert len(slots(activity)[PHOTO]) == 1


def test_previews_are_small_and_for_whoever_sees_the_activity(studio, lead):
    activity = held(planned(studio), lead)
    kept = Attachment.objects.get(slot=PHOTO)
    answer = browser_of(lead).get(f"/files/{kept.pk}/preview/")
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Cache-Control"] == "private, no-store"
    stranger = someone(Role.OFFICER, make_school())
    assert browser_of(stranger).get(f"/files/{kept.pk}/preview/").status_code == 404
    page = browser_of(lead).get(activity.get_absolute_url()).content.decode()
    assert f'src="/files/{kept.pk}/preview/"' in page
    assert 'loading="lazy"' in page


def test_what_is_filed_takes_no_more_files(studio, lead):
    activity = held(planned(studio), lead)
    address, data = f"/files/activity/{activity.pk}/", {"slot": PHOTO, "file-photo": photo("晚到.jpg")}
    assert browser_of(lead).post(address, data, headers={"X-Upload": "1"}).status_code == 403


# --- forms ------------------------------------------------------------------------------------------


def details(activity, **more):
    return {
        "studio": activity.studio_id,
        "title": activity.title,
        "duty": activity.duty,
        "form": activity.form,
        "place": activity.place,
        "starts_at": "2027-04-15T09:00",
        "ends_at": "2027-04-15T12:00",
    } | more


def test_two_people_on_one_plan_of_an_activity(studio, lead):
    activity = planned(studio)
    browser, address = browser_of(lead), f"/activities/{activity.pk}/edit/"
    read = browser.get(address).context["version"]
    assert browser.post(address, details(activity, place="操场", version=read)).status_code == 302
    late = browser.post(address, details(activity, place="礼堂", version=read))
    assert late.status_code == 409
    assert "没有覆盖" in late.content.decode()
    assert "礼堂" in late.content.decode()
    activity.refresh_from_db()
    assert activity.place == "操场"


def test_the_same_plan_sent_twice_is_there_once(studio, lead):
    activity = planned(studio)
    again = browser_of(lead).post("/activities/new/", details(activity), follow=True)
    assert "没有重复登记" in again.content.decode()
    assert Activity.objects.count() == 1


def test_a_report_saves_by_itself_and_an_answer_lost_on_the_way_is_no_conflict(studio, lead):
    activity = planned(studio)
    browser, address = browser_of(lead), f"/activities/{activity.pk}/report/"
    page = browser.get(address)
    present = [each.pk for each in activities.members_of(activity)][1:]
    sent = {
        "version": page.context["version"],
        "report": REPORT,
        "audience": "30",
        "present": present,
        "guests": "韩雪峰 赤峰市教师进修中心\n白玉兰、市教科所",
    }
    quiet = {"X-Autosave": "1"}
    first = browser.post(address, sent, headers=quiet)
    again = browser.post(address, sent, headers=quiet)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json()["version"] == again.json()["version"]
    rows = activity.attendances.filter(present=True)
    assert rows.count() == len(present) + 2
    assert rows.get(name="白玉兰").unit == "市教科所"
    other = browser.post(address, sent | {"report": "另一台手机写的"}, headers=quiet)
    assert other.status_code == 409
    assert "没有覆盖" in other.json()["message"]


def test_schools_are_found_by_name_and_marked(studio, lead):
    activity = planned(studio, duty=Duty.RADIATION, form=Form.PAIRING)
    school = make_school(name="柳条沟小学", area=Area.RURAL)
    browser, address = browser_of(lead), f"/activities/{activity.pk}/schools/"
    found = browser.get(address, {"find": "柳条沟"}).content.decode()
    assert "乡村" in found
    browser.post(address, {"add": school.pk})
    assert list(activity.schools.all()) == [school]
    browser.post(address, {"remove": school.pk})
    assert not activity.schools.exists()


# --- lists, calendar, costs -----------------------------------------------------------------------


def test_the_list_finds_help_to_rural_schools_and_the_sheet_says_the_same(studio, lead):
    rural = planned(studio, title="送教到柳条沟", duty=Duty.RADIATION, form=Form.PAIRING)
    activities.add_school(rural.pk, make_school(name="柳条沟小学", area=Area.RURAL).pk, lead, HELD_AT)
    planned(studio)
    browser = browser_of(someone(Role.OFFICER, make_bureau()))
    page = browser.get("/activities/", {"help": "rural"}).content.decode()
    assert "送教到柳条沟" in page
    assert "课堂评价集中研修" not in page
    assert browser.get("/activities/", {"export": "xlsx"}).status_code == 200
    assert "课堂评价集中研修" in browser.get("/activities/", {"since": "2027-04-15"}).content.decode()
    assert "课堂评价集中研修" not in browser.get("/activities/", {"since": "2027-04-16"}).content.decode()


def test_the_calendar_shows_a_month_of_what_one_sees(studio, lead):
    planned(studio)
    county = someone(Role.OFFICER, studio.authority)
    joined(studio.authority, county, [studio])
    page = browser_of(lead).get("/activities/calendar/", {"month": "2027-04"}).content.decode()
    assert "课堂评价集中研修" in page
    assert "全旗联合教研" in page
    assert (
        "这个月没有活动"
        in browser_of(lead).get("/activities/calendar/", {"month": "2027-05"}).content.decode()
    )
    assert browser_of(lead).get("/activities/calendar/", {"month": "不是月份"}).status_code == 200


def test_the_calendar_is_narrowed_to_a_studio_a_county_or_a_duty(studio, lead):
    planned(studio)
    joined(studio.authority, someone(Role.OFFICER, studio.authority), [studio])
    other = make_studio(make_lead(name="哈斯", school=make_school(make_county("松山区"))))
    planned(other, title="松山区的研修")
    browser = browser_of(someone(Role.OFFICER, make_bureau()))

    def shown(**query):
        days = browser.get("/activities/calendar/", {"month": "2027-04", **query}).context["days"]
        return {activity.title for day in days for activity in day["activities"]}

    assert shown(studio=studio.pk) == {"课堂评价集中研修", "全旗联合教研"}
    assert shown(county=other.authority_id) == {"松山区的研修"}
    assert shown(studio=other.pk, duty=Duty.TRAINING) == {"松山区的研修"}
    assert shown(studio=other.pk, duty=Duty.RESEARCH) == set()
    assert shown(studio=studio.pk + other.pk + 1000) == set()
    assert len(shown()) == 3


def several(studio, lead, number):
    for place in range(number):
        activity = planned(studio, title=f"第{place}次研修", starts_at=HELD_AT + timedelta(minutes=place))
        activities.add_school(activity.pk, make_school().pk, lead, HELD_AT)
        reported(activity, lead)


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_for_one_activity_and_for_three(
    studio, lead, number, django_assert_num_queries
):
    several(studio, lead, number)
    browser = browser_of(someone(Role.OFFICER, make_bureau()))
    browser.get("/activities/")
    with django_assert_num_queries(8):
        browser.get("/activities/")


@pytest.mark.parametrize("number", [1, 3])
def test_the_calendar_costs_the_same(studio, lead, number, django_assert_num_queries):
    several(studio, lead, number)
    browser = browser_of(someone(Role.OFFICER, make_bureau()))
    browser.get("/activities/calendar/?month=2027-04")
    with django_assert_num_queries(7):
        browser.get("/activities/calendar/?month=2027-04")


@pytest.mark.parametrize("photos", [1, 20])
def test_a_case_page_costs_the_same_with_twenty_photos(studio, lead, photos, django_assert_num_queries):
    activity = reported(planned(studio), lead)
    for place in range(photos):
        receive(
            ACTIVITY, activity.pk, photo(f"{place}.jpg", (40 + place, 30)), slot=PHOTO, me=lead, at=REPORTED
        )
    browser = browser_of(lead)
    for tab, cost in (("details", 13), ("attendance", 11), ("schools", 13), ("files", 12)):
        address = f"{activity.get_absolute_url()}?tab={tab}"
        browser.get(address)
        with django_assert_num_queries(cost):
            browser.get(address)
