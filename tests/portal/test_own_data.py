"""One's own data: seen in full by oneself alone, exported, the contact corrected with an entry in the history."""

import io
import json

import pytest
from django.test import Client
from openpyxl import load_workbook

from accounts.capacity import Capacity
from accounts.models import Principal, Role
from office.models import Entry
from tests.factories.accounts import capacity, make_capacity, make_county, make_principal, make_school

pytestmark = [pytest.mark.django_db, pytest.mark.core]


@pytest.fixture
def principal(db: None) -> Principal:
    county = make_county("红山区")
    county.contact, county.contact_phone = "赵老师", "0476-8000000"
    county.save()
    me = make_capacity(Role.PRINCIPAL, make_school(county, "红山区第一小学"), "周校长")
    return make_principal(me.organisation, user=me.user)


def _browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_principal_sees_what_is_kept_of_them_in_full(principal) -> None:
    response = _browser(principal.user).get("/me/")
    page = response.content.decode()
    for value in (principal.identity, principal.phone, "红山区第一小学", "校长", principal.user.username):
        assert value in page
    assert "请带有效证件告知红山区教育局（赵老师，0476-8000000）" in page
    assert 'href="/password/"' in page
    assert response["Cache-Control"] == "no-store"


def test_nobody_sees_anothers_data(principal) -> None:
    other = make_principal(make_school(), user=make_capacity(Role.PRINCIPAL, make_school(), "钱校长").user)
    page = _browser(principal.user).get("/me/").content.decode()
    assert other.identity not in page
    assert other.phone not in page
    assert Client().get("/me/").status_code == 302


def test_phone_and_mail_are_corrected_by_oneself_and_the_history_masks_them(principal) -> None:
    browser = _browser(principal.user)
    old = principal.masked_phone
    browser.post("/me/edit/", {"email": "zhou@example.org", "phone": "199 1111 2222"})
    principal.refresh_from_db()
    principal.user.refresh_from_db()
    assert (principal.phone, principal.user.email) == ("19911112222", "zhou@example.org")
    assert Principal.objects.filter(phone_mac=principal.phone_mac).count() == 1
    assert Entry.objects.of(principal).get().facts == {"手机号": [old, "199****2222"]}
    entry = Entry.objects.of(principal.user).get()
    assert (entry.label, entry.user, entry.facts) == (
        "本人更正电子邮箱",
        principal.user,
        {"电子邮箱": ["", "z***@example.org"]},
    )
    browser.post("/me/edit/", {"email": "zhou@example.org", "phone": "19911112222"})
    assert Entry.objects.count() == 2, "what stays the same is no entry"


def test_a_wrong_phone_is_refused_and_the_identity_number_cannot_be_changed(principal) -> None:
    browser = _browser(principal.user)
    response = browser.post("/me/edit/", {"email": "", "phone": "12", "identity": "1"})
    assert response.status_code == 422
    kept = principal.identity
    browser.post("/me/edit/", {"email": "", "phone": principal.phone, "identity": "1"})
    principal.refresh_from_db()
    assert principal.identity == kept


def test_an_officer_without_a_record_corrects_the_mail_alone() -> None:
    me: Capacity = make_capacity(Role.OFFICER, make_school(make_county("红山区")), "孙学校")
    browser = _browser(me.user)
    page = browser.get("/me/edit/").content.decode()
    assert "电子邮箱" in page
    assert "手机号" not in page
    assert "身份证号" not in browser.get("/me/").content.decode().split("导出的文件")[0]


def test_own_data_is_exported_as_excel_and_as_data_and_the_export_is_recorded(principal) -> None:
    browser = _browser(principal.user)
    given = b"".join(browser.post("/me/export/", {"format": "json"}).streaming_content)
    content = json.loads(given)
    assert content["校长档案"]["身份证号"] == principal.identity
    assert content["任职"][0]["机构"] == "红山区第一小学"
    sheet = b"".join(browser.post("/me/export/", {"format": "xlsx"}).streaming_content)
    rows = list(load_workbook(io.BytesIO(sheet)).active.iter_rows(values_only=True))
    assert ("校长档案", "身份证号", principal.identity) in rows
    assert [entry.label for entry in Entry.objects.of(principal.user)] == ["导出本人资料"] * 2


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_no_more_for_more_appointments(principal, django_assert_num_queries, rows) -> None:
    for _ in range(rows - 1):
        capacity(principal.user, make_school(), Role.EXPERT)
    browser = _browser(principal.user)
    browser.get("/me/")
    with django_assert_num_queries(10):
        browser.get("/me/")
