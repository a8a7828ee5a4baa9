"""Notices: written with the step, once per person, gone with a step that fails."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.capacity import Capacity
from accounts.models import Role
from applications.flows import CALL
from office.door import take
from office.models import Entry, Notice, NoticeKind
from office.notices import sweep, tell
from tests.factories.accounts import make_capacity
from tests.office.conftest import AT, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.core]

LATER = AT + timedelta(hours=1)


def test_a_step_that_is_rolled_back_tells_nobody(cast: Cast) -> None:
    with transaction.atomic():
        take(CALL, "cancel", cast.call.pk, cast.leader, LATER, "推迟")
        assert Notice.objects.exists()
        transaction.set_rollback(True)
    assert not Notice.objects.exists()


def test_the_database_takes_one_notice_per_person_and_entry(cast: Cast) -> None:
    take(CALL, "cancel", cast.call.pk, cast.leader, LATER, "推迟")
    notice = Notice.objects.get(user=cast.county_officer.user)
    assert notice.entry == Entry.objects.of(cast.call).last()
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.create(user=notice.user, entry=notice.entry, text="再说一次", at=LATER)


def test_a_long_opinion_is_cut_to_what_a_notice_holds(cast: Cast) -> None:
    take(CALL, "cancel", cast.call.pk, cast.leader, LATER, "推迟" * 400)
    assert len(Notice.objects.get(user=cast.county_officer.user).text) == 300


def test_a_notice_leads_to_its_case_and_only_its_own_reader_opens_it(
    cast: Cast, as_person: Callable[[Capacity], Client]
) -> None:
    take(CALL, "cancel", cast.call.pk, cast.leader, LATER, "推迟")
    notice = Notice.objects.get(user=cast.county_officer.user)
    address = reverse("notice-open", args=[notice.pk])
    stranger = make_capacity(Role.OFFICER, cast.county)
    assert as_person(stranger).post(address).status_code == 404
    answer = as_person(cast.county_officer).post(address)
    assert answer["Location"] == cast.call.get_absolute_url()
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_an_event_is_told_once_however_often_it_is_found(cast: Cast) -> None:
    for _ in range(2):
        tell([cast.officer.user_id or 0], "密码已修改", LATER, kind=NoticeKind.SECURITY, key="password:1")
    assert Notice.objects.get().text == "密码已修改"


def test_the_list_shows_one_kind_or_the_unread_and_marks_them_together(
    cast: Cast, as_person: Callable[[Capacity], Client]
) -> None:
    me = cast.officer.user_id or 0
    tell([me], "等您办理", LATER, kind=NoticeKind.ACTION)
    tell([me], "导出已完成", LATER, kind=NoticeKind.TASK)
    browser = as_person(cast.officer)
    assert [row.text for row in browser.get("/notices/?kind=task").context["page_obj"]] == ["导出已完成"]
    browser.post("/notices/read/", {"kind": "task"})
    assert [row.text for row in browser.get("/notices/?unread=1").context["page_obj"]] == ["等您办理"]
    assert len(browser.get("/notices/?kind=nonsense").context["page_obj"]) == 2


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_however_long(
    cast: Cast, as_person: Callable[[Capacity], Client], rows: int
) -> None:
    for number in range(rows):
        tell([cast.officer.user_id or 0], f"第 {number} 件", LATER)
    browser = as_person(cast.officer)
    browser.get("/notices/")
    with CaptureQueriesContext(connection) as queries:
        browser.get("/notices/")
    assert len(queries) == 6


# Whether they arrived


def test_the_owner_sees_whom_a_step_told_and_who_has_read_it(
    cast: Cast, as_person: Callable[[Capacity], Client]
) -> None:
    take(CALL, "cancel", cast.call.pk, cast.leader, LATER, "推迟")
    address = f"/told/call/{cast.call.number}/"
    assert address in as_person(cast.officer).get(cast.call.get_absolute_url()).content.decode()
    page = as_person(cast.officer).get(address).content.decode()
    assert str(cast.county_officer.user) in page
    assert "未读" in page
    notice = Notice.objects.get(user=cast.county_officer.user)
    as_person(cast.county_officer).post(reverse("notice-open", args=[notice.pk]))
    part = as_person(cast.officer).get(address, headers={"HX-Request": "true"}).content.decode()
    assert "已读" in part
    assert "<html" not in part


def test_others_see_the_delivery_of_what_they_did_themselves_alone(
    cast: Cast, as_person: Callable[[Capacity], Client]
) -> None:
    take(CALL, "cancel", cast.call.pk, cast.leader, LATER, "推迟")
    assert as_person(cast.county_officer).get(f"/told/call/{cast.call.number}/").status_code == 404
    assert as_person(cast.officer).get("/told/nothing/1/").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_of_deliveries_costs_the_same_however_long(
    cast: Cast, as_person: Callable[[Capacity], Client], rows: int
) -> None:
    for _ in range(rows):
        tell([make_capacity(Role.OFFICER, cast.county).user_id or 0], "延期", LATER, case=cast.call)
    browser = as_person(cast.officer)
    browser.get(f"/told/call/{cast.call.number}/")
    with CaptureQueriesContext(connection) as queries:
        browser.get(f"/told/call/{cast.call.number}/")
    assert len(queries) == 7


# What is kept, what is told of itself


def test_what_was_read_half_a_year_ago_is_removed_and_the_unread_stays(cast: Cast) -> None:
    me = cast.officer.user_id or 0
    for text in ("读过的", "没读的"):
        tell([me], text, AT)
    Notice.objects.filter(text="读过的").update(read_at=LATER)
    assert sweep(AT + timedelta(days=180)) == 0
    assert sweep(AT + timedelta(days=181)) == 1
    assert Notice.objects.get().text == "没读的"


def test_the_security_auditor_hears_of_an_export_of_the_principals_records(
    cast: Cast, as_person: Callable[[Capacity], Client]
) -> None:
    auditor = make_capacity(Role.SECURITY, cast.bureau)
    browser = as_person(cast.officer)
    browser.get("/registry/principals/")
    assert not Notice.objects.exists()
    assert browser.get("/registry/principals/?export=xlsx").status_code == 200
    notice = Notice.objects.get(user=auditor.user_id)
    assert notice.kind == NoticeKind.SECURITY
    assert notice.text == f"{cast.officer.user}（{cast.bureau}·经办）导出了校长档案"
