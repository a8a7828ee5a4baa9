"""第九条　名校长工作室按以下程序进行申报和评审：
（一）符合条件的校长申报后，经所在学校和旗（县、区）教育行政部门审核，向市教育局推荐。
（二）市教育局组织专家进行评审，评审通过并经公示无异议后，由市教育局发文公布，并予挂牌。
"""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.timezone import localdate

from accounts.models import Role
from applications import results
from applications.flows import ANNOUNCEMENT, APPLICATION, CALL, PUBLICITY, REVIEW
from applications.models import Application, Call, CallState, Publicity, Review
from office.audit import verify
from office.door import Moved, begin, take
from office.models import Entry, OfficialDocument
from tests.factories.accounts import capacity, make_bureau, make_county, make_school
from tests.factories.applications import (
    DURING,
    acting,
    attach_materials,
    bring_to,
    make_application,
    make_call,
    make_lead,
    someone,
)
from tests.factories.rounds import (
    ANNOUNCED_ON,
    CONCLUDED_ON,
    DECIDED_ON,
    PUBLISHED_ON,
    REVIEWING_ON,
    SCORED_ON,
    again,
    announce,
    attach_minutes,
    bring_on,
    decide,
    draft_announcement,
    endorse,
    fill_sheet,
    judge,
    judging,
    last_moment,
    leader,
    object_to,
    owner,
    publish,
    recommend,
    refusal,
    score,
    seat_panel,
    start_review,
    step,
)

pytestmark = [pytest.mark.django_db, pytest.mark.core]


@pytest.fixture
def call() -> Call:
    return make_call()


@pytest.fixture
def application(call: Call) -> Application:
    """王志远, head of a primary school of 红山区, has filled in everything."""
    school = make_school(make_county("红山区"), "红山区清泉小学")
    return make_application(call, make_lead(name="王志远", school=school))


def hands(case: object) -> list[tuple[str, str]]:
    """Who acted, as what, oldest first: (organisation and role, step)."""
    rows = Entry.objects.of(case).exclude(step__in=("attach", "results", "seat"))  # type: ignore[arg-type]
    return [(str(row.appointment), row.label) for row in rows.select_related("appointment__organisation")]


# 符合条件的校长申报后，经所在学校和旗（县、区）教育行政部门审核，向市教育局推荐 …… 发文公布，并予挂牌


def test_from_the_call_to_the_plaque_through_every_hand(call: Call, application: Application) -> None:
    application = step(application, "submit", acting(application.lead))
    assert application.get_state_display() == "待学校审核"
    application = endorse(application)
    assert application.get_state_display() == "待主管部门审核推荐"
    application = recommend(application, rank=1)
    assert application.get_state_display() == "待形式审查"
    application = step(application, "accept", owner(call))
    assert application.get_state_display() == "专家评审中"

    experts = seat_panel(call)
    start_review(call)
    assert {review.expert for review in application.reviews.all()} == set(experts)
    for review, share in zip(application.reviews.order_by("pk"), ("0.8", "0.9", "1.0"), strict=True):
        score(review, share)
    assert again(application).score == pytest.approx(90, abs=1), "the mean of three sheets"

    decide(call)
    assert again(application).get_state_display() == "评审通过"
    publicity = publish(call)
    assert again(application).get_state_display() == "公示中"
    assert localdate(publicity.ends_at) == date(2026, 6, 3), "five working days after Wednesday, 27 May"
    take(PUBLICITY, "conclude", publicity.pk, owner(call), CONCLUDED_ON)
    assert again(application).get_state_display() == "公示无异议"

    announcement = announce(call)
    application = again(application)
    assert application.get_state_display() == "已公布"
    document = OfficialDocument.objects.get(object_id=announcement.pk, kind="announcement")
    assert document.number == "赤教发〔2026〕2号", "the notice of the call was the first"
    studio = application.studio
    assert (studio.name, studio.lead, studio.school) == (
        "王志远名校长工作室",
        application.lead,
        application.school,
    )
    assert (studio.number, studio.plaque.number) == ("2026-S001", "2026第001号")
    assert studio.plaque.awarded_on == localdate(ANNOUNCED_ON)

    assert hands(application) == [
        ("红山区清泉小学·校长", "开始申报"),
        ("红山区清泉小学·校长", "提交"),
        ("红山区清泉小学·经办", "学校审核同意"),
        ("红山区教育局·经办", "审核推荐"),
        ("赤峰市教育局·经办", "形式审查通过"),
        ("赤峰市教育局·审批", "评审通过"),
        ("赤峰市教育局·经办", "公示"),
        ("赤峰市教育局·经办", "公示无异议"),
        ("赤峰市教育局·审批", "公布"),
    ]
    assert hands(Call.objects.get(pk=call.pk)) == [
        ("赤峰市教育局·经办", "建立"),
        ("赤峰市教育局·经办", "发布申报"),
        ("赤峰市教育局·经办", "开始专家评审"),
        ("赤峰市教育局·审批", "审定名单"),
        ("赤峰市教育局·经办", "公示"),
        ("赤峰市教育局·审批", "公布"),
    ]
    assert verify() is None


def test_the_bureau_is_the_authority_of_a_school_directly_under_it(call: Call) -> None:
    """市直学校没有旗县区：审核推荐由市教育局办理，仍是单独的一步."""
    lead = make_lead(name="赵文华", school=make_school(make_bureau(), "赤峰市直属实验小学"))
    application = bring_to(make_application(call, lead), "authority_review")
    county = someone(Role.OFFICER, make_county("红山区"))
    with pytest.raises(Application.DoesNotExist):
        take(APPLICATION, "recommend", application.pk, county, DURING, "同意推荐", {"rank": 1})
    recommend(application)
    assert hands(application)[-1] == ("赤峰市教育局·经办", "审核推荐")


def test_a_county_that_runs_its_own_programme_has_its_own_chain() -> None:
    """第十九条: the owner of a programme may be a county; its officer checks, its leader decides and announces."""
    county = make_county("松山区")
    call = make_call(county)
    lead = make_lead(school=make_school(county))
    application = bring_on(make_application(call, lead), "confirmed")
    announce(call, number="松教发〔2026〕3号")
    application = again(application)
    assert application.studio.plaque
    assert OfficialDocument.objects.get(kind="announcement").number == "松教发〔2026〕3号"
    assert {who.split("·")[0] for who, _ in hands(application)} == {"松山区教育局", lead.school.name}


def test_a_programme_without_a_code_of_its_own_types_the_number_of_its_document() -> None:
    county = make_county("松山区")
    call = make_call(county)
    bring_on(make_application(call, make_lead(school=make_school(county))), "confirmed")
    assert refusal(ANNOUNCEMENT, "issue", draft_announcement(call), leader(call), ANNOUNCED_ON) == [
        "请填写发文字号（本项目没有设定发文机关代字，系统不能自动编号）（第九条）"
    ]


# （一）符合条件的校长申报后


def test_nobody_applies_before_the_call_opens_or_after_it_closes(
    call: Call, application: Application
) -> None:
    me = acting(application.lead)
    early = refusal(APPLICATION, "submit", application, me, call.opens_at - timedelta(seconds=1))
    assert early == ["申报自2026年3月2日 08:00开始（第九条）"]
    late = refusal(APPLICATION, "submit", application, me, call.submit_by + timedelta(microseconds=1))
    assert late == ["申报已于2026年3月22日 08:00截止（第九条）"]
    assert step(application, "submit", me, call.submit_by).state == "school_review", "the last moment counts"


def test_nobody_applies_for_a_stage_that_is_not_called_for(call: Call, application: Application) -> None:
    call.places.filter(stage=application.stage).delete()
    assert refusal(APPLICATION, "submit", application, acting(application.lead)) == [
        "本批次不设小学学段的工作室（第九条）"
    ]


def test_nobody_applies_with_an_empty_form_or_without_the_materials(call: Call) -> None:
    bare = make_application(call, complete=False)
    said = refusal(APPLICATION, "submit", bare, acting(bare.lead))
    assert "请上传材料：正职任职文件（第九条）" in said
    assert [sentence for sentence in said if sentence.startswith("“领衔人”尚缺：")]


# 经所在学校……审核


def test_the_applicant_does_not_review_the_own_application(call: Call, application: Application) -> None:
    """The head of the school applies: another person of the school reviews, even if the head is its officer too."""
    application = bring_to(application, "school_review")
    attach_materials(application, "school", someone(Role.OFFICER, application.school))
    also_officer = capacity(application.lead.user, application.school, Role.OFFICER)
    with pytest.raises(PermissionDenied):
        take(APPLICATION, "endorse", application.pk, also_officer, DURING, "同意")


def test_another_school_does_not_see_it_and_the_county_not_yet(call: Call, application: Application) -> None:
    application = bring_to(application, "school_review")
    someone(Role.OFFICER, application.school)
    strangers = (make_school(application.authority), application.authority)
    for organisation in strangers:
        with pytest.raises(Application.DoesNotExist):
            take(APPLICATION, "endorse", application.pk, someone(Role.OFFICER, organisation), DURING, "同意")


def test_a_school_that_says_nothing_has_not_reviewed(call: Call, application: Application) -> None:
    application = bring_to(application, "school_review")
    officer = someone(Role.OFFICER, application.school)
    attach_materials(application, "school", officer)
    assert refusal(APPLICATION, "endorse", application, officer, opinion="　") == ["请填写意见"]


# 和旗（县、区）教育行政部门审核，向市教育局推荐


def test_a_county_does_not_recommend_what_its_school_has_not_endorsed(application: Application) -> None:
    application = bring_to(application, "school_review")
    someone(Role.OFFICER, application.school)
    with pytest.raises(Application.DoesNotExist):
        recommend(application)


def test_a_county_does_not_recommend_without_rank_or_with_one_it_has_given(call: Call) -> None:
    first, second = (bring_to(make_application(call), "authority_review") for _ in range(2))
    officer = someone(Role.OFFICER, first.authority)
    assert refusal(APPLICATION, "recommend", first, officer) == ["请填写推荐排序（第九条）"]
    recommend(first, rank=1)
    assert refusal(APPLICATION, "recommend", second, officer, rank=1) == [
        f"推荐排序 1 已用于{first}（第九条）"
    ]


def test_the_bureau_does_not_accept_what_nobody_recommended(call: Call, application: Application) -> None:
    application = bring_to(application, "authority_review")
    with pytest.raises(Moved):
        take(APPLICATION, "accept", application.pk, owner(call), DURING)


# （二）市教育局组织专家进行评审


def test_experts_do_not_begin_while_one_can_still_apply(call: Call, application: Application) -> None:
    bring_to(application, "under_review")
    seat_panel(call)
    assert refusal(CALL, "start_review", call, owner(call), call.submit_by) == [
        "申报至2026年3月22日 08:00截止，届时方可开始评审（第九条）"
    ]


def test_a_panel_needs_enough_experts(call: Call, application: Application) -> None:
    bring_to(application, "under_review")
    seat_panel(call, number=2)
    assert refusal(CALL, "start_review", call, owner(call), REVIEWING_ON) == [
        "小学评审组现有 2 名专家，至少需要 3 名（第九条）"
    ]


def test_without_an_application_there_is_nothing_to_review(call: Call) -> None:
    assert refusal(CALL, "start_review", call, owner(call), REVIEWING_ON) == [
        "还没有通过形式审查的申报（第九条）"
    ]


def test_an_expert_judges_the_whole_sheet_and_says_why_points_are_few(application: Application) -> None:
    application = bring_on(application, "under_review")
    review = Review.objects.filter(application=application).first()
    me = judging(review.expert)
    said = refusal(REVIEW, "submit", review, me, SCORED_ON)
    assert "“教育理论素养”尚未评分" in said
    assert said[-1] == "请填写评审意见"
    fill_sheet(review, "0.5")
    review.scores.update(reason="")
    assert "“教育理论素养”得分低于六成，请写明理由" in refusal(REVIEW, "submit", review, me, SCORED_ON)


def test_an_expert_does_not_hand_in_the_sheet_of_another(application: Application) -> None:
    application = bring_on(application, "under_review")
    first, second = Review.objects.filter(application=application)[:2]
    fill_sheet(first)
    with pytest.raises(Review.DoesNotExist):
        take(REVIEW, "submit", first.pk, judging(second.expert), SCORED_ON)


# 评审通过


def test_the_list_is_not_decided_while_a_sheet_is_out(call: Call, application: Application) -> None:
    application = bring_on(application, "under_review")
    score(application.reviews.first())
    assert refusal(CALL, "decide", call, leader(call), DECIDED_ON) == [
        "1 份申报还有专家未提交评分（第九条）",
        "1 份申报的有效评审不足 3 份（第九条）",
        "1 份申报尚未拟定结果（第九条）",
        "请上传审定名单的会议纪要（第九条）",
    ]


def test_the_list_is_not_decided_while_an_application_is_on_its_way(
    call: Call, application: Application
) -> None:
    bring_to(make_application(call), "recommended")
    bring_on(application, "under_review")
    judge(call)
    results.take_over(call, owner(call), DECIDED_ON)
    attach_minutes(call)
    assert refusal(CALL, "decide", call, leader(call), DECIDED_ON) == [
        "还有 1 份申报在审核或修改中（第九条）"
    ]


def test_whoever_decides_otherwise_than_the_experts_says_why(call: Call, application: Application) -> None:
    application = bring_on(application, "under_review")
    judge(call, "0.65")
    sent = results.Sent("pass", "", results.mark(application))
    assert results.keep(call, {application.pk: sent}, owner(call), DECIDED_ON) == {
        application.pk: "与评审结果（不通过）不一致，请写明理由"
    }
    reasoned = results.Sent("pass", "全旗唯一的牧区学校，经会议研究。", results.mark(application))
    assert results.keep(call, {application.pk: reasoned}, owner(call), DECIDED_ON) == {}
    attach_minutes(call)
    take(CALL, "decide", call.pk, leader(call), DECIDED_ON, "同意。")
    passed = Entry.objects.of(application).last()
    assert (passed.label, passed.opinion) == ("评审通过", "全旗唯一的牧区学校，经会议研究。")


def test_below_the_line_or_beyond_the_places_one_does_not_pass(call: Call) -> None:
    call.places.filter(stage="primary").update(number=1)
    best, second, weak = (bring_to(make_application(call), "under_review") for _ in range(3))
    seat_panel(call)
    start_review(call)
    for application, share in ((best, "0.95"), (second, "0.9"), (weak, "0.65")):
        for review in application.reviews.all():
            score(review, share)
    decide(call)
    assert [again(each).state for each in (best, second, weak)] == ["passed", "not_passed", "not_passed"]
    assert second.members.filter(state="lapsed").count() == 8, "whoever was asked is free"


def test_the_officer_does_not_decide_in_the_place_of_the_leader(call: Call, application: Application) -> None:
    bring_on(application, "under_review")
    judge(call)
    with pytest.raises(PermissionDenied):
        take(CALL, "decide", call.pk, owner(call), DECIDED_ON, "同意")


# 并经公示无异议后


def test_nothing_is_publicised_before_the_list_is_decided(call: Call, application: Application) -> None:
    bring_on(application, "under_review")
    draft = Publicity(call=call, days=5, contact="市教育局人事科")
    begin(draft, owner(call), DECIDED_ON)
    assert refusal(PUBLICITY, "publish", draft, owner(call), DECIDED_ON) == ["名单尚未审定（第九条）"]


def test_a_publicity_says_where_to_object(call: Call, application: Application) -> None:
    bring_on(application, "passed")
    draft = Publicity(call=call, days=5, contact=" ")
    begin(draft, owner(call), PUBLISHED_ON)
    assert refusal(PUBLICITY, "publish", draft, owner(call), PUBLISHED_ON) == [
        "请填写异议受理单位及联系方式（第九条）"
    ]


def test_a_publicity_does_not_end_before_its_last_second_has_passed(
    call: Call, application: Application
) -> None:
    application = bring_on(application, "publicised")
    publicity = application.publicity
    ends = last_moment(date(2026, 6, 3))
    assert publicity.ends_at == ends
    assert refusal(PUBLICITY, "conclude", publicity, owner(call), ends) == [
        "公示期至2026年6月3日 23:59，期满后方可结束（第九条）"
    ]
    take(PUBLICITY, "conclude", publicity.pk, owner(call), ends + timedelta(microseconds=1))
    assert again(application).state == "confirmed"


def test_a_corrected_list_is_shown_for_the_whole_period_again(call: Call, application: Application) -> None:
    publicity = bring_on(application, "publicised").publicity
    friday = PUBLISHED_ON + timedelta(days=2)
    assert refusal(PUBLICITY, "correct", publicity, owner(call), friday, opinion="") == ["请填写意见"]
    take(PUBLICITY, "correct", publicity.pk, owner(call), friday, "校名有误", {"note": "校名更正"})
    publicity.refresh_from_db()
    assert localdate(publicity.ends_at) == date(2026, 6, 5)
    assert OfficialDocument.objects.filter(object_id=publicity.pk, kind="publicity").count() == 2


# 由市教育局发文公布，并予挂牌


def test_nothing_is_announced_before_the_publicity_has_ended(call: Call, application: Application) -> None:
    bring_on(application, "publicised")
    draft = draft_announcement(call)
    assert refusal(ANNOUNCEMENT, "issue", draft, leader(call), ANNOUNCED_ON) == [
        "没有公示无异议、待公布的工作室（第九条）"
    ]


def test_nothing_is_announced_before_it_was_publicised(call: Call, application: Application) -> None:
    bring_on(application, "passed")
    draft = draft_announcement(call)
    assert refusal(ANNOUNCEMENT, "issue", draft, leader(call), ANNOUNCED_ON) == ["尚未公示（第九条）"]


def test_what_an_objection_holds_is_not_announced_and_the_others_are(call: Call) -> None:
    held, free = (bring_to(make_application(call), "under_review") for _ in range(2))
    seat_panel(call)
    start_review(call)
    judge(call)
    decide(call)
    publicity = publish(call)
    object_to(again(held), PUBLISHED_ON + timedelta(days=1))
    take(PUBLICITY, "conclude", publicity.pk, owner(call), CONCLUDED_ON)
    announce(call)
    assert (again(held).state, again(free).state) == ("held", "announced")
    assert again(held).studio is None
    assert Call.objects.get(pk=call.pk).state == CallState.ANNOUNCED


def test_the_officer_does_not_issue_in_the_place_of_the_leader(call: Call, application: Application) -> None:
    bring_on(application, "confirmed")
    with pytest.raises(PermissionDenied):
        take(ANNOUNCEMENT, "issue", draft_announcement(call).pk, owner(call), ANNOUNCED_ON)


def test_what_is_announced_stays_announced(call: Call, application: Application) -> None:
    application = bring_on(application, "announced")
    with pytest.raises(Moved):
        take(APPLICATION, "withdraw", application.pk, acting(application.lead), ANNOUNCED_ON)
    with pytest.raises(Moved):
        take(CALL, "cancel", call.pk, leader(call), ANNOUNCED_ON, "不办了")
