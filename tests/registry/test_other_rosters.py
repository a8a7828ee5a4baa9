"""Holidays, rubrics and experts out of sheets as bureaus have them."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import Appointment, Role, User
from applications.models import Expert
from evaluations.defaults import lay as lay_rubric
from evaluations.models import Rubric
from evaluations.trees import lines, new_version
from office.models import Entry
from portal.registry import holiday_words
from programmes.ground import lay as lay_programme
from programmes.models import Holiday
from tests.factories.accounts import make_capacity, make_principal
from tests.registry.importing import confirm, given, marks, sheet_of

pytestmark = [pytest.mark.django_db, pytest.mark.core]


@pytest.fixture
def programme(cast):
    return lay_programme(cast.bureau.organisation)


# --- holidays -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "off", "worked"),
    [
        (
            "10月1日（周四）至7日（周三）放假调休，共7天。9月27日（周日）、10月10日（周六）上班。",
            7,
            ["9-27", "10-10"],
        ),
        ("1月1日放假，与周末连休", 1, []),
        ("2026年12月31日至1月2日", 3, []),
        ("2026-10-01至2026-10-07", 7, []),
        ("10.1-10.7", 7, []),
        ("5月1日-5日", 5, []),
        ("9月28日，10月11日上班", 0, ["9-28", "10-11"]),
        ("2026-10-10", 1, []),
        ("", 0, []),
    ],
)
def test_a_schedule_is_understood_as_the_notice_words_it(text: str, off: int, worked: list[str]) -> None:
    plan = holiday_words.read(text, 2026, worked=False)
    assert sum(not at_work for at_work in plan.values()) == off
    assert [f"{day:%-m-%-d}" for day, at_work in plan.items() if at_work] == worked


@pytest.mark.parametrize("text", ["国庆", "10月1日至30日", "2月30日", "10月1日前后", "7日"])
def test_what_names_no_days_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        holiday_words.read(text, 2026, worked=False)


def test_a_years_schedule_is_imported_as_it_is(programme, cast, acting) -> None:
    browser = acting(cast.bureau)
    head = ["节日", "放假时间", "调休上班日期", "放假天数"]
    address = given(
        browser,
        "holidays",
        head,
        ["元旦", "1月1日（周五）至3日（周日）", None, "3天"],
        ["国庆节", "10月1日至7日放假，共7天。", "9月26日（周日）、10月9日上班", "7天"],
        ["中秋节", "10月7日", None, None],
        ["春节", "正月初一至初七", None, None],
        target=2027,
    )
    found = marks(browser, address)
    assert found["元旦"] == found["国庆节"] == "new"
    assert "10月7日与第 4 行重复" in found["中秋节"]
    assert "无法识别" in found["春节"]
    assert "2027年9月26日上班；2027年10月1日至10月7日放假" in browser.get(address).content.decode()
    assert not Holiday.objects.filter(day__year=2027).exists()
    confirm(browser, address)
    assert Holiday.objects.filter(day__year=2027, worked=False).count() == 10
    assert Holiday.objects.get(day=date(2027, 10, 9)).worked
    assert "国庆节" in Entry.objects.of(programme).order_by("-sequence").first().facts
    exported = sheet_of(browser.get("/holidays/?year=2027&export=xlsx"))
    assert len(exported) == 13
    again = given(browser, "holidays", *[list(row) for row in exported], target=2027)
    assert browser.get(again).context["counts"] == {"new": 0, "changed": 0, "same": 12, "refused": 0}


def test_a_day_arranged_otherwise_shows_what_stood_there(programme, cast, acting) -> None:
    Holiday.objects.create(day=date(2027, 10, 9), worked=False, name="国庆节")
    browser = acting(cast.bureau)
    address = given(browser, "holidays", ["日期", "安排", "名称"], ["2027-10-09", "上班", "国庆节调休"])
    page = browser.get(address).content.decode()
    assert "2027年10月9日放假" in page
    confirm(browser, address)
    day = Holiday.objects.get(day=date(2027, 10, 9))
    assert (day.worked, day.name) == (True, "国庆节调休")


def test_a_county_arranges_no_holidays(programme, cast, acting) -> None:
    assert acting(cast.county).get("/registry/rosters/holidays/").status_code == 403


# --- rubrics ------------------------------------------------------------------------------------------

RUBRIC = ["一级指标", "一级指标分值", "二级指标", "分值", "评分说明"]


@pytest.fixture
def draft(programme) -> Rubric:
    rubric = lay_rubric(programme)
    rubric.frozen_at = timezone.now()
    rubric.save()
    return new_version(rubric)


def test_a_rubric_comes_in_as_a_tree_with_its_sums_checked(draft, cast, acting) -> None:
    browser = acting(cast.bureau)
    rows = [
        ["办学", 60, "特色", "35分", "鲜明"],
        [None, None, "示范", 25, None],
        ["规划", 40, "目标", 40, None],
    ]
    address = given(browser, "rubrics", RUBRIC, *rows, target=draft.pk, merged=("A3:A4", "B3:B4"))
    page = browser.get(address)
    assert page.context["counts"] == {"new": 3, "changed": 0, "same": 0, "refused": 0}
    assert "指标将删除" in page.content.decode()
    confirm(browser, address)
    assert lines(draft) == [
        ("办学", "特色", Decimal(35), "鲜明"),
        ("办学", "示范", Decimal(25), ""),
        ("规划", "目标", Decimal(40), ""),
    ]
    assert Entry.objects.of(draft).get().label == "导入评分标准"
    exported = sheet_of(browser.get(f"/rubrics/{draft.pk}/?export=xlsx"))
    again = given(browser, "rubrics", *[list(row) for row in exported], target=draft.pk)
    page = browser.get(again)
    assert page.context["counts"]["same"] == 3
    assert page.context["confirm_url"] is None
    turned = given(browser, "rubrics", RUBRIC, rows[2], *rows[:2], target=draft.pk, merged=("A4:A5", "B4:B5"))
    confirm(browser, turned)
    assert [line[1] for line in lines(draft)] == ["目标", "特色", "示范"], "the order is the sheet's"


def test_a_sum_that_is_wrong_refuses_the_whole_rubric(draft, cast, acting) -> None:
    browser = acting(cast.bureau)
    before = lines(draft)
    rows = [["办学", 50, "特色", 35, None], ["办学", 50, "示范", 25, None], ["规划", None, "目标", 45, None]]
    address = given(browser, "rubrics", RUBRIC, *rows, target=draft.pk)
    page = browser.get(address)
    assert "一级指标分值 50 与其下合计 60 不符" in page.content.decode()
    assert "合计应为 100 分，表中为 105 分" in page.content.decode()
    assert page.context["confirm_url"] is None
    confirm(browser, address)
    assert lines(draft) == before, "a press on a stale page writes nothing either"


def test_a_rubric_in_use_takes_no_sheet(draft, cast, acting) -> None:
    used = Rubric.objects.exclude(pk=draft.pk).get()
    browser = acting(cast.bureau)
    assert browser.get(f"/registry/rosters/rubrics/?target={used.pk}").status_code == 404
    address = given(browser, "rubrics", RUBRIC, ["办学", None, "特色", 100, None], target=draft.pk)
    draft.frozen_at = timezone.now()
    draft.save()
    confirm(browser, address)
    assert len(lines(draft)) > 1


# --- experts ------------------------------------------------------------------------------------------

EXPERTS = ["专家姓名", "手机", "工作单位", "职务职称", "学段", "研究方向", "邮箱"]


def test_experts_are_matched_with_whom_is_known_and_others_get_accounts(programme, cast, acting) -> None:
    head = make_principal(cast.elsewhere, "郑校长", phone="13900001111")
    head.user = make_capacity(Role.PRINCIPAL, cast.elsewhere, "郑校长").user
    head.save()
    browser = acting(cast.bureau)
    address = given(
        browser,
        "experts",
        EXPERTS,
        ["吴专家", None, "市教育局", "教研员", "小学、初中", "学校管理", None],
        ["郑校长", "139 0000 1111", "松山区第一小学", "校长", "学前", None, None],
        ["何新", None, "红山区第一小学", "正高级教师", "全部", "课程", "he@example.org"],
        ["何新", None, "松山区第一小学", None, "大学", None, None],
        ["何旧", None, None, None, "小学", None, None],
    )
    page = browser.get(address)
    assert page.context["counts"] == {"new": 3, "changed": 0, "same": 0, "refused": 2}
    said = page.content.decode()
    assert "可评学段“大学”无法识别" in said
    assert "没有账号的专家，须填" in said
    assert said.count("将建立账号") == 1
    assert "将授予“评审专家”角色" in said
    batch = confirm(browser, address)
    (slip,) = sheet_of(browser.post(f"{batch}slips/", {"format": "xlsx"}))[1:]
    assert slip[0] == "何新"
    known = Expert.objects.get(user=head.user)
    assert (known.stages, known.county) == (["kindergarten"], cast.songshan)
    assert Appointment.objects.filter(
        user=head.user, role=Role.EXPERT, organisation=cast.bureau.organisation
    ).exists()
    new = Expert.objects.get(user__name="何新")
    assert (new.post, len(new.stages), new.user.email) == ("正高级教师", 4, "he@example.org")
    assert Entry.objects.of(new).get().label == "纳入专家库"
    assert User.objects.filter(name="何新").count() == 1
    assert set(marks(browser, address).values()) >= {"same"}
    assert browser.get(address).context["counts"]["same"] == 3, "twice is once"


def test_only_the_programmes_owner_imports_experts(programme, cast, acting) -> None:
    assert acting(cast.county).get("/registry/rosters/experts/").status_code == 403


def test_a_list_of_names_and_stages_alone_is_enough_for_whom_is_known(programme, cast, acting) -> None:
    browser = acting(cast.bureau)
    confirm(browser, given(browser, "experts", ["姓名", "学段"], ["吴专家", "小学"]))
    assert Expert.objects.get(user=cast.outsider.user).stages == ["primary"]
