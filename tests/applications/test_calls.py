"""A call before it opens: its form, what it still needs, who sees it (Art. 9, 13)."""

from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.utils.timezone import localdate, localtime

from accounts.capacity import Capacity, capacities
from accounts.models import Organisation, Role
from applications.flows import CALL
from applications.models import Application, ApplicationState, Call, CallState, Material
from applications.pages.funnel import funnel
from evaluations.defaults import lay as lay_rubric
from office.door import Refused, take
from office.models import Entry
from programmes.ground import lay as lay_programme
from tests.applications.judging import browser_of
from tests.factories.accounts import make_bureau, make_capacity, make_county, make_school
from tests.factories.applications import OPENS, bring_to, make_application, make_call, someone
from tests.factories.rounds import seat_panel

pytestmark = pytest.mark.django_db
BEFORE = OPENS - timedelta(days=7)


@pytest.fixture(autouse=True)
def february():
    with time_machine.travel(BEFORE, tick=False):
        yield


@pytest.fixture
def bureau() -> Organisation:
    return make_bureau()


@pytest.fixture
def officer(bureau: Organisation) -> Capacity:
    return someone(Role.OFFICER, bureau)


def materials(*rows: tuple[str, str, bool]) -> dict[str, str]:
    """The rows of the form's materials: (key, label, required)."""
    sent = {"materials-TOTAL_FORMS": str(len(rows)), "materials-INITIAL_FORMS": str(len(rows))}
    for place, (key, label, required) in enumerate(rows):
        sent |= {
            f"materials-{place}-key": key,
            f"materials-{place}-label": label,
            f"materials-{place}-by": "applicant",
            f"materials-{place}-hint": "",
        }
        if required:
            sent[f"materials-{place}-required"] = "on"
    return sent


def sent(**changed: str) -> dict[str, str]:
    """The form of a call as a browser sends it; only days are given, no hours."""
    form = {
        "name": "2026年名校长工作室申报",
        "opens_at_0": "2026-03-02",
        "submit_by_0": "2026-03-31",
        "school_by_0": "2026-04-05",
        "authority_by_0": "2026-04-15",
        "check_by_0": "2026-04-25",
        "score_by_0": "2026-05-25",
        "start_on": "2027-01-01",
        "panel_size": "5",
        "valid_reviews_min": "3",
        "application_line": "70",
        "trim_scores": "on",
        "publicity_days": "5",
        "places-primary": "4",
        **materials(("identity", "居民身份证", True), ("", "学校特色片", False)),
    }
    return form | {name.replace("__", "-"): value for name, value in changed.items()}


def test_an_officer_lays_out_a_call_and_finds_it_as_a_draft(officer):
    programme = lay_programme(officer.organisation)
    county = make_county("敖汉旗")
    rubric = lay_rubric(programme)
    form = sent(rubric=str(rubric.pk)) | {
        f"quota-{county.pk}-all": "2",
        f"quota-{county.pk}-primary": "0",
        f"quota-{officer.organisation_id}-all": " 3 ",
    }
    answer = browser_of(officer).post("/calls/new/", form)
    call = Call.objects.get()
    assert answer.url == f"/calls/{call.number}/"
    assert (call.number, call.state) == ("2026-1", CallState.DRAFT)
    assert set(call.quotas.values_list("authority", "stage", "number")) == {
        (county.pk, "", 2),
        (county.pk, "primary", 0),
        (officer.organisation_id, "", 3),
    }
    assert list(call.places.values_list("stage", "number")) == [("primary", 4)]
    assert list(call.materials.values_list("key", "label", "required")) == [
        ("identity", "居民身份证", True),
        ("other-1", "学校特色片", False),
    ]
    assert Entry.objects.of(call).get().label == "拟定批次"


def test_the_last_day_counts_until_its_end_and_an_hour_where_one_is_given(officer):
    lay_programme(officer.organisation)
    browser_of(officer).post("/calls/new/", sent(school_by_1="17:00"))
    call = Call.objects.get()
    assert localtime(call.opens_at).time() == time.min
    assert localtime(call.submit_by) == datetime.combine(
        localtime(call.submit_by).date(), time.max, localtime(call.submit_by).tzinfo
    )
    assert localtime(call.school_by).time() == time(17)


def test_what_is_wrong_is_said_in_chinese_and_nothing_is_lost(officer):
    lay_programme(officer.organisation)
    county = make_county()
    form = sent(school_by_0="2026-03-20", name="", panel_size="2") | {f"quota-{county.pk}-all": "两个"}
    answer = browser_of(officer).post("/calls/new/", form)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert not Call.objects.exists()
    for words in (
        "应晚于“申报截止”",
        "有效评审份数不能超过每组专家人数",
        "请填 0 至 999 的整数，或留空",
        "两个",
        "学校特色片",
    ):
        assert words in page
    assert 'value="2026-03-20"' in page
    assert "Constraint" not in page


def test_the_second_of_two_tabs_is_told_and_overwrites_nothing(officer):
    call = make_call(opened=False, at=OPENS)
    browser = browser_of(officer)
    page = browser.get(f"/calls/{call.number}/edit/")
    read = page.context["version"]
    first = browser.post(f"/calls/{call.number}/edit/", sent(version=read, name="甲改的名称"))
    assert first.status_code == 302
    second = browser.post(f"/calls/{call.number}/edit/", sent(version=read, name="乙改的名称"))
    assert second.status_code == 409
    assert "刚被他人修改" in second.content.decode()
    assert "乙改的名称" in second.content.decode()
    assert Call.objects.get().name == "甲改的名称"
    entry = Entry.objects.of(call).last()
    assert entry.facts["名称"] == ["2026年度名校长工作室申报", "甲改的名称"]
    third = browser.post(
        f"/calls/{call.number}/edit/", sent(version=second.context["version"], name="乙改的名称")
    )
    assert third.status_code == 302
    assert Call.objects.get().name == "乙改的名称"


def test_a_saved_form_shows_what_was_saved(officer):
    call = make_call(opened=False)
    browser = browser_of(officer)
    read = browser.get(f"/calls/{call.number}/edit/").context["version"]
    browser.post(f"/calls/{call.number}/edit/", sent(version=read, school_by_1="17:00"))
    page = browser.get(f"/calls/{call.number}/edit/").content.decode()
    for value in ("2026-03-31", "17:00", "2027-01-01"):
        assert f'value="{value}"' in page
    assert 'value="23:59"' not in page


def test_an_opened_call_is_not_edited_any_more(officer):
    call = make_call()
    browser = browser_of(officer)
    assert browser.get(f"/calls/{call.number}/edit/").url == f"/calls/{call.number}/"
    assert browser.post(f"/calls/{call.number}/edit/", sent(name="改")).status_code == 409
    assert Call.objects.get().name != "改"


def test_what_a_call_needs_before_it_opens(officer):
    call = make_call(opened=False, rubric=None, start_on=(OPENS + timedelta(days=30)).date())
    call.places.all().delete()
    Material.objects.filter(call=call).delete()
    with pytest.raises(Refused) as refusal:
        take(CALL, "open", call.pk, officer, call.submit_by + timedelta(seconds=1))
    assert [lack.sentence for lack in refusal.value.missing] == [
        "申报截止时间已过，请调整",
        "建设周期起始日应在专家评分截止之后",
        "请至少设定一个学段的拟建数量",
        "请设定申报材料",
        "请选定评分标准",
    ]
    assert {lack.where for lack in refusal.value.missing} == {f"/calls/{call.number}/edit/"}


def test_a_rubric_short_of_a_hundred_keeps_a_call_closed(officer):
    call = make_call(opened=False)
    leaf = call.rubric.indicators.filter(parent__isnull=False).first()
    leaf.points -= 1
    leaf.save()
    with pytest.raises(Refused, match="评分标准合计应为 100 分，现为 99"):
        take(CALL, "open", call.pk, officer, BEFORE)
    call = Call.objects.get()
    assert call.state == CallState.DRAFT
    assert call.rubric.frozen_at is None


def test_opening_freezes_the_rubric_and_issues_the_notice(officer):
    call = make_call(opened=False)
    page = browser_of(officer).post(f"/calls/{call.number}/steps/open/", follow=True)
    call.refresh_from_db()
    assert call.state == CallState.OPEN
    assert call.rubric.frozen_at == BEFORE
    assert "通知" in browser_of(officer).get(f"/calls/{call.number}/?tab=notice").content.decode()
    assert page.status_code == 200


def test_a_draft_is_the_owners_alone_and_only_its_officer_writes_it(bureau):
    call = make_call(opened=False)
    leader, county = make_capacity(Role.LEADER, bureau), make_capacity(Role.OFFICER, make_county())
    assert browser_of(leader).get(f"/calls/{call.number}/").status_code == 200
    assert browser_of(leader).get(f"/calls/{call.number}/edit/").status_code == 403
    assert browser_of(county).get(f"/calls/{call.number}/").status_code == 404
    assert browser_of(county).get(f"/calls/{call.number}/edit/").status_code == 404
    assert browser_of(county).get("/calls/new/").status_code == 403


def test_each_finds_on_the_page_of_a_call_what_concerns_them(officer):
    county = make_county("宁城县")
    call = make_call(opened=False)
    call.quotas.create(authority=county, number=2)
    take(CALL, "open", call.pk, officer, BEFORE)
    address = f"/calls/{call.number}/"
    with time_machine.travel(OPENS + timedelta(days=1), tick=False):
        county_page = browser_of(make_capacity(Role.OFFICER, county)).get(address).content.decode()
        principal_page = (
            browser_of(make_capacity(Role.PRINCIPAL, make_school(make_bureau())))
            .get(address)
            .content.decode()
        )
        owner_page = browser_of(officer).get(address).content.decode()
    assert "0 / 2" in county_page
    assert "市直" not in county_page
    assert "评审组" not in county_page
    assert "开始申报" in principal_page
    assert "推荐名额" not in principal_page
    assert "市直" in owner_page
    assert "专家评分截止" in owner_page
    assert "专家评分截止" not in principal_page


def test_the_list_costs_the_same_for_one_call_and_for_three(officer, django_assert_num_queries):
    browser = browser_of(officer)
    make_call()
    browser.get("/calls/")
    with django_assert_num_queries(6):
        browser.get("/calls/")
    make_call()
    make_call(opened=False)
    with django_assert_num_queries(6):
        assert len(browser.get("/calls/").context["page_obj"].object_list) == 3


def test_the_case_page_of_a_call_stays_within_its_budget(officer, django_assert_max_num_queries):
    call = make_call()
    with time_machine.travel(OPENS + timedelta(days=8), tick=False):
        bring_to(make_application(call), ApplicationState.UNDER_REVIEW)
        seat_panel(call)
    browser = browser_of(officer)
    for tab in ("overview", "materials", "notice", "panels"):
        browser.get(f"/calls/{call.number}/?tab={tab}")
        with django_assert_max_num_queries(18):
            assert browser.get(f"/calls/{call.number}/?tab={tab}").status_code == 200


def test_the_desk_shows_how_far_applications_came_and_leads_to_them(officer, django_assert_num_queries):
    call = make_call()
    with time_machine.travel(OPENS + timedelta(days=8), tick=False):
        bring_to(make_application(call), ApplicationState.SCHOOL_REVIEW)
        make_application(call, complete=False)
        me = capacities(officer.user, localdate(OPENS))[0]
        with django_assert_num_queries(3):
            panel = funnel(me, OPENS)
        shown = {bar.label: bar.value for bar in panel.bars}
        assert shown["已提交"] == 1
        assert shown["学校审核同意"] == 0
        browser = browser_of(officer)
        for bar in panel.bars:
            if bar.url:
                assert len(browser.get(bar.url).context["page_obj"].object_list) == bar.value
    assert funnel(make_capacity(Role.OFFICER, make_county()), OPENS) is None
    assert Application.objects.count() == 2
