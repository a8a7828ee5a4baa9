"""People and appointments out of a sheet: opened once with slips, ended in bulk, a county at its own schools only."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Appointment, Role, User
from office import jobs
from office.models import Entry, Job
from portal.registry.views import rosters as views
from tests.factories.accounts import make_capacity, make_principal, make_school
from tests.registry.importing import confirm, given, marks, sheet_of

pytestmark = [pytest.mark.django_db, pytest.mark.core]

PEOPLE = ["序号", "姓名", "单位", "角色", "用户名", "邮箱", "任职日期"]
HELD = ["姓名", "用户名", "机构", "角色", "开始日期", "离任日期"]


def test_people_get_accounts_once_and_their_slips_once(cast, acting) -> None:
    browser = acting(cast.bureau)
    rows = [
        PEOPLE,
        [1, "李　经办", "红山", "经办人", None, "li@example.org", "2026.9.1"],
        [2, "王审批", "红山区教育局", "审批", "wangsp", None, None],
        [3, "赵某", "不存在的学校", "经办", None, None, None],
        [4, "钱某", "红山区第一小学", "财务", None, None, None],
        [5, "孙某", "红山区第一小学", "经办", "wangsp", "不是邮箱", None],
    ]
    address = given(browser, "people", *rows)
    found = marks(browser, address)
    assert found["李 经办"] == "new"
    assert found["王审批"] == "new"
    assert "机构“不存在的学校”不在机构名录中" in found["赵某"]
    assert "没有“财务”这一角色" in found["钱某"]
    assert "电子邮箱“不是邮箱”不正确" in found["孙某"]
    assert browser.get(address).content.decode().count("将建立账号") == 2
    assert not User.objects.filter(username="wangsp").exists(), "a preview opens nothing"
    batch = confirm(browser, address)
    handed = sheet_of(browser.post(f"{batch}slips/", {"format": "xlsx"}))[1:]
    assert [(row[0], row[2], row[4]) for row in handed] == [
        ("李经办", "经办", "lijingban01"),
        ("王审批", "审批", "wangsp"),
    ]
    assert browser.post(f"{batch}slips/", {"format": "xlsx"}).status_code == 404, "only once"
    made = User.objects.get(username="lijingban01")
    held = made.appointments.get()
    assert (held.organisation, held.starts, made.email) == (cast.hongshan, date(2026, 9, 1), "li@example.org")
    assert Entry.objects.of(made).get().label == "建立账号"
    theirs = Client()
    theirs.post(reverse("login"), {"username": "wangsp", "password": handed[1][5]})
    assert theirs.get("/desk/")["Location"] == reverse("password")


def test_the_same_list_again_opens_nothing_and_brings_the_address_up_to_date(cast, acting) -> None:
    browser = acting(cast.bureau)
    first = ["1", "李经办", "红山", "经办", None, "li@example.org", None]
    confirm(browser, given(browser, "people", PEOPLE, first))
    again = given(browser, "people", PEOPLE, [*first[:5], "li@example.cn", None])
    assert marks(browser, again) == {"李经办": "changed"}
    confirm(browser, again)
    assert User.objects.get(name="李经办").email == "li@example.cn"
    assert marks(browser, given(browser, "people", PEOPLE, [*first[:5], None, None])) == {"李经办": "same"}
    assert User.objects.filter(name="李经办").count() == 1


def test_a_principals_account_comes_from_the_record(cast, acting) -> None:
    browser = acting(cast.county)
    other = make_principal(make_school(cast.hongshan, "红山区第二小学"), "郑校长")
    address = given(
        browser,
        "people",
        PEOPLE,
        [1, "郑校长", "红山区第二小学", "校长", None, None, None],
        [2, "冯校长", "红山区第二小学", "园长", None, None, None],
    )
    assert "请先导入校长名册" in marks(browser, address)["冯校长"]
    confirm(browser, address)
    other.refresh_from_db()
    assert other.user.appointments.get().role == Role.PRINCIPAL


def test_a_county_opens_accounts_at_its_schools_only_and_gives_no_office_of_its_own(cast, acting) -> None:
    browser = acting(cast.county)
    address = given(
        browser,
        "people",
        PEOPLE,
        [1, "甲", "松山区第一小学", "经办", None, None, None],
        [2, "乙", "红山区教育局", "经办", None, None, None],
        [3, "丙", "红山区第一小学", "系统管理员", None, None, None],
        [4, "丁", "红山区第一小学", "经办", None, None, None],
    )
    found = marks(browser, address)
    assert "不由您管理" in found["甲"]
    assert "不由您管理" in found["乙"]
    assert "不能授予“系统管理员”" in found["丙"]
    assert found["丁"] == "new"


def test_appointments_begin_and_end_in_bulk(cast, acting) -> None:
    browser = acting(cast.bureau)
    yesterday = timezone.localdate() - timedelta(days=1)
    namesakes = [make_capacity(Role.OFFICER, cast.hongshan, "刘同名") for _ in range(2)]
    rows = [
        HELD,
        ["孙学校", None, "红山区第一小学", "经办", None, f"{yesterday:%Y年%-m月%-d日}"],
        ["吴专家", None, "市教育局", "审计人员", "2026-09-01", None],
        ["刘同名", None, "红山", "审批", None, None],
        ["刘同名", namesakes[1].user.username, "红山", "审批", None, None],
        ["无此人", None, "红山", "审批", None, None],
        ["管理员", None, "市教育局", "系统管理员", None, f"{yesterday}"],
        ["王经办", None, "市教育局", "经办", None, f"{yesterday}"],
        ["赵红山", None, "红山", "财务", None, f"{yesterday}"],
    ]
    address = given(browser, "appointments", *rows)
    page = browser.get(address)
    assert page.context["counts"] == {"new": 2, "changed": 1, "same": 0, "refused": 5}
    reasons = {row["number"]: "；".join(row["reasons"]) for row in page.context["rows"]}
    assert reasons[5] == "有 2 位“刘同名”，请填写用户名"
    assert "没有名为“无此人”的人员" in reasons[7]
    assert "由系统管理员办理" in reasons[8]
    assert "不能导入本人的任职" in reasons[9]
    assert reasons[10] == "结束日期不能早于开始日期"
    confirm(browser, address)
    cast.officer.appointment.refresh_from_db()
    assert cast.officer.appointment.ends == yesterday
    entry = Entry.objects.of(cast.officer.user).get()
    assert (entry.label, entry.facts["结束日期"]) == ("任职结束", ["", yesterday.isoformat()])
    given_role = Appointment.objects.get(user=cast.outsider.user, role=Role.AUDITOR)
    assert given_role.starts == date(2026, 9, 1)
    assert Appointment.objects.filter(user=namesakes[1].user, role=Role.LEADER).exists()
    assert marks(browser, address)["吴专家"] == "same", "twice is once"


def test_a_county_ends_appointments_of_its_schools_only(cast, acting) -> None:
    foreign = make_capacity(Role.OFFICER, cast.elsewhere, "外校人")
    yesterday = str(timezone.localdate() - timedelta(days=1))
    browser = acting(cast.county)
    address = given(
        browser,
        "appointments",
        HELD,
        ["孙学校", None, "红山区第一小学", "经办", None, yesterday],
        ["外校人", foreign.user.username, "松山区第一小学", "经办", None, yesterday],
    )
    found = marks(browser, address)
    assert found["孙学校"] == "changed"
    assert found["外校人"].startswith("refused")
    confirm(browser, address)
    foreign.appointment.refresh_from_db()
    assert foreign.appointment.ends is None


def test_many_accounts_are_opened_by_the_worker_and_the_slips_are_found_again(
    cast, acting, monkeypatch
) -> None:
    monkeypatch.setattr(views, "ACCOUNTS_AT_ONCE", 1)
    browser = acting(cast.bureau)
    rows = [[n, f"人员{n}", "红山", "经办", f"person{n}", None, None] for n in range(3)]
    address = given(browser, "people", PEOPLE, *rows)
    assert confirm(browser, address) == reverse("jobs")
    assert not User.objects.filter(username="person0").exists()
    jobs.run_due(timezone.now())
    assert Job.objects.get(kind="roster-write").state == Job.State.DONE
    (one,) = browser.get("/registry/accounts/").context["running"]
    assert len(sheet_of(browser.post(f"{one['url']}slips/", {"format": "xlsx"}))) == 4


def test_who_keeps_no_registry_imports_nobody(cast, acting) -> None:
    for kind in ("people", "appointments"):
        assert acting(cast.officer).get(f"/registry/rosters/{kind}/").status_code == 403
