"""The security auditor finds work: who signed in, what was done by whom (headers only), whether the chain is whole."""

import io
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.capacity import Capacity
from accounts.models import Outcome, Role, SignIn
from office import history, jobs
from office.models import Entry, Job
from tests.factories.accounts import make_bureau, make_capacity, make_county, make_school

pytestmark = [pytest.mark.django_db, pytest.mark.core]

SIGN_INS, ENTRIES = "/audit/sign-ins/", "/audit/entries/"


def _browser(me: Capacity) -> Client:
    client = Client()
    client.force_login(me.user)
    return client


@pytest.fixture
def auditor(db: None) -> Capacity:
    return make_capacity(Role.SECURITY, make_bureau(), "安审")


@pytest.fixture
def officer(db: None) -> Capacity:
    return make_capacity(Role.OFFICER, make_school(make_county("红山区"), "红山区第一小学"), "孙学校")


def _signed(me: Capacity, outcome: Outcome, at: datetime) -> None:
    SignIn.objects.create(
        user=me.user, username=me.user.username, at=at, outcome=outcome, address="192.0.2.7"
    )


def _did(me: Capacity, label: str = "变更机构信息", at: datetime | None = None) -> Entry:
    facts = {"联系人": ["", "秘密事项"]}
    return history.record(me.organisation, "change", label, me, at or timezone.now(), facts, "秘密意见")


def _shown(browser: Client, address: str, **query: str) -> list:
    return list(browser.get(address, query).context["page_obj"])


def test_the_menu_leads_the_security_auditor_and_nobody_else_to_the_logs(auditor, officer) -> None:
    desk = _browser(auditor).get("/desk/").content.decode()
    assert SIGN_INS in desk
    assert ENTRIES in desk
    other = _browser(officer)
    assert SIGN_INS not in other.get("/desk/").content.decode()
    for address in (SIGN_INS, ENTRIES):
        assert other.get(address).status_code == 403


def test_sign_ins_are_listed_newest_first_and_found_by_outcome_name_address_and_day(auditor, officer) -> None:
    now = timezone.now()
    _signed(officer, Outcome.FAILED, now - timedelta(days=3))
    _signed(officer, Outcome.IN, now)
    browser = _browser(auditor)
    assert [row.outcome for row in _shown(browser, SIGN_INS)] == ["in", "failed"]
    assert [row.outcome for row in _shown(browser, SIGN_INS, outcome="failed")] == ["failed"]
    assert len(_shown(browser, SIGN_INS, search="孙学校")) == 2
    assert len(_shown(browser, SIGN_INS, search="192.0.2")) == 2
    assert not _shown(browser, SIGN_INS, search="192.0.3")
    today = timezone.localdate()
    assert [row.outcome for row in _shown(browser, SIGN_INS, since=today.isoformat())] == ["in"]
    yesterday = today - timedelta(days=1)
    assert [row.outcome for row in _shown(browser, SIGN_INS, until=yesterday.isoformat())] == ["failed"]


def test_the_log_tells_headers_and_neither_opinions_nor_facts(auditor, officer) -> None:
    _did(officer)
    browser = _browser(auditor)
    page = browser.get(ENTRIES).content.decode()
    assert "孙学校" in page
    assert "红山区第一小学" in page
    assert "变更机构信息" in page
    content = b"".join(browser.get(ENTRIES, {"export": "xlsx"}).streaming_content)
    sheet = list(load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))
    assert sheet[1][1:5] == ("孙学校", "经办", "红山区第一小学", "机构")
    for secret in ("秘密事项", "秘密意见"):
        assert secret not in page
        assert secret not in str(sheet)


def test_the_log_is_filtered_by_time_person_organisation_kind_and_step(auditor, officer) -> None:
    long_ago = datetime(2026, 1, 5, 4, 0, tzinfo=timezone.get_default_timezone())
    _did(officer, "早先的一步", long_ago)
    _did(make_capacity(Role.OFFICER, make_county("松山区"), "钱松山"))
    history.record(officer.user, "switch", "停用账号", officer, timezone.now())
    browser = _browser(auditor)

    def labels(**query: str) -> list[str]:
        return [row.label for row in _shown(browser, ENTRIES, **query)]

    assert labels() == ["停用账号", "变更机构信息", "早先的一步"]
    assert labels(since="2026-01-05", until="2026-01-05") == ["早先的一步"]
    assert labels(until=date(2026, 1, 4).isoformat()) == []
    assert labels(person="钱松山") == ["变更机构信息"]
    assert labels(organisation="第一小学") == ["停用账号", "早先的一步"]
    assert labels(kind="accounts.user") == ["停用账号"]
    assert labels(search="停用") == ["停用账号"]


def test_a_countys_auditor_sees_the_own_county_and_may_not_verify_the_chain(officer) -> None:
    auditor = make_capacity(Role.SECURITY, make_county("红山区"), "区安审")
    stranger = make_capacity(Role.OFFICER, make_county("松山区"), "钱松山")
    for me in (officer, stranger):
        _signed(me, Outcome.IN, timezone.now())
        _did(me)
    SignIn.objects.create(username="ab***", at=timezone.now(), outcome=Outcome.FAILED)
    browser = _browser(auditor)
    assert [row.user for row in _shown(browser, SIGN_INS)] == [officer.user]
    assert [row.user for row in _shown(browser, ENTRIES)] == [officer.user]
    assert browser.post(reverse("audit:verify")).status_code == 403


def test_the_chain_is_verified_by_a_job_and_its_sentence_shown(auditor, officer) -> None:
    _did(officer)
    browser = _browser(auditor)
    page = browser.post(reverse("audit:verify"))["Location"]
    assert browser.post(reverse("audit:verify"))["Location"] == page, "one at a time"
    jobs.run_due(timezone.now())
    assert "办理记录完整：1 条记录" in browser.get(page).content.decode()
    entry = _did(officer)
    Entry.objects.filter(pk=entry.pk).update(opinion="改写")
    page = browser.post(reverse("audit:verify"))["Location"]
    jobs.run_due(timezone.now())
    answer = browser.get(page).content.decode()
    assert "办理记录不完整" in answer
    assert f"条目 {entry.pk}）被改动" in answer
    assert "被改动" in browser.get(ENTRIES).content.decode()
    assert Job.objects.filter(state=Job.State.DONE).count() == 2


@pytest.mark.parametrize("rows", [1, 3])
def test_the_logs_ask_no_more_for_more_rows(auditor, django_assert_num_queries, rows) -> None:
    for number in range(rows):
        me = make_capacity(Role.OFFICER, make_school(), f"孙{number}")
        _signed(me, Outcome.IN, timezone.now())
        _did(me)
    browser = _browser(auditor)
    browser.get(ENTRIES)
    with django_assert_num_queries(4):
        browser.get(SIGN_INS)
    with django_assert_num_queries(5):
        browser.get(ENTRIES)
