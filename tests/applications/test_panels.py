"""Panels: who may not judge, drawing by lot, naming, waivers, another expert for one who left (回避)."""

import pytest
import time_machine

from accounts.models import Role
from applications import panels
from applications.flows import CALL, REVIEW
from applications.models import (
    ApplicationState,
    Call,
    CallState,
    Expert,
    PanelSeat,
    Review,
    ReviewState,
    Tie,
    Waiver,
)
from applications.recusal import conflicts
from office.door import Refused, take
from office.models import Entry
from studios.models import Stage
from tests.applications.judging import browser_of
from tests.factories.accounts import (
    capacity,
    make_bureau,
    make_capacity,
    make_county,
    make_principal,
    make_school,
)
from tests.factories.applications import (
    DURING,
    acting,
    add_member,
    bring_to,
    make_application,
    make_call,
    make_lead,
    someone,
)
from tests.factories.rounds import REVIEWING_ON, judging, leader, make_expert, owner, seat_panel, start_review

pytestmark = pytest.mark.django_db
S = ApplicationState
PRIMARY = Stage.PRIMARY


@pytest.fixture(autouse=True)
def spring():
    with time_machine.travel(DURING, tick=False):
        yield


@pytest.fixture
def call() -> Call:
    return make_call()


def expert_of(principal) -> Expert:
    """The principal as an expert of the pool."""
    user = acting(principal).user
    capacity(user, make_bureau(), Role.EXPERT)
    return Expert.objects.create(user=user, stages=list(Stage.values))


def between(expert: Expert, application) -> list[tuple[str, bool]]:
    found = conflicts([expert], [application]).get((expert.pk, application.pk), [])
    return [(conflict.sentence, conflict.waivable) for conflict in found]


# Who may not judge


def test_an_expert_of_elsewhere_may_judge(call):
    assert between(make_expert(), make_application(call, complete=False)) == []


def test_whoever_applies_in_the_call_judges_nobody_in_it(call):
    lead = make_lead()
    make_application(call, lead, complete=False)
    other = make_application(call, complete=False)
    assert between(expert_of(lead), other) == [("在本批次申报或被列为拟任成员", False)]


def test_a_proposed_member_judges_nobody_in_the_call(call):
    asked = make_principal()
    add_member(make_application(call, complete=False), asked, accepted=False)
    assert between(expert_of(asked), make_application(call, complete=False)) == [
        ("在本批次申报或被列为拟任成员", False)
    ]


def test_an_expert_of_the_same_school_must_stand_aside(call):
    application = make_application(call, complete=False)
    assert between(make_expert(unit=application.school), application) == [("与申报人同一学校", False)]


def test_a_recorded_relation_to_lead_or_member_rules_out(call):
    application = make_application(call, complete=False)
    asked = make_principal(name="乌兰")
    add_member(application, asked, accepted=False)
    one, other = make_expert(), make_expert()
    Tie.objects.create(expert=one, principal=application.lead, relation="夫妻")
    Tie.objects.create(expert=other, principal=asked, relation="师生")
    assert between(one, application) == [("与申报人有回避关系：夫妻", False)]
    assert between(other, application) == [("与拟任成员有回避关系：乌兰（师生）", False)]


def test_an_advisor_of_the_studio_rules_out_and_a_namesake_is_looked_into(call):
    application = make_application(call, complete=False)
    unit = make_school(name="市教育科学研究中心附属学校")
    named = {"role": "顾问", "name": "白音", "unit": unit.name}
    application.content = {"staff": {"people": [named]}}
    application.save()
    assert between(make_expert("白音", unit=unit), application) == [("被列为该工作室顾问", False)]
    assert between(make_expert("白音", unit=make_school()), application) == [
        ("与该工作室顾问同名，请核实", True)
    ]


def test_the_same_county_can_be_waived_with_a_reason_and_nothing_else(call):
    application = bring_to(make_application(call), S.RECOMMENDED)
    near = make_expert(county=application.authority)
    assert between(near, application) == [("与申报人同一旗县区", True)]
    with pytest.raises(Refused, match="请写明理由"):
        panels.waive(call, application.pk, near.pk, " ", owner(call), DURING)
    panels.waive(call, application.pk, near.pk, "全市仅此一名专家熟悉该学段", owner(call), DURING)
    assert between(near, application) == []
    entry = Entry.objects.of(call).last()
    assert (entry.label, entry.opinion) == ("同意同旗县区专家评审", "全市仅此一名专家熟悉该学段")
    same_school = make_expert(unit=application.school, county=application.authority)
    with pytest.raises(Refused, match="必须回避"):
        panels.waive(call, application.pk, same_school.pk, "理由", owner(call), DURING)
    assert Waiver.objects.count() == 1


def test_whoever_is_in_the_call_is_neither_drawn_nor_named(call):
    asked = expert_of(make_principal())
    add_member(make_application(call, complete=False), asked.user.principal, accepted=False)
    assert panels.candidates(call, PRIMARY, panels.Terms(1, avoid=panels.NONE), DURING) == []
    with pytest.raises(Refused, match="必须回避"):
        panels.seat(call, PRIMARY, asked.pk, owner(call), DURING)


# Drawing


def drawn(call: Call) -> dict:
    return Entry.objects.of(call).filter(step="draw").last().facts["draw"]


def test_a_draw_can_be_repeated_from_its_record(call):
    pool = [make_expert() for _ in range(12)]
    chosen = panels.draw(call, PRIMARY, panels.Terms(5), owner(call), DURING)
    record = drawn(call)
    assert record["candidates"] == [expert.pk for expert in pool]
    assert panels.lot(record["seed"], record["candidates"], record["number"]) == record["drawn"]
    assert [expert.pk for expert in chosen] == record["drawn"]
    seats = PanelSeat.objects.filter(panel__call=call, panel__stage=PRIMARY, drawn=True)
    assert set(seats.values_list("expert", flat=True)) == set(record["drawn"])


def test_a_lot_gives_everyone_about_the_same_chance():
    hits = dict.fromkeys(range(10), 0)
    for seed in range(1000):
        for key in panels.lot(str(seed), hits, 3):
            hits[key] += 1
    assert all(230 < number < 370 for number in hits.values())


def test_a_draw_leaves_out_whom_its_conditions_leave_out(call):
    application = bring_to(make_application(call), S.RECOMMENDED)
    near = make_expert(county=application.authority)
    barred = make_expert(unit=application.school)
    elsewhere = make_expert(county=make_county("敖汉旗"))
    free = make_expert()
    away = make_expert()
    away.active = False
    away.save()
    other_stage = make_expert()
    other_stage.stages = [Stage.SENIOR]
    other_stage.save()

    def found(**terms) -> set[Expert]:
        return set(panels.candidates(call, PRIMARY, panels.Terms(1, **terms), DURING))

    assert found(avoid=panels.NONE) == {near, barred, elsewhere, free}
    assert found() == {near, elsewhere, free}
    assert found(avoid=panels.ANY) == {elsewhere, free}
    assert found(counties=(elsewhere.county_id,)) == {near, free}


def test_an_expert_whose_appointment_ended_is_not_drawn(call):
    expert = make_expert()
    held = judging(expert).appointment
    held.ends = DURING.date().replace(day=1)
    held.save()
    with pytest.raises(Refused, match="没有符合条件的专家"):
        panels.draw(call, PRIMARY, panels.Terms(1), owner(call), DURING)


def test_too_few_are_said_and_nobody_is_seated(call):
    make_expert()
    with pytest.raises(Refused, match="符合条件的专家有 1 名"):
        panels.draw(call, PRIMARY, panels.Terms(3), owner(call), DURING)
    assert not PanelSeat.objects.exists()


def test_a_drawn_expert_leaves_only_with_a_reason(call):
    make_expert()
    (chosen,) = panels.draw(call, PRIMARY, panels.Terms(1), owner(call), DURING)
    with pytest.raises(Refused, match="须写明理由"):
        panels.unseat(call, PRIMARY, chosen.pk, "", owner(call), DURING)
    panels.unseat(call, PRIMARY, chosen.pk, "出国访学", owner(call), DURING)
    assert not PanelSeat.objects.exists()
    assert Entry.objects.of(call).last().opinion == "出国访学"


# The page


def test_the_officer_draws_names_and_waives_on_the_page(call):
    application = bring_to(make_application(call), S.RECOMMENDED)
    near = make_expert("乌云", county=application.authority)
    address = f"/calls/{call.number}/panels/primary/"
    browser = browser_of(owner(call))
    page = browser.post(address, {"act": "draw", "number": "1", "avoid": "hard"}, follow=True)
    assert "已抽取 1 名：乌云" in page.content.decode()
    assert "与申报人同一旗县区" in page.content.decode()
    page = browser.post(
        address,
        {"act": "waive", "expert": near.pk, "application": application.pk, "reason": "无其他人选"},
        follow=True,
    )
    assert "无其他人选" in page.content.decode()
    named = make_expert("高娃")
    assert "高娃" in browser.get(address, {"search": "高"}).content.decode()
    browser.post(address, {"act": "seat", "expert": named.pk})
    assert PanelSeat.objects.filter(panel__call=call, drawn=False).get().expert == named
    refused = browser.post(address, {"act": "draw", "number": "9", "avoid": "hard"})
    assert refused.status_code == 422


def test_the_leader_reads_a_panel_and_the_county_does_not(call):
    address = f"/calls/{call.number}/panels/primary/"
    assert browser_of(leader(call)).get(address).status_code == 200
    assert browser_of(leader(call)).post(address, {"act": "seat", "expert": "1"}).status_code == 403
    county = make_capacity(Role.OFFICER, make_county())
    assert browser_of(county).get(address).status_code == 403
    assert browser_of(owner(call)).get(f"/calls/{call.number}/panels/moon/").status_code == 404


# Assigning


def test_the_review_begins_only_with_enough_experts_and_leaves_out_who_may_not_judge(call):
    application = bring_to(make_application(call), S.UNDER_REVIEW)
    seat_panel(call, number=2)
    with pytest.raises(Refused, match="小学评审组现有 2 名专家，至少需要 3 名"):
        take(CALL, "start_review", call.pk, owner(call), REVIEWING_ON)
    near = make_expert(county=application.authority)
    panels.seat(call, PRIMARY, near.pk, owner(call), DURING)
    with pytest.raises(Refused, match="除须回避的仅 2 名专家，至少需要 3 名"):
        take(CALL, "start_review", call.pk, owner(call), REVIEWING_ON)
    seat_panel(call, number=1)
    start_review(call)
    assert set(application.reviews.values_list("expert", flat=True)) == set(
        PanelSeat.objects.exclude(expert=near).values_list("expert", flat=True)
    )


def test_another_expert_takes_the_place_of_one_who_recused(call):
    application = bring_to(make_application(call), S.UNDER_REVIEW)
    call.panel_size = 3
    call.save()
    experts = seat_panel(call, number=3)
    spare, near = make_expert("替补"), make_expert("同旗", county=application.authority)
    start_review(call)
    address = f"/calls/{call.number}/"
    with time_machine.travel(REVIEWING_ON, tick=False):
        browser = browser_of(owner(call))
        full = browser.post(
            f"{address}assign/", {"application": application.pk, "expert": spare.pk}, follow=True
        )
        assert "已有 3 名专家" in full.content.decode()
        review = application.reviews.get(expert=experts[0])
        take(REVIEW, "recuse", review.pk, judging(experts[0]), REVIEWING_ON, "与申报人有合作")
        offered = browser.get(f"{address}progress/").content.decode()
        assert "缺 1 名" in offered
        assert "替补" in offered
        assert f'<option value="{near.pk}">' not in offered
        assert f'<option value="{experts[0].pk}">' not in offered
        for barred in (near, experts[0]):
            browser.post(f"{address}assign/", {"application": application.pk, "expert": barred.pk})
        assert application.reviews.filter(state=ReviewState.ASSIGNED).count() == 2
        browser.post(f"{address}assign/", {"application": application.pk, "expert": spare.pk})
    new = Review.objects.get(expert=spare)
    assert new.state == ReviewState.ASSIGNED
    assert Entry.objects.of(new).get().cause.label == "另行分配评审"
    assert PanelSeat.objects.filter(panel__call=call, expert=spare).exists()


def test_a_panel_is_not_changed_once_the_review_has_begun(call):
    bring_to(make_application(call), S.UNDER_REVIEW)
    experts = seat_panel(call)
    start_review(call)
    for change in (
        lambda: panels.draw(call, PRIMARY, panels.Terms(1), owner(call), REVIEWING_ON),
        lambda: panels.seat(call, PRIMARY, make_expert().pk, owner(call), REVIEWING_ON),
        lambda: panels.unseat(call, PRIMARY, experts[0].pk, "理由", owner(call), REVIEWING_ON),
    ):
        with pytest.raises(Refused, match="不能再调整评审组"):
            change()
    assert Call.objects.get().state == CallState.REVIEWING


# The pool


def test_the_officer_keeps_the_pool(call):
    browser = browser_of(owner(call))
    person = make_capacity(Role.EXPERT, make_bureau(), "斯琴")
    make_capacity(Role.EXPERT, make_bureau(), "别人")
    unit = make_school(make_county("宁城县"), "宁城县第一小学")
    principal = make_principal(name="同名", school=unit)
    make_principal(name="同名")
    assert "斯琴" in browser.get("/experts/new/", {"search": "斯"}).content.decode()
    address = f"/experts/new/?user={person.user.pk}"
    form = {
        "unit": "宁城县第一小学",
        "county": "",
        "stages": ["primary"],
        "speciality": "课程",
        "active": "on",
        "ties-TOTAL_FORMS": "1",
        "ties-INITIAL_FORMS": "0",
        "ties-0-principal": "同名",
        "ties-0-relation": "夫妻",
    }
    refused = browser.post(address, form)
    assert refused.status_code == 422
    assert "有多位“同名”" in refused.content.decode()
    browser.post(address, form | {"ties-0-principal": "同名（宁城县第一小学）"})
    expert = Expert.objects.get()
    assert (expert.county, expert.stages) == (make_county("宁城县"), ["primary"])
    assert Tie.objects.get().principal == principal
    assert Entry.objects.of(expert).get().label == "纳入专家库"
    browser.post(f"/experts/{expert.pk}/", form | {"ties-TOTAL_FORMS": "0", "stages": ["senior"]})
    assert not Tie.objects.exists()
    assert Entry.objects.of(expert).last().facts["可评学段"] == ["小学", "高中（含中职）"]


def test_the_pool_is_its_owners(call):
    county = make_capacity(Role.OFFICER, make_county())
    assert browser_of(county).get("/experts/").status_code == 403
    assert browser_of(county).get("/experts/new/").status_code == 403
    assert browser_of(leader(call)).get("/experts/").status_code == 200
    assert browser_of(leader(call)).get("/experts/new/").status_code == 403


def test_the_list_of_experts_costs_the_same_for_one_and_for_three(call, django_assert_num_queries):
    browser = browser_of(someone(Role.OFFICER, make_bureau()))
    make_expert(unit=make_school())
    browser.get("/experts/")
    with django_assert_num_queries(5):
        browser.get("/experts/")
    make_expert(unit=make_school())
    make_expert()
    with django_assert_num_queries(5):
        assert len(browser.get("/experts/").context["page_obj"].object_list) == 3


def test_the_panel_page_costs_the_same_for_one_seat_and_for_three(call, django_assert_num_queries):
    browser = browser_of(owner(call))
    address = f"/calls/{call.number}/panels/primary/"
    application = bring_to(make_application(call), S.RECOMMENDED)
    for number in (1, 2):
        for expert in seat_panel(call, number=number):
            Tie.objects.create(expert=expert, principal=application.lead, relation="同学")
        browser.get(address)
        with django_assert_num_queries(15):  # the stages called for are its tabs
            assert "同学" in browser.get(address).content.decode()
