"""Rubrics: the default one, versions, changes, what a call may use."""

from decimal import Decimal

import pytest
import time_machine

from accounts.capacity import Capacity
from accounts.models import Role
from evaluations import defaults, trees
from evaluations.models import Indicator, Rubric
from office.models import Entry
from programmes.ground import lay as lay_programme
from tests.applications.judging import browser_of
from tests.factories.accounts import make_bureau, make_capacity, make_county
from tests.factories.applications import DURING, make_call, someone

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def spring():
    with time_machine.travel(DURING, tick=False):
        yield


@pytest.fixture
def officer() -> Capacity:
    return someone(Role.OFFICER, make_bureau())


@pytest.fixture
def rubric(officer: Capacity) -> Rubric:
    return defaults.lay(lay_programme(officer.organisation))


def sent(lines: list[tuple[str, str, str, str]], **more: str) -> dict[str, str]:
    form = {"name": "评审标准", "lines-TOTAL_FORMS": str(len(lines)), "lines-INITIAL_FORMS": "0"}
    for place, line in enumerate(lines):
        for name, value in zip(("group", "label", "points", "guide"), line, strict=True):
            form[f"lines-{place}-{name}"] = value
    return form | more


def test_the_default_rubric_is_that_of_practice_and_laid_once(rubric):
    points = {group.label: group.points for group in trees.tree(rubric)}
    assert points == {
        "思想政治与师德": 10,
        "教育理论与教学经验": 15,
        "教育科研与课程领导力": 15,
        "引领教师成长": 8,
        "学校管理成效": 15,
        "办学特色与示范性": 10,
        "三年规划": 15,
        "成员结构与资格": 7,
        "条件保障与预算": 5,
    }
    assert rubric.total() == 100
    plan = next(group for group in trees.tree(rubric) if group.label == "三年规划")
    assert [item.points for item in plan.items] == [4, 6, 3, 2]
    assert defaults.lay(rubric.programme) == rubric
    assert Rubric.objects.count() == 1


def test_an_officer_rewrites_an_unused_rubric_and_is_told_when_it_is_not_full(officer, rubric):
    browser = browser_of(officer)
    address = f"/rubrics/{rubric.pk}/edit/"
    read = browser.get(address).context["version"]
    form = sent(
        [("规划", "目标", "60", ""), ("规划", "措施", "30.5", "具体"), ("师德", "师德", "9", "")],
        version=read,
    )
    page = browser.post(address, form, follow=True).content.decode()
    assert "合计应为 100 分，现为 99.5 分" in page
    assert trees.lines(rubric) == [
        ("规划", "目标", Decimal("60.0"), ""),
        ("规划", "措施", Decimal("30.5"), "具体"),
        ("师德", "师德", Decimal("9.0"), ""),
    ]
    facts = Entry.objects.of(rubric).get().facts
    assert facts["规划·目标"] == ["", "60"]
    assert facts["三年规划·规划目标"] == ["4", ""]


def test_what_is_wrong_with_a_rubric_is_said_and_nothing_is_lost(officer, rubric):
    browser = browser_of(officer)
    address = f"/rubrics/{rubric.pk}/edit/"
    before = trees.lines(rubric)
    for lines, words in (
        ([("规划", "目标", "0", "")], "0.1"),
        ([("规划", "目标", "3.55", "")], "小数"),
        ([("规划", "", "3", "留着的说明")], "留着的说明"),
        ([("甲", "一", "1", ""), ("乙", "二", "1", ""), ("甲", "三", "1", "")], "类别“甲”的指标不相邻"),
    ):
        answer = browser.post(address, sent(lines, version=trees.stamp(rubric)))
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert trees.lines(rubric) == before


def test_the_second_of_two_tabs_is_told(officer, rubric):
    browser = browser_of(officer)
    address = f"/rubrics/{rubric.pk}/edit/"
    read = browser.get(address).context["version"]
    assert browser.post(address, sent([("甲", "一", "100", "")], version=read)).status_code == 302
    late = browser.post(address, sent([("乙", "二", "100", "")], version=read))
    assert late.status_code == 409
    assert "刚被他人修改" in late.content.decode()
    assert Indicator.objects.filter(label="一").exists()


def test_a_rubric_in_use_is_copied_to_a_new_version_and_stays_as_it_is(officer):
    call = make_call()
    rubric = call.rubric
    rubric.refresh_from_db()
    browser = browser_of(officer)
    assert browser.get(f"/rubrics/{rubric.pk}/edit/").url == f"/rubrics/{rubric.pk}/"
    form = sent([("甲", "一", "100", "")], version=trees.stamp(rubric))
    assert browser.post(f"/rubrics/{rubric.pk}/edit/", form).status_code == 409
    answer = browser.post(f"/rubrics/{rubric.pk}/versions/")
    copy = Rubric.objects.exclude(pk=rubric.pk).get()
    assert answer.url == f"/rubrics/{copy.pk}/edit/"
    assert (copy.version, copy.frozen_at) == (2, None)
    assert trees.lines(copy) == trees.lines(rubric)
    browser.post(f"/rubrics/{rubric.pk}/versions/")
    assert Rubric.objects.order_by("-version").first().version == 3


def test_rubrics_are_their_owners(officer, rubric):
    leader, county = make_capacity(Role.LEADER, make_bureau()), make_capacity(Role.OFFICER, make_county())
    assert browser_of(leader).get(f"/rubrics/{rubric.pk}/").status_code == 200
    assert browser_of(leader).get(f"/rubrics/{rubric.pk}/edit/").status_code == 403
    assert browser_of(leader).post(f"/rubrics/{rubric.pk}/versions/").status_code == 403
    assert browser_of(county).get(f"/rubrics/{rubric.pk}/").status_code == 404
    assert browser_of(make_capacity(Role.PRINCIPAL, make_county())).get("/rubrics/").status_code == 403


def test_an_owner_without_a_rubric_begins_with_the_default_one(officer):
    programme = lay_programme(officer.organisation)
    browser = browser_of(officer)
    assert "建立默认标准" in browser.get("/rubrics/").content.decode()
    browser.post("/rubrics/default/", {"programme": programme.pk})
    assert Rubric.objects.get().total() == 100
    other = browser_of(make_capacity(Role.OFFICER, make_county()))
    assert other.post("/rubrics/default/", {"programme": programme.pk}).status_code == 404


def test_the_list_costs_the_same_for_one_rubric_and_for_three(officer, rubric, django_assert_num_queries):
    browser = browser_of(officer)
    browser.get("/rubrics/")
    with django_assert_num_queries(5):
        browser.get("/rubrics/")
    trees.new_version(rubric)
    trees.new_version(rubric)
    with django_assert_num_queries(5):
        assert len(browser.get("/rubrics/").context["page_obj"].object_list) == 3
