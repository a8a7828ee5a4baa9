"""延期: dates put off, for all or for one county, and what is under way with them (Art. 9)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime
from pypdf import PdfReader

from accounts.models import Organisation, Role
from applications import supplementing
from applications.dates import dates_of
from applications.extending import Planned
from applications.filling import start
from applications.flows import CALL
from applications.models import ApplicationState, Call
from applications.timekeeping import keep
from office.door import Refused, take
from office.models import Entry, Notice, OfficialDocument
from office.paper.engine import available
from office.words import moment
from tests.factories.accounts import make_capacity, make_county, make_school
from tests.factories.applications import (
    DURING,
    acting,
    bring_to,
    browser_of,
    make_application,
    make_call,
    make_lead,
    someone,
    submit_application,
)
from tests.factories.rounds import again, judging, leader, owner, refusal, seat_panel, start_review

pytestmark = pytest.mark.django_db
S = ApplicationState
WEEK = timedelta(days=7)


def put_off(call: Call, whose: Organisation | None = None, at: datetime = DURING, **dates: datetime) -> Call:
    """The officer puts off some dates."""
    planned = {"planned": Planned(whose, dates)}
    take(CALL, "extend", call.pk, owner(call), at, "受降雪影响，材料寄送困难。", planned)
    return Call.objects.get(pk=call.pk)


def a_week(call: Call) -> Mapping[str, datetime]:
    """The three dates a week later."""
    return {name: getattr(call, name) + WEEK for name in ("submit_by", "school_by", "authority_by")}


def refused(call: Call, whose: Organisation | None = None, **dates: datetime) -> list[str]:
    return refusal(CALL, "extend", call, owner(call), planned=Planned(whose, dates))


def test_the_officer_puts_off_the_dates_for_all_and_history_keeps_old_and_new() -> None:
    call = make_call()
    application = make_application(call)
    was = call.submit_by
    late = was + timedelta(days=2)
    with pytest.raises(Refused, match="申报已于"):
        submit_application(application, late)
    longer = put_off(call, **a_week(call))
    assert longer.submit_by == was + WEEK
    assert again(application).due == was + WEEK
    assert submit_application(again(application), late).state == S.SCHOOL_REVIEW
    entry = Entry.objects.of(call).last()
    assert entry.label == "延期"
    assert entry.facts["范围"] == "全部"
    assert entry.facts["申报截止"] == [moment(was), moment(was + WEEK)]


def test_one_county_gets_more_time_and_no_other() -> None:
    hongshan, songshan = make_county("红山区"), make_county("松山区")
    call = make_call()
    ours = make_application(call, make_lead(school=make_school(hongshan)))
    theirs = make_application(call, make_lead(school=make_school(songshan)))
    put_off(call, hongshan, **a_week(call))
    late = call.submit_by + timedelta(days=2)
    assert again(theirs).due == call.submit_by
    with pytest.raises(Refused, match="申报已于"):
        submit_application(again(theirs), late)
    assert submit_application(again(ours), late).due == call.school_by + WEEK
    with pytest.raises(Refused, match="申报时间为"):
        start(Call.objects.get(), acting(make_lead(school=make_school(songshan))), late)
    assert start(Call.objects.get(), acting(make_lead(school=make_school(hongshan))), late).state == S.DRAFT


def test_the_clock_waits_for_the_county_with_more_time_and_revives_nothing() -> None:
    hongshan, songshan = make_county("红山区"), make_county("松山区")
    call = make_call()
    ours, theirs = (
        bring_to(make_application(call, make_lead(school=make_school(county))), S.AUTHORITY_REVIEW)
        for county in (hongshan, songshan)
    )
    put_off(call, hongshan, authority_by=call.authority_by + WEEK)
    keep(call.authority_by + timedelta(days=1))
    assert again(ours).state == S.AUTHORITY_REVIEW
    assert again(theirs).state == S.LAPSED
    longer = put_off(
        call, None, call.authority_by + timedelta(days=1), authority_by=call.authority_by + timedelta(days=9)
    )
    assert again(theirs).state == S.LAPSED
    assert dates_of(longer, hongshan.pk).authority_by == longer.authority_by
    keep(longer.authority_by + timedelta(days=1))
    assert again(ours).state == S.LAPSED


def test_what_waits_for_the_school_lapses_with_the_countys_own_date() -> None:
    county = make_county("红山区")
    call = make_call()
    application = bring_to(make_application(call, make_lead(school=make_school(county))), S.SCHOOL_REVIEW)
    put_off(call, county, authority_by=call.authority_by + WEEK)
    keep(call.authority_by + timedelta(days=1))
    assert again(application).state == S.SCHOOL_REVIEW
    keep(call.authority_by + WEEK + timedelta(days=1))
    assert again(application).state == S.LAPSED


def test_dates_are_only_put_off_and_stay_in_order() -> None:
    call = make_call()
    assert refused(call) == ["请填写延期后的截止时间（第九条）"]
    earlier = call.submit_by - timedelta(days=1)
    assert refused(call, submit_by=earlier) == [f"申报截止现为{moment(call.submit_by)}，只能延后（第九条）"]
    beyond = call.check_by + timedelta(days=1)
    assert refused(call, make_county(), authority_by=beyond) == [
        f"推荐截止（{moment(beyond)}）晚于形式审查截止（{moment(call.check_by)}），请一并延后形式审查截止（第九条）"
    ]
    longer = put_off(call, make_county(), authority_by=beyond, check_by=beyond + WEEK)
    assert longer.check_by == beyond + WEEK
    assert longer.authority_by == call.authority_by
    after = longer.score_by.replace(year=2027, month=3)
    assert refused(longer, score_by=after) == ["专家评分截止须在建设周期起始日（2027年1月1日）之前（第五条）"]


def test_experts_begin_when_the_county_with_more_time_has_sent_too() -> None:
    call = make_call()
    bring_to(make_application(call), S.UNDER_REVIEW)
    seat_panel(call)
    put_off(call, make_county("敖汉旗"), **a_week(call))
    between = call.submit_by + timedelta(days=1)
    assert not CALL.waiting(owner(call), between).exists()
    assert refusal(CALL, "start_review", call, owner(call), between) == [
        f"申报至{moment(call.submit_by + WEEK)}截止，届时方可开始评审（第九条）"
    ]
    started = start_review(call, call.submit_by + WEEK + timedelta(days=1))
    assert "专家评审已经开始，申报截止不能再延（第九条）" in refused(
        started, submit_by=started.submit_by + 2 * WEEK
    )


def test_more_time_for_scores_reaches_the_experts() -> None:
    call = make_call()
    application = bring_to(make_application(call), S.UNDER_REVIEW)
    experts = seat_panel(call)
    started = start_review(call)
    later = put_off(started, score_by=started.score_by + WEEK)
    assert {review.due for review in application.reviews.all()} == {later.score_by}
    assert later.due == later.score_by
    page = browser_of(judging(experts[0])).get("/reviews/")
    assert page.status_code == 200


def test_those_who_have_more_time_are_told() -> None:
    hongshan, songshan = make_county("红山区"), make_county("松山区")
    call = make_call()
    application = make_application(call, make_lead(school=make_school(hongshan)))
    one, other = someone(Role.OFFICER, hongshan), someone(Role.OFFICER, songshan)
    Notice.objects.all().delete()
    put_off(call, hongshan, **a_week(call))
    assert set(Notice.objects.values_list("user", flat=True)) == {one.user_id, application.lead.user_id}
    assert "受降雪影响" in Notice.objects.filter(user=one.user_id).get().text
    put_off(call, score_by=call.score_by + WEEK)
    assert Notice.objects.filter(user=other.user_id).exists()


def test_only_the_owners_officer_puts_off_and_says_why() -> None:
    call = make_call()
    planned = {"planned": Planned(None, a_week(call))}
    with pytest.raises(PermissionDenied):
        take(CALL, "extend", call.pk, leader(call), DURING, "延期", planned)
    with pytest.raises(PermissionDenied):
        take(CALL, "extend", call.pk, someone(Role.OFFICER, make_county()), DURING, "延期", planned)
    with pytest.raises(Refused, match="请填写意见"):
        take(CALL, "extend", call.pk, owner(call), DURING, "", planned)


def test_the_officer_fills_the_form_and_each_reads_their_own_dates(spring: None) -> None:
    hongshan, songshan = make_county("红山区"), make_county("松山区")
    call = make_call()
    day = localtime(call.submit_by + timedelta(days=2)).date()
    answer = browser_of(owner(call)).post(
        f"/calls/{call.number}/steps/extend/",
        {"opinion": "受降雪影响。", "whose": str(hongshan.pk), "submit_by_0": f"{day}"},
    )
    assert answer.status_code == 302
    shown = f"{day:%Y年%-m月%-d日} 23:59"
    address = f"/calls/{call.number}/"
    assert shown in browser_of(owner(call)).get(address).content.decode()
    for county, concerned in ((hongshan, True), (songshan, False)):
        for me in (make_capacity(Role.OFFICER, county), make_capacity(Role.PRINCIPAL, make_school(county))):
            browser = browser_of(me)
            assert (shown in browser.get(address).content.decode()) is concerned
            assert (shown in browser.get("/calls/").content.decode()) is concerned
        words = f"{day:%-m月%-d日}"
        school = make_capacity(Role.OFFICER, make_school(county))
        assert (words in browser_of(school).get("/desk/").content.decode()) is concerned
    visitor = browser_of(owner(call))
    visitor.logout()
    assert f"红山区延至 {shown}" in visitor.get("/").content.decode()


def test_the_principal_of_that_county_still_finds_the_call() -> None:
    county = make_county("红山区")
    call = make_call()
    put_off(call, county, **a_week(call))
    with time_machine.travel(call.submit_by + timedelta(days=1), tick=False):
        here = browser_of(acting(make_lead(school=make_school(county)))).get("/applications/")
        there = browser_of(acting(make_lead(school=make_school(make_county("松山区"))))).get("/applications/")
        assert list(here.context["open_calls"]) == [call]
        assert not there.context["open_calls"]
        assert call.name in browser_of(owner(call)).get(f"/calls/{call.number}/").content.decode()


def test_a_wrong_form_comes_back_with_the_reason(spring: None) -> None:
    call = make_call()
    answer = browser_of(owner(call)).post(
        f"/calls/{call.number}/steps/extend/",
        {"opinion": "受降雪影响。", "whose": "0", "submit_by_0": "2026-13-40"},
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "日期不存在，请重新选择" in page
    assert "受降雪影响。" in page
    assert Call.objects.get().submit_by == call.submit_by


# 延期通知: the document beside the opening notice


def notices(call: Call) -> list[OfficialDocument]:
    return list(OfficialDocument.objects.filter(kind="extension_notice").order_by("pk"))


def tell(call: Call, **more: str) -> Any:
    """The officer issues the notice from the case page."""
    untold = supplementing.untold(call)
    sent = {"extension": str(untold[0].pk), "number": "", "issued_on": "2026-03-11"} | more
    return browser_of(owner(call)).post(f"/calls/{call.number}/steps/supplement/", sent)


def test_dates_put_off_wait_for_their_notice_which_supplements_the_first(spring: None) -> None:
    call = make_call()
    was = call.submit_by
    page = browser_of(owner(call)).get(f"/calls/{call.number}/").content.decode()
    assert "印发延期通知" not in page
    call = put_off(call, **a_week(call))
    page = browser_of(owner(call)).get(f"/calls/{call.number}/").content.decode()
    assert "印发延期通知" in page
    assert tell(call).status_code == 302
    (notice,) = notices(call)
    assert notice.title == "关于延长2026年度名校长工作室申报时间的通知"
    assert notice.public
    assert notice.number
    assert notice.supplements
    assert notice.supplements.kind == "call_notice"
    first = notice.facts["changes"][0]
    assert (parse_datetime(first["was"]), parse_datetime(first["now"])) == (was, was + WEEK)
    assert "尚未印发通知" not in browser_of(owner(call)).get(f"/calls/{call.number}/").content.decode()
    assert "已由" in Client().get(f"/check/{notice.supplements.check_code}/").content.decode()
    page = browser_of(owner(call)).get(f"/calls/{call.number}/?tab=notice").content.decode()
    assert f"《{notice.title}》{notice.number}补充" in page


def test_the_notice_for_one_county_is_written_to_it_and_not_to_everybody(spring: None) -> None:
    county = make_county("红山区")
    officer = make_capacity(Role.OFFICER, county)
    call = put_off(make_call(), county, **a_week(make_call()))
    tell(call, number="赤教发[2026]第07号")
    (notice,) = notices(call)
    assert not notice.public
    assert notice.number == "赤教发〔2026〕7号"
    assert notice.facts["addressee"] == county.name
    assert Notice.objects.filter(user=officer.user, entry__step="supplement").exists()


def test_two_extensions_before_a_notice_are_told_of_together_and_a_later_one_anew(spring: None) -> None:
    call = make_call()
    was = call.submit_by
    call = put_off(call, **a_week(call))
    call = put_off(call, submit_by=call.submit_by + timedelta(hours=5))
    tell(call)
    call = put_off(call, score_by=call.score_by + WEEK)
    tell(call)
    first, second = notices(call)
    assert parse_datetime(first.facts["changes"][0]["was"]) == was
    assert [change["label"] for change in second.facts["changes"]] == ["专家评分截止"]
    assert second.title == "关于调整2026年度名校长工作室工作时间安排的通知"


def test_a_number_in_use_is_refused_and_nothing_is_issued(spring: None) -> None:
    call = put_off(make_call(), **a_week(make_call()))
    used = OfficialDocument.objects.filter(kind="call_notice").first()
    assert used
    answer = tell(call, number=used.number)
    assert answer.status_code == 422
    assert "已用于" in answer.content.decode()
    assert not notices(call)


@pytest.mark.skipif(available() is not None, reason="no Pango or fonts here")
def test_the_notice_is_looked_at_before_it_is_issued(spring: None) -> None:
    call = put_off(make_call(), **a_week(make_call()))
    browser = browser_of(owner(call))
    assert browser.get(f"/calls/{call.number}/supplement/").status_code == 200
    answer = browser.get(f"/calls/{call.number}/supplement/preview/")
    words = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages).replace(
        "\n", ""
    )
    for each in ("关于延长", "申报截止时间由2026年3月22日", "延至2026年3月29日", "作如下补充", "特此通知"):
        assert each in words
