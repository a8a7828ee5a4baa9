"""A hostile day in a studio: two people on one plan, the telephone without a network, files that are none. Nothing is lost,
nothing is there twice, and each is told in plain words.
"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, expect

from accounts.capacity import Capacity
from accounts.models import Appointment, Role
from office.attachments import slots
from portal.demo.cast import PASSWORD
from studios import activities, staffing
from studios.models import Activity, Duty, Form, Plan, PlanKind, Staff, StaffKind, Studio
from tests.browser.hands import PHONE, enter, known
from tests.office.hostile import picture

pytestmark = pytest.mark.browser
REPORT = "走进课堂听课六节，与教师座谈，就课堂评价提出三条建议。"


@pytest.fixture
def studio(demonstration: str) -> Studio:
    return Studio.objects.select_related("lead__user").get(lead__name="何建堃")


@pytest.fixture
def activity(studio: Studio) -> Activity:
    """Begun today, still to be reported."""
    now = timezone.now()
    row = Activity(
        studio=studio,
        title=f"听评课{Activity.objects.count()}",
        duty=Duty.TRAINING,
        form=Form.SEMINAR,
        place="兴安初级中学",
        starts_at=now - timedelta(minutes=5),
        ends_at=now + timedelta(hours=2),
    )
    lead = studio.lead.user
    held = Appointment.objects.get(user=lead, role=Role.PRINCIPAL)
    return activities.plan(row, (), Capacity(lead, held), now)


def saved(page: Page) -> None:
    expect(page.locator("[data-autosave-state]")).to_have_text(re.compile("已自动保存"), timeout=20_000)


def uploads(page: Page) -> Locator:
    return page.locator(".upload-list").first


def test_two_people_edit_one_plan_and_the_later_is_shown_both(site: str, browser: Browser) -> None:
    studio = Studio.objects.select_related("lead__user").get(lead__name="萨仁图雅")
    plan = Plan.objects.get(studio=studio, kind=PlanKind.ANNUAL)
    lead = enter(browser, site, known(studio.lead.user))
    assistant = enter(browser, site, let_draft(studio))
    address = f"/plans/{plan.pk}/form/aims/"
    for page in (lead, assistant):
        page.goto(address)
    lead.fill("[name=aims]", "领衔人写的目标")
    saved(lead)

    assistant.fill("[name=aims]", "助理写的目标")
    notice = assistant.locator("[data-autosave-notice]")
    expect(notice).to_contain_text("已在别处改过")
    expect(notice.locator("td")).to_contain_text(["助理写的目标", "领衔人写的目标"])
    assert aims(plan) == "领衔人写的目标", "nothing is overwritten unasked"
    assert assistant.locator("[name=aims]").input_value() == "助理写的目标", "and nothing typed is lost"

    notice.get_by_role("button", name="以我的内容为准").click()
    saved(assistant)
    assert aims(plan) == "助理写的目标"


def let_draft(studio: Studio) -> str:
    """An assistant whom the lead lets draft; the name they log in with."""
    me = Capacity(studio.lead.user, Appointment.objects.get(user=studio.lead.user, role=Role.PRINCIPAL))
    user = Appointment.objects.filter(role=Role.OFFICER, organisation=studio.school)[0].user
    row = Staff(
        studio=studio, kind=StaffKind.ASSISTANT, name=user.name, user=user, starts=timezone.localdate()
    )
    staffing.keep(row, me, timezone.now())
    staffing.let_draft(row, True, me, timezone.now())
    return known(user)


def aims(plan: Plan) -> str:
    return str(Plan.objects.get(pk=plan.pk).content["aims"]["aims"])


def test_a_telephone_that_loses_its_connection_loses_no_word_and_doubles_none(
    site: str, browser: Browser, activity: Activity
) -> None:
    page = enter(browser, site, "lead", viewport=PHONE)
    page.goto(f"/activities/{activity.pk}/report/")
    page.context.set_offline(True)
    page.fill("[name=report]", REPORT)
    page.fill("[name=guests]", "韩雪峰 赤峰市教师进修中心")
    expect(page.locator("[data-autosave-state]")).to_have_text(
        "连接不上，内容留在本机，稍后自动再存", timeout=10_000
    )
    activity.refresh_from_db()
    assert activity.report == ""

    page.context.set_offline(False)
    saved(page)
    activity.refresh_from_db()
    assert activity.report == REPORT
    assert activity.attendances.filter(name="韩雪峰").count() == 1


def test_words_that_never_got_through_are_back_when_the_page_is_opened_again(
    site: str, browser: Browser, activity: Activity
) -> None:
    page = enter(browser, site, "lead", viewport=PHONE)
    address = f"/activities/{activity.pk}/report/"
    page.goto(address)
    page.context.set_offline(True)
    page.fill("[name=report]", REPORT)
    expect(page.locator("[data-autosave-state]")).to_contain_text("内容留在本机", timeout=10_000)
    lost = page.context.new_page()
    page.close()
    lost.context.set_offline(False)
    lost.goto(address)
    expect(lost.locator("[data-autosave-notice]")).to_contain_text("没有来得及保存的内容")
    assert lost.locator("[name=report]").input_value() == REPORT
    saved(lost)
    activity.refresh_from_db()
    assert activity.report == REPORT


def test_photos_cut_off_on_the_way_are_sent_again_by_themselves_and_are_there_once(
    site: str, browser: Browser, activity: Activity
) -> None:
    page = enter(browser, site, "lead", viewport=PHONE)
    page.goto(f"/activities/{activity.pk}/report/")
    page.context.set_offline(True)
    photos = [
        {"name": f"{number}.jpg", "mimeType": "image/jpeg", "buffer": picture(size=(800 + number, 600))}
        for number in (1, 2, 3)
    ]
    page.set_input_files("#upload-file-photo", photos)
    expect(uploads(page).locator("li")).to_contain_text(["没有传上去。网络恢复后会自动再传。"] * 3)
    assert slots(activity) == {}
    page.context.set_offline(False)
    expect(page.locator("ul.files li:has-text('刚刚上传')")).to_have_count(3)
    expect(uploads(page).locator("li")).to_have_count(0)
    assert sorted(each.name for each in slots(activity)["photo"]) == ["1.jpg", "2.jpg", "3.jpg"]


def test_a_huge_photo_an_exe_and_25_mb_are_each_told_and_the_rest_is_kept(
    site: str, browser: Browser, activity: Activity
) -> None:
    page = enter(browser, site, "lead", viewport=PHONE)
    page.goto(f"/activities/{activity.pk}/report/")
    page.fill("[name=report]", REPORT)
    saved(page)
    files = {
        "四千万像素.jpg": picture(size=(7300, 5500)),
        "照片.jpg": b"MZ\x90\x00" + b"\x00" * 500,
        "很大.jpg": picture() + b"\x00" * 25 * 1024 * 1024,
    }
    sent = [{"name": name, "mimeType": "image/jpeg", "buffer": content} for name, content in files.items()]
    page.set_input_files("#upload-file-photo", sent)
    expect(page.locator("ul.files li:has-text('四千万像素.jpg')")).to_have_count(1, timeout=20_000)
    told = uploads(page).locator("li")
    expect(told.filter(has_text="照片.jpg")).to_contain_text("不是允许的文件类型")
    expect(told.filter(has_text="很大.jpg")).to_contain_text("超过 20 MB")
    assert [each.name for each in slots(activity)["photo"]] == ["四千万像素.jpg"]
    activity.refresh_from_db()
    assert activity.report == REPORT


def test_what_was_pressed_twice_because_nothing_seemed_to_happen_is_there_once(
    site: str, browser: Browser, studio: Studio
) -> None:
    page = enter(browser, site, "lead", password=PASSWORD, viewport=PHONE)
    page.goto("/outputs/new/")
    today = timezone.localdate()
    for name, value in {"title": "让评价回到课堂", "authors": "何建堃", "dated": str(today)}.items():
        page.fill(f"[name={name}]", value)
    page.select_option("[name=kind]", "paper")
    page.select_option("[name=duty]", Duty.RESEARCH)
    page.select_option("[name=level]", "city")
    page.get_by_role("button", name="保存").click()
    expect(page).to_have_url(re.compile(r"/outputs/\d+/"))
    page.go_back()
    page.get_by_role("button", name="保存").click()
    expect(page.locator("main, .note, [role=status]").first).to_be_visible()
    expect(page.get_by_text("没有重复登记")).to_be_visible()
    assert studio.outputs.filter(title="让评价回到课堂").count() == 1
