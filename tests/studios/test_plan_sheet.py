"""第十六条: the tasks of a plan come from a sheet: previewed row by row, merged into the draft by their code."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from accounts.models import Role
from office.door import take
from office.sheets import write_sheet
from studios.flows import PLAN
from studios.models import Duty, Plan, PlanKind, Studio
from tests.articles.test_article_07 import assistant, draft
from tests.articles.test_article_16 import fill, row
from tests.factories.accounts import make_bureau
from tests.factories.applications import acting, browser_of, someone
from tests.factories.studios import SEATED, make_studio
from tests.office.hostile import hostile

pytestmark = [pytest.mark.django_db, pytest.mark.core]
COLUMNS = ["职责", "任务", "起", "止", "负责人", "可衡量的目标", "目标次数", "经费（元）", "任务编码"]


@pytest.fixture
def studio() -> Studio:
    return make_studio()


@pytest.fixture
def plan(studio: Studio) -> Plan:
    return fill(Plan.objects.get(studio=studio, kind=PlanKind.ANNUAL))


def address(plan: Plan) -> str:
    return f"/plans/{plan.pk}/items/import/"


def sheet(*rows: list[object], columns: list[str] = COLUMNS) -> SimpleUploadedFile:
    file = BytesIO()
    write_sheet(file, "任务", columns, rows)
    return SimpleUploadedFile("计划.xlsx", file.getvalue())


def tasks(plan: Plan) -> list[dict[str, str]]:
    return Plan.objects.get(pk=plan.pk).content["items"]["items"]


def test_the_template_holds_the_drafts_tasks_with_their_codes(studio: Studio, plan: Plan) -> None:
    answer = browser_of(acting(studio.lead)).get(f"{address(plan)}?export=xlsx")
    found = load_workbook(BytesIO(b"".join(answer.streaming_content))).active  # type: ignore[attr-defined]
    rows = list(found.iter_rows(values_only=True))
    assert list(rows[0]) == COLUMNS
    assert (rows[1][0], rows[1][1], rows[1][-1]) == ("办学研究", "办学研究任务", "000000000000")
    assert len(rows) == 5


def test_rows_are_shown_before_anything_is_written_and_merged_by_their_code(
    studio: Studio, plan: Plan
) -> None:
    browser, before = browser_of(acting(studio.lead)), tasks(plan)
    page = browser.post(
        address(plan),
        {
            "file": sheet(
                [
                    "发挥示范辐射作用",
                    "走进柳条沟小学",
                    "3月",
                    "2027年6月",
                    "苏和",
                    "诊断两所",
                    "2次",
                    "5,000元",
                    "",
                ],
                ["办学研究", "课堂评价研究", "2027.3", "2027-11", "", "量表一套", "", "", "000000000000"],
                ["培养中青年校长", "培养中青年校长任务", "2027-03", "2027-06", "", "一次", "", "", ""],
                ["参观学习", "外出考察", "5月", "", "", "一次", "", "", ""],
                ["建言献策", "调研报告", "9月", "3月", "", "一篇", "", "", ""],
            )
        },
    )
    given = page.context["rows"]
    assert [each.mark for each in given] == ["new", "changed", "same", "refused", "refused"]
    assert given[1].was["任务"] == "办学研究任务"
    assert given[3].reasons == ["职责应为办学研究、培养中青年校长、示范辐射、建言献策之一"]
    assert "结束月份早于开始月份" in page.content.decode()
    assert tasks(plan) == before
    browser.post(address(plan), page.context["held"])
    kept = tasks(plan)
    assert [each["task"] for each in kept] == [
        "课堂评价研究",
        "培养中青年校长任务",
        "示范辐射任务",
        "建言献策任务",
        "走进柳条沟小学",
    ]
    assert [each["key"] for each in kept[:4]] == [each["key"] for each in before]
    new = kept[4]
    assert (new["duty"], new["starts"], new["times"], new["share"]) == ("radiation", "2027-03", "2", "5000")


def test_a_filed_plan_keeps_its_items_when_the_sheet_amends_them(studio: Studio, plan: Plan) -> None:
    lead = acting(studio.lead)
    take(PLAN, "file", plan.pk, lead, SEATED)
    item = plan.items.get(duty=Duty.RESEARCH)
    take(PLAN, "amend", plan.pk, lead, SEATED, "调整研究方向")
    browser = browser_of(lead)
    rows = sheet(["办学研究", "作业设计研究", "3月", "6月", "", "一套", "", "", item.key])
    browser.post(address(plan), browser.post(address(plan), {"file": rows}).context["held"])
    take(PLAN, "file", plan.pk, lead, SEATED)
    assert plan.items.get(pk=item.pk).task == "作业设计研究"


def test_one_task_twice_and_what_has_no_room_are_refused(studio: Studio, plan: Plan) -> None:
    browser = browser_of(acting(studio.lead))
    same = ["示范辐射", "下校诊断", "", "", "", "两所", "", "", ""]
    found = browser.post(address(plan), {"file": sheet(same, same)}).context["rows"]
    assert [each.reasons for each in found] == [[], ["与表中前面的一行是同一项任务"]]
    many = [["示范辐射", f"下校诊断{number}", "", "", "", "两所", "", "", ""] for number in range(57)]
    found = browser.post(address(plan), {"file": sheet(*many)}).context["rows"]
    assert [each.mark for each in found] == ["new"] * 56 + ["refused"]


def test_what_was_changed_since_the_preview_is_not_overwritten(studio: Studio, plan: Plan) -> None:
    browser = browser_of(acting(studio.lead))
    rows = sheet(["办学研究", "课堂评价研究", "", "", "", "量表一套", "", "", "000000000000"])
    held = browser.post(address(plan), {"file": rows}).context["held"]
    fill(plan, [row(duty, f"新的{duty.label}任务") for duty in Duty])
    answer = browser.post(address(plan), held)
    assert answer.status_code == 409
    assert answer.context["rows"][0].was["任务"] == "新的办学研究任务"
    assert tasks(plan)[0]["task"] == "新的办学研究任务"
    browser.post(address(plan), answer.context["held"])
    assert tasks(plan)[0]["task"] == "课堂评价研究"


def test_an_assistant_who_drafts_may_and_nobody_else(studio: Studio, plan: Plan) -> None:
    me, helper = assistant(studio)
    assert browser_of(me).get(address(plan)).status_code == 404
    draft(studio, helper)
    assert browser_of(me).get(address(plan)).status_code == 200
    assert browser_of(someone(Role.OFFICER, make_bureau())).get(address(plan)).status_code == 404
    take(PLAN, "file", plan.pk, acting(studio.lead), SEATED)
    assert browser_of(someone(Role.OFFICER, make_bureau())).get(address(plan)).status_code == 403
    assert browser_of(acting(studio.lead)).get(address(plan)).url == plan.get_absolute_url()


@pytest.mark.parametrize("rows", ["x", "[1]", "{}x", "[[]]"])
def test_a_confirmation_that_is_no_list_of_rows_is_not_found(rows: str, studio: Studio, plan: Plan) -> None:
    before = tasks(plan)
    assert browser_of(acting(studio.lead)).post(address(plan), {"rows": rows}).status_code == 404
    assert tasks(plan) == before


def test_hostile_files_are_refused_in_words_and_nothing_is_written(studio: Studio, plan: Plan) -> None:
    browser, before = browser_of(acting(studio.lead)), tasks(plan)
    for name, content in hostile():
        answer = browser.post(address(plan), {"file": SimpleUploadedFile("计划.xlsx", content)})
        assert answer.status_code == 422, name
        assert answer.context["error"], name
    assert tasks(plan) == before
