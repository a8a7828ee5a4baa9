"""Results: the ranking, what the scores propose, the list the leader decides on."""

from decimal import Decimal
from io import BytesIO

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from accounts.models import Role
from applications import deciding
from applications.flows import CALL, REVIEW
from applications.models import Application, ApplicationState, Call, CallState, Review, ReviewState
from applications.results import mark
from office.door import Refused, take
from office.models import Attachment, Entry
from tests.applications.judging import browser_of
from tests.factories.accounts import PASSWORD, make_capacity, make_county, make_school
from tests.factories.applications import bring_to, make_application, make_call, make_lead, paper
from tests.factories.rounds import (
    DECIDED_ON,
    SCORED_ON,
    attach_minutes,
    judge,
    judging,
    leader,
    owner,
    score,
    seat_panel,
    start_review,
)

pytestmark = pytest.mark.django_db
S = ApplicationState


@pytest.fixture(autouse=True)
def may():
    with time_machine.travel(DECIDED_ON, tick=False):
        yield


def reviewed(number: int, places: int = 3, experts: int = 3) -> Call:
    call = make_call(opened=True)
    call.places.filter(stage="primary").update(number=places)
    for _ in range(number):
        bring_to(make_application(call), S.UNDER_REVIEW)
    seat_panel(call, number=experts)
    return start_review(call)


def judged(call: Call, *shares: str) -> list[Application]:
    """Each application of the call, in the order of number, gets its share of the points from every expert."""
    applications = list(call.applications.order_by("number"))
    for application, share in zip(applications, shares, strict=True):
        for review in application.reviews.select_related("application__call", "expert__user"):
            score(review, share)
    return list(call.applications.order_by("number"))


def sent(*rows: tuple[Application, str, str]) -> dict[str, str]:
    """The form of the page: (application as it was read, result, reason)."""
    form = {"act": "keep"}
    for application, given, reason in rows:
        form |= {
            f"read-{application.pk}": mark(application),
            f"result-{application.pk}": given,
            f"deviation-{application.pk}": reason,
        }
    return form


# What the scores propose


def test_line_first_then_place_within_the_number_of_the_stage():
    call = reviewed(4, places=2)
    rows = judged(call, "0.8", "0.9", "0.75", "0.6")
    proposed = [deciding.proposals(call)[row.pk] for row in rows]
    assert [(each.place, each.result) for each in proposed] == [
        (2, "pass"), (1, "pass"), (3, "fail"), (4, "fail"),
    ]  # fmt: skip
    call.places.filter(stage="primary").update(number=4)
    assert [deciding.proposals(call)[row.pk].result for row in rows] == ["pass", "pass", "pass", "fail"]


def test_a_tie_across_the_last_place_is_shown_and_not_broken():
    call = reviewed(2, places=1)
    rows = judged(call, "0.8", "0.8")
    proposed = [deciding.proposals(call)[row.pk] for row in rows]
    assert [(each.place, each.tied, each.result) for each in proposed] == [
        (1, True, "pass"),
        (1, True, "pass"),
    ]
    page = browser_of(owner(call)).get(f"/calls/{call.number}/results/").content.decode()
    assert "得分并列，建议通过 2 个，超过拟建数量 1 个" in page
    assert page.count("并列</span>") == 2


def test_a_veto_proposes_no_and_the_leader_may_still_say_yes_with_a_reason():
    call = reviewed(1)
    first = Review.objects.order_by("pk").first()
    first.veto = True
    first.save()
    judge(call)
    (row,) = call.applications.all()
    proposal = deciding.proposals(call)[row.pk]
    assert (proposal.vetoed, proposal.result, proposal.place) == (True, "fail", 1)
    browser = browser_of(leader(call))
    page = browser.get(f"/calls/{call.number}/results/").content.decode()
    assert "师德否决" in page
    refused = browser.post(f"/calls/{call.number}/results/", sent((row, "pass", "")))
    assert refused.status_code == 422
    kept = browser.post(f"/calls/{call.number}/results/", sent((row, "pass", "经纪检部门核实不属实")))
    assert kept.status_code == 302
    attach_minutes(call)
    assert take(CALL, "decide", call.pk, leader(call), DECIDED_ON, "同意。").state == CallState.DECIDED


def test_a_veto_still_being_written_is_no_veto():
    call = reviewed(1)
    (row,) = call.applications.all()
    Review.objects.filter(application=row).update(veto=True)
    assert deciding.proposals(call)[row.pk].vetoed is False


# Setting results


def test_a_deviation_needs_a_reason_and_what_was_typed_is_not_lost():
    call = reviewed(2)
    good, weak = judged(call, "0.9", "0.5")
    browser = browser_of(owner(call))
    answer = browser.post(f"/calls/{call.number}/results/", sent((good, "pass", ""), (weak, "pass", "")))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "与评审结果（不通过）不一致，请写明理由" in page
    assert page.count('value="pass" checked') == 2
    assert not Application.objects.exclude(result="").exists()
    browser.post(f"/calls/{call.number}/results/", sent((good, "pass", ""), (weak, "pass", "旗县唯一申报")))
    weak.refresh_from_db()
    assert (weak.result, weak.deviation) == ("pass", "旗县唯一申报")
    facts = Entry.objects.of(call).filter(step="results").last().facts
    assert facts[str(weak)] == ["未定", "通过（旗县唯一申报）"]


def test_the_second_of_two_tabs_sees_what_the_first_has_set():
    call = reviewed(2)
    one, other = judged(call, "0.9", "0.8")
    officer, boss = browser_of(owner(call)), browser_of(leader(call))
    address = f"/calls/{call.number}/results/"
    intended = sent((one, "fail", "材料存疑"), (other, "pass", "")) | {f"rank-{other.pk}": "前一名材料存疑"}
    officer.post(address, intended)
    answer = boss.post(address, sent((one, "pass", ""), (other, "", "")))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "刚被他人改为“不通过”，理由：材料存疑；没有覆盖" in page
    one.refresh_from_db()
    assert one.result == "fail"
    again = boss.post(address, sent((one, "pass", "")))
    assert again.status_code == 302
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.result, other.result) == ("pass", "pass")


def test_all_proposals_are_taken_over_where_nothing_is_set_yet():
    call = reviewed(3)
    first, second, third = judged(call, "0.9", "0.8", "0.5")
    browser = browser_of(owner(call))
    browser.post(f"/calls/{call.number}/results/", sent((first, "fail", "另有安排")))
    page = browser.post(f"/calls/{call.number}/results/", {"act": "proposals"}, follow=True)
    assert "已按评审建议填入 2 份" in page.content.decode()
    results = dict(call.applications.values_list("pk", "result"))
    assert results == {first.pk: "fail", second.pk: "pass", third.pk: "fail"}


def test_others_than_the_owner_have_no_business_with_results():
    call = reviewed(1)
    county = make_capacity(Role.OFFICER, make_county())
    expert = judging(Review.objects.first().expert)
    for me in (county, expert):
        browser = browser_of(me)
        for query in ("", "?export=xlsx", "?view=print"):
            assert browser.get(f"/calls/{call.number}/results/{query}").status_code == 403
        assert browser.post(f"/calls/{call.number}/results/", {"act": "proposals"}).status_code == 403


# Deciding


def test_a_list_is_decided_when_every_sheet_is_in_and_every_result_set():
    call = reviewed(2)
    rows = list(call.applications.order_by("number"))
    for review in rows[0].reviews.select_related("application__call", "expert__user"):
        score(review)
    with pytest.raises(Refused) as refusal:
        take(CALL, "decide", call.pk, leader(call), DECIDED_ON, "同意。")
    assert [lack.sentence for lack in refusal.value.missing] == [
        "1 份申报还有专家未提交评分",
        "1 份申报的有效评审不足 3 份",
        "2 份申报尚未拟定结果",
        "请上传审定名单的会议纪要",
    ]


def test_three_valid_sheets_are_the_least():
    call = reviewed(1)
    reviews = list(Review.objects.select_related("application__call", "expert__user").order_by("pk"))
    score(reviews[0])
    score(reviews[1])
    take(REVIEW, "release", reviews[2].pk, owner(call), SCORED_ON, "生病")
    browser_of(owner(call)).post(f"/calls/{call.number}/results/", {"act": "proposals"})
    with pytest.raises(Refused, match="1 份申报的有效评审不足 3 份"):
        take(CALL, "decide", call.pk, leader(call), DECIDED_ON, "同意。")


def test_a_result_that_stops_agreeing_with_the_scores_keeps_the_list_from_being_decided():
    call = reviewed(1)
    judge(call)
    browser_of(owner(call)).post(f"/calls/{call.number}/results/", {"act": "proposals"})
    for review in Review.objects.select_related("application__call", "expert__user"):
        take(REVIEW, "reopen", review.pk, owner(call), SCORED_ON, "请复核")
    assert set(Review.objects.values_list("state", flat=True)) == {ReviewState.ASSIGNED}
    judge(call, "0.5")
    with pytest.raises(Refused, match="拟定结果与评审结果不一致，请写明理由"):
        take(CALL, "decide", call.pk, leader(call), DECIDED_ON, "同意。")


def test_the_leader_decides_and_results_are_closed():
    call = reviewed(2)
    rows = judged(call, "0.9", "0.5")
    browser = browser_of(leader(call))
    browser.post(f"/calls/{call.number}/results/", {"act": "proposals"})
    assert (
        browser_of(owner(call)).post(f"/calls/{call.number}/steps/decide/", {"opinion": "同意"}).status_code
        == 403
    )
    attach_minutes(call)
    decide, words = f"/calls/{call.number}/steps/decide/", {"opinion": "经局党组会议研究同意"}
    assert browser.post(decide, words).status_code == 422, "the password is asked again"
    browser.post(decide, words | {"password": PASSWORD})
    assert dict(call.applications.values_list("pk", "state")) == {
        rows[0].pk: S.PASSED,
        rows[1].pk: S.NOT_PASSED,
    }
    rows[0].refresh_from_db()
    late = browser.post(f"/calls/{call.number}/results/", sent((rows[0], "fail", "改")))
    assert late.status_code == 409
    assert "拟定结果不能再改" in late.content.decode()
    rows[0].refresh_from_db()
    assert rows[0].result == "pass"
    assert "结果与名单" in browser.get(f"/calls/{call.number}/?tab=results").content.decode()


def test_the_list_is_not_decided_without_the_minutes_of_the_meeting():
    call = reviewed(1)
    judge(call)
    officer, boss = browser_of(owner(call)), browser_of(leader(call))
    officer.post(f"/calls/{call.number}/results/", {"act": "proposals"})
    page = boss.get(f"/calls/{call.number}/").content.decode()
    assert "请上传审定名单的会议纪要" in page
    assert f"/calls/{call.number}/?tab=results" in page
    answer = officer.post(
        f"/files/call/{call.pk}/",
        {"file-minutes": paper("第9次会议纪要.pdf"), "slot": "minutes"},
    )
    assert answer.status_code == 302
    shown = boss.get(f"/calls/{call.number}/?tab=results").content.decode()
    assert "第9次会议纪要.pdf" in shown
    assert take(CALL, "decide", call.pk, leader(call), DECIDED_ON, "同意。").state == CallState.DECIDED
    kept = Attachment.objects.get(slot="minutes")
    assert boss.get(f"/files/{kept.pk}/").status_code == 200
    assert boss.post(f"/files/{kept.pk}/remove/").status_code == 403
    for stranger in (make_capacity(Role.LEADER, make_county()), judging(Review.objects.first().expert)):
        assert browser_of(stranger).get(f"/files/{kept.pk}/").status_code == 404


# Sheet, paper, cost


def test_the_sheet_and_the_print_show_the_ranking():
    call = reviewed(2)
    weak, good = judged(call, "0.5", "0.9")
    browser = browser_of(owner(call))
    content = b"".join(browser.get(f"/calls/{call.number}/results/?export=xlsx").streaming_content)
    rows = list(load_workbook(BytesIO(content)).active.values)
    assert [row[2] for row in rows[1:]] == [good.number, weak.number]
    assert [row[1] for row in rows[1:]] == [1, 2]
    assert Decimal(str(rows[1][9])) == good.score
    assert [row[13] for row in rows[1:]] == ["通过", "不通过"]
    paper = browser.get(f"/calls/{call.number}/results/?view=print").content.decode()
    assert paper.index(good.studio_name) < paper.index(weak.studio_name)
    assert "<input" not in paper.partition("<main")[2].replace('type="hidden"', "")


def test_the_ranking_costs_the_same_for_one_application_and_for_three():
    costs = []
    for number in (1, 3):
        call = reviewed(number)
        judge(call)
        browser = browser_of(owner(call))
        browser.get(f"/calls/{call.number}/results/")
        with CaptureQueriesContext(connection) as captured:
            browser.get(f"/calls/{call.number}/results/")
        costs.append(len(captured))
    assert costs == [8, 8]


# Ranks of the county


def ranked(shares: dict[int, str]) -> Call:
    """A call in which one county ranked several of a stage; ``shares`` gives by rank what the experts think of each."""
    call = make_call()
    county = make_county("红山区")
    for _ in shares:
        bring_to(make_application(call, make_lead(school=make_school(county))), ApplicationState.UNDER_REVIEW)
    seat_panel(call)
    call = start_review(call)
    for rank, share in shares.items():
        for review in Review.objects.filter(application__rank=rank).select_related(
            "application__call", "expert__user"
        ):
            score(review, share)
    return call


def by_rank(call: Call) -> list[Application]:
    return list(call.applications.order_by("rank"))


def test_who_passes_over_one_the_county_ranked_before_needs_a_reason():
    call = ranked({1: "0.8", 2: "0.9"})
    first, second = by_rank(call)
    browser = browser_of(owner(call))
    address = f"/calls/{call.number}/results/"
    intended = sent((first, "fail", "师德存疑"), (second, "pass", ""))
    answer = browser.post(address, intended)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert f"而推荐第1的{first.studio_name}" in page
    assert "请写明与推荐排序不一致的理由" in page
    assert browser.post(address, intended | {f"rank-{second.pk}": "得分更高"}).status_code == 302
    second.refresh_from_db()
    assert second.rank_deviation == "得分更高"
    assert f"越过推荐第1的{first.studio_name}" in browser.get(f"{address}?view=print").content.decode()


def test_the_list_is_not_decided_without_that_reason_and_history_and_tables_tell_it():
    call = ranked({1: "0.5", 2: "0.9"})
    first, second = by_rank(call)
    attach_minutes(call)
    address = f"/calls/{call.number}/results/"
    browser = browser_of(owner(call))
    browser.post(address, sent((second, "pass", "")))
    browser.post(address, sent((first, "fail", "")))
    with pytest.raises(Refused, match=r"推荐排序在前的.*拟不通过，请写明理由"):
        take(CALL, "decide", call.pk, leader(call), DECIDED_ON, "同意。")
    second.refresh_from_db()
    browser.post(address, sent((second, "pass", "")) | {f"rank-{second.pk}": "专家评审得分更高"})
    take(CALL, "decide", call.pk, leader(call), DECIDED_ON, "同意。")
    entry = Entry.objects.of(second).get(step="pass")
    assert entry.opinion == "与推荐排序不一致：专家评审得分更高"
    answer = browser_of(leader(call)).get(f"/calls/{call.number}/tables/deviations/?export=xlsx")
    rows = list(load_workbook(BytesIO(b"".join(answer.streaming_content))).active.values)
    assert rows[1][2:4] == (2, second.studio_name)
    assert rows[1][-1] == "专家评审得分更高"


def test_where_the_scores_say_so_the_proposal_brings_the_reason():
    call = ranked({1: "0.5", 2: "0.9"})
    first, second = by_rank(call)
    browser_of(owner(call)).post(f"/calls/{call.number}/results/", {"act": "proposals"})
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.result, second.result) == ("fail", "pass")
    assert second.rank_deviation.startswith("专家评审得分 90.00，高于推荐第1的")
    assert first.rank_deviation == ""
