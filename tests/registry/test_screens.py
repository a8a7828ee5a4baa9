"""Changing the registry in the browser: every change is an entry, personal data is masked."""

import io
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import Appointment, Organisation, Principal, Role, User
from office.models import Entry
from tests.factories.accounts import identity_number

pytestmark = [pytest.mark.django_db, pytest.mark.core]


def _fields(page) -> dict[str, str]:
    """What the form on the page would send unchanged."""
    form = page.context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in values.items() if value is not False} | {
        "version": page.context["version"] or ""
    }


def _last(row) -> Entry:
    return Entry.objects.of(row).last()


def test_a_changed_organisation_says_what_changed_and_who_did_it(cast, acting) -> None:
    browser = acting(cast.bureau)
    address = reverse("registry:organisation_edit", args=[cast.school.pk])
    fields = _fields(browser.get(address)) | {"name": "红山区 第一 实验小学", "weak": "on"}
    assert browser.post(address, fields).status_code == 302
    cast.school.refresh_from_db()
    assert (cast.school.name, cast.school.weak) == ("红山区第一实验小学", True)
    assert cast.school.initials == "hsqdysyxx"
    entry = _last(cast.school)
    assert entry.facts == {"名称": ["红山区第一小学", "红山区第一实验小学"], "薄弱学校": ["否", "是"]}
    assert entry.appointment == cast.bureau.appointment
    assert (
        "红山区第一小学 → 红山区第一实验小学"
        in browser.get(reverse("registry:organisation", args=[cast.school.pk])).content.decode()
    )


def test_the_second_of_two_savers_is_told_and_nothing_is_overwritten(cast, acting) -> None:
    browser = acting(cast.bureau)
    address = reverse("registry:organisation_edit", args=[cast.school.pk])
    opened = _fields(browser.get(address))
    browser.post(address, opened | {"contact": "甲"})
    late = browser.post(address, opened | {"contact": "乙"})
    assert late.status_code == 422
    assert "刚被他人修改" in late.content.decode()
    cast.school.refresh_from_db()
    assert cast.school.contact == "甲"


def test_saving_without_a_change_leaves_no_entry(cast, acting) -> None:
    browser = acting(cast.bureau)
    address = reverse("registry:principal_edit", args=[cast.principal.pk])
    assert browser.post(address, _fields(browser.get(address))).status_code == 302
    assert not Entry.objects.of(cast.principal).exists()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": "松山区第一小学"}, "已有同名的机构"),
        ({"school_code": "123"}, "10 位数字"),
        ({"school_type": ""}, "请选择办学类型"),
        ({"parent": ""}, "主管部门应为"),
        ({"succeeded_on": "2026-01-01"}, "须同时填写"),
    ],
)
def test_an_organisation_that_cannot_be_is_refused(cast, acting, fields, sentence) -> None:
    browser = acting(cast.bureau)
    address = reverse("registry:organisation_edit", args=[cast.school.pk])
    response = browser.post(address, _fields(browser.get(address)) | fields)
    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_a_county_enters_a_school_of_its_own(cast, acting) -> None:
    browser = acting(cast.county)
    fields = {
        "name": "红山区新城小学",
        "school_type": "primary",
        "area": "urban",
        "kind": "bureau",
        "parent": "",
    }
    assert browser.post(reverse("registry:organisation_new"), fields).status_code == 302
    school = Organisation.objects.get(name="红山区新城小学")
    assert (school.kind, school.parent) == ("school", cast.hongshan)


def _open_account(browser, **more: str):
    fields = {
        "username": "li",
        "name": "李新",
        "role": Role.OFFICER,
        "starts": timezone.localdate().isoformat(),
    }
    return browser.post(reverse("registry:person_new"), fields | more)


def test_a_new_account_shows_its_first_password_once(cast, acting) -> None:
    browser = acting(cast.county)
    response = _open_account(browser, organisation=cast.school.name)
    user = User.objects.get(username="li")
    assert user.must_change_password
    assert user.check_password(response.context["password"])
    assert response["Cache-Control"] == "no-store"
    assert (
        response.context["password"]
        not in browser.get(reverse("registry:person", args=[user.pk])).content.decode()
    )
    assert _last(user).facts["任职"] == ["", "红山区第一小学·经办"]
    assert response.context["password"] not in str(_last(user).facts)


def test_a_county_opens_accounts_at_its_schools_only(cast, acting) -> None:
    browser = acting(cast.county)
    assert _open_account(browser, organisation=cast.elsewhere.name).status_code == 422
    assert _open_account(browser, organisation=cast.hongshan.name).status_code == 422
    assert _open_account(browser, organisation=cast.school.name, role=Role.LEADER).status_code == 422
    assert not User.objects.filter(username="li").exists()


def test_the_bureau_gives_no_administrators_office(cast, acting) -> None:
    response = _open_account(acting(cast.bureau), organisation="市教育局", role=Role.ADMIN)
    assert response.status_code == 422
    assert _open_account(acting(cast.admin), organisation="市教育局", role=Role.ADMIN).status_code == 200


def test_a_role_fits_its_kind_of_organisation(cast, acting) -> None:
    response = _open_account(acting(cast.bureau), organisation=cast.school.name, role=Role.FINANCE)
    assert "没有“财务”这一角色" in response.content.decode()


def test_switching_off_and_on_is_recorded(cast, acting) -> None:
    browser = acting(cast.county)
    address = reverse("registry:person_switch", args=[cast.officer.user_id])
    browser.post(address, {"active": "0"})
    user = User.objects.get(pk=cast.officer.user_id)
    assert not user.is_active
    assert _last(user).label == "停用账号"
    browser.post(address, {"active": "1"})
    assert _last(user).label == "启用账号"


def test_a_forgotten_password_is_replaced_and_old_sessions_end(cast, acting, client) -> None:
    theirs = type(client)()
    theirs.force_login(cast.officer.user)
    response = acting(cast.county).post(reverse("registry:person_password", args=[cast.officer.user_id]))
    user = User.objects.get(pk=cast.officer.user_id)
    assert user.check_password(response.context["password"])
    assert user.must_change_password
    assert theirs.get(reverse("registry:principals")).status_code == 302


def test_an_appointment_is_opened_and_ended(cast, acting) -> None:
    browser = acting(cast.bureau)
    user = cast.officer.user
    today = timezone.localdate()
    fields = {"role": Role.EXPERT, "organisation": "红山区", "starts": today.isoformat()}
    assert browser.post(reverse("registry:appointment_new", args=[user.pk]), fields).status_code == 302
    row = Appointment.objects.get(user=user, role=Role.EXPERT)
    assert row.organisation == cast.hongshan
    assert (
        "已有同一任职"
        in browser.post(reverse("registry:appointment_new", args=[user.pk]), fields).content.decode()
    )
    address = reverse("registry:appointment_end", args=[row.pk])
    early = browser.post(address, {"ends": (today - timedelta(days=1)).isoformat()})
    assert "不能早于开始日期" in early.content.decode()
    assert browser.post(address, {"ends": today.isoformat()}).status_code == 302
    row.refresh_from_db()
    assert row.ends == today
    assert [entry.label for entry in Entry.objects.of(user)] == ["任职开始", "任职结束"]


def test_identity_and_phone_are_masked_until_asked_for_and_the_asking_is_recorded(cast, acting) -> None:
    browser = acting(cast.bureau)
    row = cast.principal
    page = browser.get(reverse("registry:principal", args=[row.pk]))
    assert row.identity not in page.content.decode()
    assert row.masked_identity in page.content.decode()
    assert row.phone not in page.content.decode()
    shown = browser.post(reverse("registry:principal_reveal", args=[row.pk]), {"field": "identity"})
    assert row.identity in shown.content.decode()
    assert row.phone not in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    entry = _last(row)
    assert (entry.label, entry.user, entry.facts) == ("查看身份证号", cast.bureau.user, {})


@pytest.mark.parametrize(
    ("who", "field", "allowed"),
    [
        ("bureau", "phone", True),
        ("admin", "identity", False),
        ("admin", "phone", False),
        ("county", "identity", False),
        ("county", "phone", True),
        ("officer", "identity", True),
        ("officer", "phone", True),
        ("bureau", "name", False),
    ],
)
def test_who_may_unmask(cast, acting, who, field, allowed) -> None:
    browser = acting(getattr(cast, who))
    response = browser.post(reverse("registry:principal_reveal", args=[cast.principal.pk]), {"field": field})
    assert response.status_code == (200 if allowed else 403 if who == "admin" else 404)
    assert Entry.objects.of(cast.principal).exists() == allowed


def test_a_principals_record_is_entered_with_birth_and_sex_from_the_number(cast, acting) -> None:
    number = identity_number(date(1975, 3, 9), serial=998)
    fields = {
        "name": "包•格日乐图",
        "identity": f" {number[:6]} {number[6:]}",
        "phone": "１９９ 0000 1234",
        "school": cast.school.name,
        "post": "党支部书记、校长",
        "head_since": "2018.9",
        "ethnicity": "蒙古",
    }
    assert acting(cast.county).post(reverse("registry:principal_new"), fields).status_code == 302
    row = Principal.objects.by_identity(number).get()
    assert (row.name, row.sex, row.birth_month, row.head) == ("包·格日乐图", "f", date(1975, 3, 1), True)
    assert (row.phone, row.ethnicity, row.head_since) == ("19900001234", "蒙古族", date(2018, 9, 1))
    facts = _last(row).facts
    assert facts["身份证号"] == ["", row.masked_identity]
    assert number not in str(facts)
    again = acting(cast.county).post(reverse("registry:principal_new"), fields)
    assert "另一份校长档案已登记这个身份证号" in again.content.decode()


def test_a_phone_left_empty_stays_and_a_new_one_is_recorded_masked(cast, acting) -> None:
    browser = acting(cast.bureau)
    row = cast.principal
    address = reverse("registry:principal_edit", args=[row.pk])
    browser.post(address, _fields(browser.get(address)) | {"title": "正高级教师"})
    kept = row.phone
    row.refresh_from_db()
    assert (row.phone, row.title) == (kept, "正高级教师")
    browser.post(address, _fields(browser.get(address)) | {"phone": "19911112222"})
    row.refresh_from_db()
    assert row.phone == "19911112222"
    assert _last(row).facts["手机号"][1] == "199****2222"


def test_a_principal_gets_an_account_of_their_own(cast, acting) -> None:
    browser = acting(cast.county)
    address = reverse("registry:principal_account", args=[cast.principal.pk])
    assert browser.get(address).context["form"]["username"].value() == "zhouxiaozhang01"
    browser.post(address, {"username": "zhou"})
    cast.principal.refresh_from_db()
    assert cast.principal.user.appointments.get().role == Role.PRINCIPAL
    assert browser.get(address).status_code == 404


def _sheet(response) -> list[tuple]:
    content = b"".join(response.streaming_content)
    return list(load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))


def test_the_sheet_holds_what_is_filtered_and_visible_and_masks(cast, acting) -> None:
    rows = _sheet(acting(cast.county).get(reverse("registry:principals"), {"export": "xlsx"}))
    assert [row[0] for row in rows] == ["姓名", "周校长"]
    assert cast.principal.masked_identity in rows[1]
    assert cast.principal.identity not in rows[1]
    filtered = _sheet(
        acting(cast.bureau).get(
            reverse("registry:organisations"), {"export": "xlsx", "search": "ssq", "kind": "school"}
        )
    )
    assert [row[0] for row in filtered[1:]] == ["松山区第一小学"]


def test_people_are_found_by_the_initials_of_their_pinyin(cast, acting) -> None:
    browser = acting(cast.bureau)
    page = browser.get(reverse("registry:people"), {"search": "zhs"})
    assert [row.name for row in page.context["page_obj"]] == ["赵红山"]
    page = browser.get(reverse("registry:principals"), {"search": "qxz"})
    assert [row.name for row in page.context["page_obj"]] == ["钱校长"]
