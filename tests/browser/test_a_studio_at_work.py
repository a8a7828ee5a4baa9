"""A studio at work, in the windows of its people: photos filed from a telephone; a plan filed, returned, amended (Art. 8, 16)."""

from __future__ import annotations

import io
import re

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, FilePayload, Page, expect

from office.attachments import slots
from studios.files import LONGEST
from studios.models import Activity, ActivityState, Duty, FiledState, Plan, PlanKind, Studio
from studios.progress import items_of
from tests.browser.hands import PHONE, enter, fill_section, from_the_desk, known, step
from tests.browser.visit import OVERFLOW
from tests.office.hostile import picture

pytestmark = pytest.mark.browser
REPORT = "集中听评课六节，围绕作业设计交流三小时，形成下一步改进清单。"


def snap(name: str, shade: int) -> FilePayload:
    """What a telephone makes: large, with the place where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6  # held upright
    exif[0x8825] = {1: "N", 2: (42.0, 16.0, 1.0), 3: "E", 4: (118.0, 53.0, 0.0)}
    content = picture(size=(4000, 3000), color=(shade, 90, 60), exif=exif.tobytes())
    with Image.open(io.BytesIO(content)) as made:
        assert made.getexif().get_ifd(0x8825), "the picture says where it was taken"
    return {"name": name, "mimeType": "image/jpeg", "buffer": content}


def fits(page: Page) -> None:
    assert page.evaluate(OVERFLOW) <= 0, page.url


def test_a_principal_files_an_activity_with_three_photos_from_a_telephone(
    site: str, browser: Browser
) -> None:
    page = enter(browser, site, "lead", viewport=PHONE)
    plan_on_the_telephone(page)
    activity = Activity.objects.get(title="作业设计集中研修")

    page.get_by_role("link", name="填写活动报告").first.click()
    page.fill("[name=report]", REPORT)
    page.fill("[name=audience]", "26")
    expect(page.locator("[data-autosave-state]")).to_have_text(re.compile("已自动保存"))
    fits(page)
    photos = [snap("IMG_2041.JPG", 10), snap("IMG_2042.JPG", 90), snap("IMG_2043.JPG", 170)]
    page.set_input_files("#upload-file-photo", photos)
    expect(page.locator("ul.files li:has-text('刚刚上传')")).to_have_count(3)
    fits(page)

    page.get_by_role("link", name="都已填好，去登记").click()
    step(page, "登记为已开展")
    expect(page.locator("main img[src$='/preview/']")).to_have_count(3)
    fits(page)
    activity.refresh_from_db()
    assert (activity.state, activity.report, activity.audience) == (ActivityState.HELD, REPORT, 26)
    kept = slots(activity)["photo"]
    assert sorted(each.name for each in kept) == ["IMG_2041.jpg", "IMG_2042.jpg", "IMG_2043.jpg"]
    for photo in kept:
        with Image.open(photo.file) as stored:
            assert stored.size == (LONGEST * 3 // 4, LONGEST), "smaller, and upright as it was held"
            assert not dict(stored.getexif())
        photo.file.seek(0)
        assert b"Exif" not in photo.file.read()


def plan_on_the_telephone(page: Page) -> None:
    """The lead enters today's activity."""
    page.goto("/activities/new/")
    page.fill("[name=title]", "作业设计集中研修")
    page.select_option("[name=duty]", Duty.TRAINING)
    page.select_option("[name=form]", "seminar")
    page.fill("[name=place]", "兴安初级中学会议室")
    today = timezone.localdate()
    page.fill("[name=starts_at]", f"{today}T00:00")
    page.fill("[name=ends_at]", f"{today}T23:30")
    fits(page)
    page.get_by_role("button", name="保存").click()
    expect(page.locator("h1")).to_contain_text("作业设计集中研修")
    fits(page)


TASKS = {
    Duty.RESEARCH: "课堂评价课题研究",
    Duty.TRAINING: "中青年校长集中研修",
    Duty.RADIATION: "到乡村学校送教",
    Duty.ADVICE: "幼小衔接调研报告",
}


def rows(tasks: dict[Duty, str]) -> list[dict[str, str]]:
    return [{"duty": duty, "task": task, "target": "一次"} for duty, task in tasks.items()]


def test_a_lead_files_the_annual_plan_is_returned_amends_and_the_difference_is_shown(
    site: str, browser: Browser
) -> None:
    studio = Studio.objects.select_related("lead__user").get(lead__name="萨仁图雅")
    plan = Plan.objects.get(studio=studio, kind=PlanKind.ANNUAL)
    lead, officer = enter(browser, site, known(studio.lead.user)), enter(browser, site, "bureau")

    from_the_desk(lead, str(plan.name))
    fill_section(
        lead, f"/plans/{plan.pk}/form/aims/", {"aims": "形成园本评价办法一套", "link": "规划第一年任务"}
    )
    fill_tasks(lead, plan, TASKS)
    lead.goto(plan.get_absolute_url())
    step(lead, "备案")

    officer.goto(plan.get_absolute_url())
    step(officer, "退回修改", "示范辐射任务请写明学校")

    from_the_desk(lead, str(plan.name))
    expect(lead.locator("main")).to_contain_text("示范辐射任务请写明学校")
    mended = TASKS | {Duty.RADIATION: "到柳条沟幼儿园送教"}
    fill_tasks(lead, plan, mended)
    lead.goto(plan.get_absolute_url())
    step(lead, "备案")

    step(lead, "调整", "增加一次面向全市的论坛")
    fill_tasks(lead, plan, mended | {Duty.ADVICE: "幼小衔接调研报告两篇"})
    lead.goto(plan.get_absolute_url())
    step(lead, "备案")

    officer.goto(f"{plan.get_absolute_url()}?tab=changes")
    table = officer.locator("table", has=officer.get_by_text("幼小衔接调研报告两篇"))
    changed = table.locator("tr", has_text="幼小衔接调研报告两篇")
    before, after = (changed.locator("td").nth(place) for place in (1, 2))
    expect(before).to_contain_text("幼小衔接调研报告")
    expect(before).not_to_contain_text("两篇")
    expect(after).to_contain_text("幼小衔接调研报告两篇")
    expect(officer.locator("main")).to_contain_text("增加一次面向全市的论坛")
    officer.set_viewport_size(PHONE)
    fits(officer)
    plan.refresh_from_db()
    assert plan.state == FiledState.FILED
    assert [version.reason for version in plan.versions.order_by("number")] == [
        "",
        "",
        "增加一次面向全市的论坛",
    ]
    assert [(row.item.task, row.item.dropped) for row in items_of(plan)] == [
        (task, False) for task in (mended | {Duty.ADVICE: "幼小衔接调研报告两篇"}).values()
    ]


def fill_tasks(page: Page, plan: Plan, tasks: dict[Duty, str]) -> None:
    """The tasks of the plan, the last section of its form."""
    page.goto(f"/plans/{plan.pk}/form/items/")
    for number, row in enumerate(rows(tasks)):
        if not page.locator(f"[name='items-{number}-task']").count():
            page.get_by_role("button", name=re.compile("^增加一项")).click()
        page.select_option(f"[name='items-{number}-duty']", row["duty"])
        page.fill(f"[name='items-{number}-task']", row["task"])
        page.fill(f"[name='items-{number}-target']", row["target"])
    page.get_by_role("button", name="保存").last.click()
    expect(page.locator("main")).to_contain_text("已保存")
