"""A principal fills in the form: section by section, saved by itself, nothing lost, nothing overwritten (Art. 9)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import localtime

from accounts.models import Role
from applications.filling import start
from applications.models import Application, Call
from applications.rules import form_address
from office.door import Refused
from office.models import Entry
from tests.factories.accounts import make_bureau, make_county, make_school
from tests.factories.applications import (
    DURING,
    acting,
    bring_to,
    browser_of,
    fill,
    make_application,
    make_call,
    make_lead,
    someone,
    submit_application,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("spring")]

QUIET = {"X-Autosave": "1"}
PLAN = {
    "aims": "三年内形成可推广的课堂评价办法",
    "tasks-TOTAL_FORMS": "1",
    "tasks-INITIAL_FORMS": "0",
    "tasks-0-duty": "示范辐射",
    "tasks-0-task": "下校诊断",
    "tasks-0-year": "第一年",
    "tasks-0-output": "诊断报告",
    "tasks-0-schools": "柳条沟小学",
}


@pytest.fixture
def call() -> Call:
    return make_call()


@pytest.fixture
def draft(call: Call) -> Application:
    return make_application(call, make_lead(name="王志远"), complete=False)


def version(client: Client, address: str) -> str:
    return client.get(address).context["version"]


def test_a_principal_opens_the_form_from_the_call_and_asked_twice_gets_the_same_draft(call):
    lead = make_lead(name="乌云其其格", school=make_school(school_type="kindergarten"))
    browser = browser_of(acting(lead))
    answer = browser.post(f"/calls/{call.number}/apply/")
    application = Application.objects.get()
    assert answer["Location"] == form_address(application, "basics")
    assert application.number == "2026-0001"
    assert application.studio_name == "乌云其其格名园长工作室"
    assert application.stage == "kindergarten"
    browser.post(f"/calls/{call.number}/apply/")
    assert Application.objects.count() == 1
    assert [entry.label for entry in Entry.objects.of(application)] == ["开始申报"]


def test_a_programme_of_a_county_numbers_its_own_applications():
    call = make_call(make_county("红山区"))
    assert make_application(call, make_lead(), complete=False).number == "150402-2026-0001"


def test_before_the_call_opens_and_after_it_closes_no_draft_is_begun(call):
    me = acting(make_lead())
    for moment in (call.opens_at - timedelta(seconds=1), call.submit_by + timedelta(seconds=1)):
        with pytest.raises(Refused, match="申报时间"):
            start(call, me, moment)
    assert start(call, me, call.submit_by).state == "draft", "the last moment counts"


def test_a_call_of_one_county_takes_nobody_of_another():
    call = make_call(make_county("红山区"))
    stranger = make_lead(school=make_school(make_county("敖汉旗")))
    with pytest.raises(Refused, match="不面向"):
        start(call, acting(stranger), DURING)
    assert call.name not in browser_of(acting(stranger)).get("/applications/").content.decode()
    assert make_application(call, make_lead(), complete=False).authority == make_county("红山区")


def test_an_officer_does_not_apply(call):
    assert (
        browser_of(someone(Role.OFFICER, make_bureau())).post(f"/calls/{call.number}/apply/").status_code
        == 403
    )


def test_a_section_saves_by_itself_and_says_what_is_still_missing(draft):
    browser = browser_of(acting(draft.lead))
    address = form_address(draft, "plan")
    answer = browser.post(address, PLAN | {"version": version(browser, address)}, headers=QUIET)
    told = answer.json()
    assert answer.status_code == 200
    assert told["saved_at"] == f"{localtime(DURING):%H:%M}"
    assert told["version"] == version(browser, address)
    assert any("第六条：" in sentence and "现有 0 名成员本人同意" in sentence for sentence in told["missing"])
    draft.refresh_from_db()
    assert draft.content["plan"]["tasks"] == [
        {
            "duty": "示范辐射",
            "task": "下校诊断",
            "year": "第一年",
            "output": "诊断报告",
            "schools": "柳条沟小学",
        }
    ]
    assert draft.layout.missing(draft)["plan"] == [
        f"“{duty}”的任务" for duty in ("办学研究", "培养中青年校长", "建言献策")
    ]


def test_without_javascript_the_button_saves_and_goes_on(draft):
    browser = browser_of(acting(draft.lead))
    address = form_address(draft, "plan")
    answer = browser.post(address, PLAN | {"version": version(browser, address), "then": "next"})
    assert answer["Location"] == form_address(draft, "members")
    assert "三年内形成可推广的课堂评价办法" in browser.get(address).content.decode()


def test_of_two_tabs_the_later_saver_is_shown_both_and_nothing_is_overwritten(draft):
    browser = browser_of(acting(draft.lead))
    address = form_address(draft, "plan")
    read = version(browser, address)
    browser.post(address, PLAN | {"version": read}, headers=QUIET)
    answer = browser.post(address, PLAN | {"aims": "另一个窗口写的", "version": read}, headers=QUIET)
    assert answer.status_code == 409
    assert answer.json()["theirs"] == [
        {"label": "总体目标", "mine": "另一个窗口写的", "theirs": "三年内形成可推广的课堂评价办法"}
    ]
    draft.refresh_from_db()
    assert draft.content["plan"]["aims"] == "三年内形成可推广的课堂评价办法"
    plain = browser.post(address, PLAN | {"aims": "另一个窗口写的", "version": read})
    assert plain.status_code == 409
    assert "另一个窗口写的" in plain.content.decode()
    browser.post(address, PLAN | {"aims": "另一个窗口写的", "version": plain.context["version"]})
    draft.refresh_from_db()
    assert draft.content["plan"]["aims"] == "另一个窗口写的", "having seen both, the writer decides"


def test_two_tabs_on_different_sections_do_not_disturb_each_other(draft):
    browser = browser_of(acting(draft.lead))
    plan, basics = form_address(draft, "plan"), form_address(draft, "basics")
    read_plan, read_basics = version(browser, plan), version(browser, basics)
    first = {"studio_name": "志远工作室", "stage": "primary", "exception": "", "version": read_basics}
    assert browser.post(basics, first, headers=QUIET).status_code == 200
    assert browser.post(plan, PLAN | {"version": read_plan}, headers=QUIET).status_code == 200


def test_a_save_whose_answer_was_lost_may_be_sent_again(draft):
    browser = browser_of(acting(draft.lead))
    address = form_address(draft, "plan")
    sent = PLAN | {"version": version(browser, address)}
    assert browser.post(address, sent, headers=QUIET).status_code == 200
    assert browser.post(address, sent, headers=QUIET).status_code == 200
    draft.refresh_from_db()
    assert draft.version == 1


def test_a_text_over_its_limit_is_not_kept_and_not_lost(draft):
    browser = browser_of(acting(draft.lead))
    address = form_address(draft, "qualities")
    rows = {
        f"{key}-{name}_FORMS": "0"
        for key in ("projects", "papers", "prizes", "school_honours")
        for name in ("TOTAL", "INITIAL")
    }
    sent = rows | {"idea": "育" * 801, "results": "成" * 1500, "version": version(browser, address)}
    answer = browser.post(address, sent, headers=QUIET)
    assert answer.status_code == 422
    assert set(answer.json()["errors"]) == {"idea"}
    page = browser.post(address, sent)
    assert page.status_code == 422
    assert "育" * 801 in page.content.decode()
    draft.refresh_from_db()
    assert draft.content == {}
    lines = "\r\n".join(["育"] * 400)
    assert browser.post(address, sent | {"idea": lines}, headers=QUIET).status_code == 200, (
        "a line break is one"
    )


@pytest.mark.parametrize(
    ("junk", "names"),
    [
        ({"state": "announced"}, "state"),
        ({"tasks-0-score": "100"}, "tasks-0-score"),
        ({"lead": "7"}, "lead"),
    ],
)
def test_what_the_form_does_not_have_is_refused(draft, junk, names):
    browser = browser_of(acting(draft.lead))
    address = form_address(draft, "plan")
    answer = browser.post(address, PLAN | junk | {"version": version(browser, address)}, headers=QUIET)
    assert answer.status_code == 422
    assert names in answer.json()["message"]
    draft.refresh_from_db()
    assert draft.content == {}


@pytest.mark.parametrize(
    ("section", "wrong", "field"),
    [
        ("plan", {"tasks-0-duty": "喝茶"}, "tasks-0-duty"),
        ("plan", {"aims": "a\x00b"}, "aims"),
        ("basics", {"stage": "university"}, "stage"),
    ],
)
def test_a_wrong_value_is_said_beside_its_field_in_chinese(draft, section, wrong, field):
    browser = browser_of(acting(draft.lead))
    address = form_address(draft, section)
    basics = {"studio_name": "志远工作室", "stage": "primary", "exception": ""}
    sent = (PLAN if section == "plan" else basics) | wrong | {"version": version(browser, address)}
    answer = browser.post(address, sent, headers=QUIET)
    assert answer.status_code == 422
    sentence = answer.json()["errors"][field][0]
    assert any("一" <= letter <= "鿿" for letter in sentence)


def test_rows_taken_out_and_left_empty_are_not_kept(draft):
    browser = browser_of(acting(draft.lead))
    address = form_address(draft, "plan")
    more = {"tasks-TOTAL_FORMS": "3", "tasks-1-task": "论坛", "tasks-1-DELETE": "on", "tasks-2-duty": ""}
    browser.post(address, PLAN | more | {"version": version(browser, address)}, headers=QUIET)
    draft.refresh_from_db()
    assert [row["task"] for row in draft.content["plan"]["tasks"]] == ["下校诊断"]


def test_more_rows_than_the_form_has_are_refused(draft):
    browser = browser_of(acting(draft.lead))
    address = form_address(draft, "plan")
    rows = {f"tasks-{number}-task": "任务" for number in range(31)}
    sent = PLAN | rows | {"tasks-TOTAL_FORMS": "31", "version": version(browser, address)}
    assert browser.post(address, sent, headers=QUIET).status_code == 422


def test_others_do_not_open_the_form(draft):
    address = form_address(draft, "plan")
    assert browser_of(acting(make_lead())).get(address).status_code == 404
    assert browser_of(someone(Role.OFFICER, draft.school)).get(address).status_code == 404, "not yet sent"
    assert browser_of(someone(Role.OFFICER, make_bureau())).get(address).status_code == 403
    assert browser_of(acting(draft.lead)).get(form_address(draft, "plans")).status_code == 404
    assert Client().get(address).status_code == 302


def test_once_sent_the_form_is_read_only_and_a_late_save_keeps_nothing(call):
    application = make_application(call)
    browser = browser_of(acting(application.lead))
    address = form_address(application, "plan")
    read = version(browser, address)
    submit_application(application)
    assert browser.get(address)["Location"] == application.get_absolute_url()
    answer = browser.post(address, PLAN | {"version": read}, headers=QUIET)
    assert answer.status_code == 409
    assert "version" not in answer.json(), "there is nothing to insist on"
    application.refresh_from_db()
    assert application.content["plan"]["aims"] != PLAN["aims"]


def test_the_side_index_tells_what_is_complete(draft):
    fill(draft, "plan", "pledge")
    page = browser_of(acting(draft.lead)).get(form_address(draft, "basics"))
    marks = {mark.key: (mark.complete, mark.missing) for mark in page.context["sections"]}
    assert marks["plan"] == (True, 0)
    assert marks["pledge"] == (True, 0)
    assert marks["basics"] == (True, 0), "name and stage are proposed"
    assert marks["members"] == (False, 1)
    assert marks["materials"] == (False, 6)
    assert marks["staff"] == (False, 0), "optional, not begun"
    assert marks["qualities"][1] == len(draft.layout.missing(draft)["qualities"])


def test_a_complete_application_is_sent_and_goes_its_way(call):
    application = bring_to(make_application(call), "under_review")
    assert application.state == "under_review"
    assert application.rank == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_the_form_page_asks_no_more_for_more_rows(draft, django_assert_num_queries, rows):
    browser = browser_of(acting(draft.lead))
    address = form_address(draft, "plan")
    many = {
        key.replace("-0-", f"-{number}-"): value
        for number in range(rows)
        for key, value in PLAN.items()
        if "-0-" in key
    }
    sent = PLAN | many | {"tasks-TOTAL_FORMS": str(rows), "version": version(browser, address)}
    browser.post(address, sent, headers=QUIET)
    browser.get(address)
    with django_assert_num_queries(12):
        browser.get(address)
