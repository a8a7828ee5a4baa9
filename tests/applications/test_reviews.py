"""The score sheet: an expert's cells, comment, veto, submission; what the expert does not see."""

from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Role
from applications.flows import APPLICATION, CALL, REVIEW
from applications.models import Application, ApplicationState, Call, Review, ReviewScore, ReviewState
from applications.scoring import outliers, result, spread
from evaluations.models import Indicator, Rubric
from evaluations.trees import rewrite
from office.door import Refused, take
from tests.applications.judging import browser_of
from tests.factories.accounts import make_bureau
from tests.factories.applications import DURING, bring_to, make_application, make_call, someone
from tests.factories.rounds import (
    REVIEWING_ON,
    SCORED_ON,
    fill_sheet,
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
def april():
    with time_machine.travel(REVIEWING_ON, tick=False):
        yield


def reviewed(number: int = 1, experts: int = 3, later: int = 0) -> Call:
    """A call whose applications are with the experts; ``later`` more wait for the check of their form."""
    call = make_call()
    for place in range(number + later):
        bring_to(make_application(call), S.UNDER_REVIEW if place < number else S.RECOMMENDED)
    seat_panel(call, number=experts)
    return start_review(call)


def accept_rest(call: Call) -> None:
    """The owner accepts what is left, while the experts are at work."""
    for application in Application.objects.filter(call=call, state=S.RECOMMENDED):
        take(APPLICATION, "accept", application.pk, owner(call), REVIEWING_ON)


@pytest.fixture
def call() -> Call:
    return reviewed()


@pytest.fixture
def review(call: Call) -> Review:
    return Review.objects.select_related("application__call", "expert__user").order_by("pk").first()


def leaf(review: Review, label: str) -> Indicator:
    return Indicator.objects.get(rubric=review.application.call.rubric, label=label)


def save(review: Review, label: str, points: str, reason: str = ""):
    address = f"/reviews/{review.pk}/sheet/{leaf(review, label).pk}/"
    return browser_of(judging(review.expert)).post(address, {"score": points, "reason": reason})


# Cells


def test_a_cell_is_kept_as_it_is_written(review):
    answer = save(review, "规划目标", "3.5", "目标具体")
    assert (answer.status_code, answer.json()) == (200, {"saved_at": f"{REVIEWING_ON:%H:%M}"})
    assert len(answer.content) < 2048
    kept = ReviewScore.objects.get()
    assert (kept.points, kept.reason, kept.maximum) == (Decimal("3.5"), "目标具体", Decimal(4))
    save(review, "规划目标", "")
    assert ReviewScore.objects.get().points is None


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("4.1", "“规划目标”最高 4 分，请修改。"),
        ("400", "“规划目标”最高 4 分，请修改。"),
        ("-1", "“规划目标”请填 0 至 4 的数字，请修改。"),
        ("三分", "“规划目标”请填 0 至 4 的数字，请修改。"),
        ("1e1", "“规划目标”请填 0 至 4 的数字，请修改。"),
        ("NaN", "“规划目标”请填 0 至 4 的数字，请修改。"),
        ("3.55", "“规划目标”最多一位小数，请修改。"),
    ],
)
def test_what_is_out_of_range_is_refused_in_its_cell(review, written, words):
    answer = save(review, "规划目标", written)
    assert (answer.status_code, answer.json()) == (422, {"message": words})
    assert not ReviewScore.objects.exists()


@pytest.mark.parametrize(("written", "points"), [("４", "4"), ("3。5", "3.5"), ("0", "0"), (" 4.0 ", "4")])
def test_full_width_digits_count_as_what_they_mean(review, written, points):
    assert save(review, "规划目标", written).status_code == 200
    assert ReviewScore.objects.get().points == Decimal(points)


def test_another_experts_sheet_is_not_there(call, review):
    other = Review.objects.exclude(pk=review.pk).first()
    browser = browser_of(judging(other.expert))
    cell = f"/reviews/{review.pk}/sheet/{leaf(review, '规划目标').pk}/"
    assert browser.post(cell, {"score": "1"}).status_code == 404
    assert browser.post(f"/reviews/{review.pk}/comment/", {"comment": "x"}).status_code == 404
    assert browser.get(f"/reviews/{review.pk}/sheet/").status_code == 404
    assert not ReviewScore.objects.exists()


def test_the_owner_reads_and_never_scores(call, review):
    cell = f"/reviews/{review.pk}/sheet/{leaf(review, '规划目标').pk}/"
    for me in (owner(call), leader(call)):
        assert browser_of(me).post(cell, {"score": "1"}).status_code == 404
        assert browser_of(me).get(f"/reviews/{review.pk}/sheet/").status_code == 403
    save(review, "规划目标", "1", "只有一句话")
    page = browser_of(owner(call)).get(f"/reviews/{review.pk}/").content.decode()
    assert "专家评分中，提交后可以查看" in page
    assert "只有一句话" not in page


def test_an_indicator_of_another_rubric_is_no_cell(review):
    copy = Rubric.objects.create(
        programme=review.application.call.programme, purpose="application", name="另一份"
    )
    rewrite(copy, "另一份", [("组", "项", Decimal(100), "")])
    stray = copy.indicators.get(label="项")
    answer = browser_of(judging(review.expert)).post(
        f"/reviews/{review.pk}/sheet/{stray.pk}/", {"score": "1"}
    )
    assert answer.status_code == 404


def test_saving_a_cell_stays_within_eight_queries(review, django_assert_max_num_queries):
    browser = browser_of(judging(review.expert))
    address = f"/reviews/{review.pk}/sheet/{leaf(review, '规划目标').pk}/"
    browser.post(address, {"score": "1"})
    with django_assert_max_num_queries(8):
        assert browser.post(address, {"score": "2"}).status_code == 200


# The sheet


def test_the_sheet_without_javascript_keeps_what_is_right_and_gives_back_what_is_not(review):
    browser = browser_of(judging(review.expert))
    good, bad = leaf(review, "规划目标"), leaf(review, "可行性")
    form = {
        f"score-{good.pk}": "3",
        f"score-{bad.pk}": "七",
        f"reason-{bad.pk}": "写了很久的理由",
        "comment": "可以",
    }
    answer = browser.post(f"/reviews/{review.pk}/sheet/", form)
    page = answer.content.decode()
    assert answer.status_code == 422
    for words in ("“可行性”请填 0 至 3 的数字，请修改。", 'value="七"', "写了很久的理由"):
        assert words in page
    assert ReviewScore.objects.get().points == 3
    review.refresh_from_db()
    assert review.comment == "可以"


def test_a_comment_and_a_veto_are_kept_like_a_cell(review):
    browser = browser_of(judging(review.expert))
    answer = browser.post(f"/reviews/{review.pk}/comment/", {"comment": "存在师德问题", "veto": "1"})
    assert answer.json() == {"saved_at": f"{REVIEWING_ON:%H:%M}"}
    review.refresh_from_db()
    assert (review.comment, review.veto) == ("存在师德问题", True)
    long = browser.post(f"/reviews/{review.pk}/comment/", {"comment": "字" * 2001})
    assert (long.status_code, long.json()["message"]) == (422, "评审意见最多 2000 字，现有 2001 字，请修改。")


def test_a_sheet_is_submitted_whole_and_then_locked(review):
    me = judging(review.expert)
    browser = browser_of(me)
    empty = browser.post(f"/reviews/{review.pk}/steps/submit/")
    assert empty.status_code == 422
    assert "“规划目标”尚未评分" in empty.content.decode()
    fill_sheet(review)
    save(review, "规划目标", "1", "")
    with pytest.raises(Refused, match="“规划目标”得分低于六成，请写明理由"):
        take(REVIEW, "submit", review.pk, me, SCORED_ON)
    save(review, "规划目标", "1", "目标笼统")
    assert browser.post(f"/reviews/{review.pk}/steps/submit/").status_code == 302
    review.refresh_from_db()
    assert review.state == ReviewState.SUBMITTED
    assert review.total == sum(score.points for score in review.scores.all())
    late = save(review, "规划目标", "4")
    assert late.status_code == 409
    assert "不能再改" in late.json()["message"]
    assert browser.post(f"/reviews/{review.pk}/sheet/", {"comment": "改"}).status_code == 409
    assert "已提交，不能再改" in browser.get(f"/reviews/{review.pk}/sheet/").content.decode()


def test_a_reopened_sheet_is_filled_in_again_and_does_not_count_meanwhile(call, review):
    score(review)
    assert Application.objects.get().valid_reviews == 1
    with pytest.raises(Refused, match="请填写意见"):
        take(REVIEW, "reopen", review.pk, owner(call), SCORED_ON)
    take(REVIEW, "reopen", review.pk, owner(call), SCORED_ON, "第三项漏看了附件，请复核")
    application = Application.objects.get()
    assert (application.valid_reviews, application.score) == (0, None)
    assert save(review, "规划目标", "4").status_code == 200
    page = browser_of(judging(review.expert)).get(f"/reviews/{review.pk}/").content.decode()
    assert "第三项漏看了附件，请复核" in page


def test_experts_see_no_opinions_no_colleagues_no_contacts(call, review):
    application = review.application
    lead = application.lead
    colleague = Review.objects.exclude(pk=review.pk).select_related("expert__user").first()
    score(colleague)
    colleague.refresh_from_db()
    browser = browser_of(judging(review.expert))
    for address in (f"/reviews/{review.pk}/sheet/", f"/reviews/{review.pk}/", application.get_absolute_url()):
        page = browser.get(address).content.decode()
        assert application.studio_name in page
        for hidden in (
            lead.phone,
            lead.identity,
            lead.masked_identity,
            "经学校党组织研究",
            "办学成效突出，同意推荐",
            str(colleague.expert),
            "签字盖章的申报表",
            "居民身份证",
        ):
            assert hidden not in page, (address, hidden)
    assert browser.get(f"/calls/{call.number}/progress/").status_code == 403
    assert browser.get(f"/calls/{call.number}/results/").status_code == 403
    assert browser.get(f"/reviews/{colleague.pk}/").status_code == 404


def test_a_sheet_of_twenty_five_indicators_stays_within_twelve_queries(django_assert_max_num_queries):
    call = make_call(opened=False)
    rewrite(
        call.rubric,
        "二十五项",
        [(f"第{place // 5}组", f"第{place}项", Decimal(4), "") for place in range(25)],
    )
    call = take(CALL, "open", call.pk, someone(Role.OFFICER, make_bureau()), DURING)
    bring_to(make_application(call), S.UNDER_REVIEW)
    seat_panel(call)
    start_review(call)
    review = Review.objects.select_related("application__call", "expert__user").first()
    fill_sheet(review, "0.8")
    browser = browser_of(judging(review.expert))
    browser.get(f"/reviews/{review.pk}/sheet/")
    with django_assert_max_num_queries(12):
        page = browser.get(f"/reviews/{review.pk}/sheet/")
    assert page.content.decode().count("data-item ") == 25
    assert len(page.content) < 80 * 1024


def test_my_reviews_show_how_far_each_is_at_the_same_cost(django_assert_num_queries):
    call = reviewed(3)
    expert = call.panels.get().seats.first().expert
    mine = Review.objects.filter(expert=expert).select_related("application__call", "expert__user")
    save(mine[0], "规划目标", "4")
    browser = browser_of(judging(expert))
    page = browser.get("/reviews/").content.decode()
    assert "1 / 16" in page
    assert page.count("0 / 16") == 2
    with CaptureQueriesContext(connection) as three:
        browser.get("/reviews/")
    for review in mine[1:]:
        take(REVIEW, "release", review.pk, owner(call), REVIEWING_ON, "调整分组")
    with django_assert_num_queries(len(three)):
        assert len(browser.get("/reviews/").context["page_obj"].object_list) == 1
    assert len(three) == 7


# The result of several sheets


def test_five_sheets_lose_the_highest_and_the_lowest_four_do_not():
    five = [Decimal(number) for number in (60, 70, 80, 90, 100)]
    assert result(five, trim=True) == Decimal("80.00")
    assert result([Decimal(10), *five[1:]], trim=True) == Decimal("80.00")
    assert result(five, trim=False) == Decimal("80.00")
    assert result([Decimal(0), *five[:3]], trim=True) == Decimal("52.50")
    assert result([Decimal(1), Decimal(1), Decimal(2)], trim=True) == Decimal("1.33")
    assert result([], trim=True) is None
    assert spread(five) == 40


def test_equal_highest_sheets_lose_one_only():
    assert result([Decimal(90), Decimal(90), Decimal(80), Decimal(80), Decimal(80)], trim=True) == Decimal(
        "83.33"
    )


def test_a_sheet_apart_from_the_middle_is_an_outlier():
    assert outliers([Decimal(80), Decimal(82), Decimal(60)]) == {Decimal(60)}
    assert outliers([Decimal(80), Decimal(82), Decimal(71)]) == set()
    assert outliers([Decimal(80), Decimal(20)]) == set()


def test_progress_marks_wide_spreads_outliers_and_the_late(call):
    reviews = list(Review.objects.select_related("application__call", "expert__user").order_by("pk"))
    score(reviews[0], "0.9")
    score(reviews[1], "0.85")
    score(reviews[2], "0.6", call.score_by.replace(month=6))
    browser = browser_of(owner(call))
    page = browser.get(f"/calls/{call.number}/progress/").content.decode()
    for words in ("分差大", "偏离", "逾期", "已提交 3 / 3 份"):
        assert words in page


def test_progress_costs_the_same_for_one_application_and_for_three(django_assert_num_queries):
    call = reviewed(1, later=2)
    browser = browser_of(owner(call))
    browser.get(f"/calls/{call.number}/progress/")
    with CaptureQueriesContext(connection) as one:
        browser.get(f"/calls/{call.number}/progress/")
    accept_rest(call)
    assert Review.objects.count() == 9
    with django_assert_num_queries(len(one)):
        browser.get(f"/calls/{call.number}/progress/")
    assert len(one) == 13


def test_an_application_accepted_later_goes_to_the_panel_at_once():
    call = reviewed(1, later=1)
    accept_rest(call)
    assert list(Application.objects.order_by().values_list("reviews__state", "state").distinct()) == [
        (ReviewState.ASSIGNED, S.UNDER_REVIEW)
    ]
    assert Review.objects.count() == 6
