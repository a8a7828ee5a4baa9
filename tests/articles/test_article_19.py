"""第十九条　各旗县区可参照本办法加强本地名校长工作室建设，并结合本地实际，制定相应管理办法。"""

from datetime import date

import pytest

from accounts.capacity import Capacity
from accounts.models import Organisation, Role
from applications import experts, panels
from applications.defaults import of_programme
from applications.flows import APPLICATION, CALL
from applications.models import Application, ApplicationState, Call, Review
from applications.recusal import conflicts
from office.door import Refused
from portal.menu import menu
from programmes.models import Programme
from studios.models import Plaque, Stage, StudioYear
from tests.factories.accounts import make_bureau, make_capacity, make_county, make_principal, make_school
from tests.factories.applications import (
    DURING,
    acting,
    add_member,
    attach_materials,
    bring_to,
    browser_of,
    fill,
    make_call,
    make_lead,
    someone,
    start,
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
    conclude,
    decide,
    judge,
    leader,
    make_expert,
    owner,
    publish,
    refusal,
    seat_panel,
    start_review,
)

pytestmark = pytest.mark.django_db

# Every one differs from its default.
OWN_RULES = {
    "document_code": "松教发",
    "term_years": 2,
    "members_min": 4,
    "members_max": 5,
    "publicity_working_days": 7,
    "experts_per_panel": 3,
    "valid_reviews_min": 2,
    "application_line": 85,
    "trim_scores": False,
}


@pytest.fixture
def county() -> Organisation:
    return make_county("松山区")


@pytest.fixture
def programme(county: Organisation) -> Programme:
    """The county's own, its rules set in the browser by its officer."""
    make_call()  # the bureau runs one beside it
    mine = make_call(county, opened=False).programme
    browser = browser_of(someone(Role.OFFICER, county))
    form = browser.get("/programme/").context["form"]
    shown = {name: form[name].value() for name in form.fields}
    given = {name: value for name, value in (shown | OWN_RULES).items() if value not in (None, False)}
    assert browser.post("/programme/", given).status_code == 302
    return Programme.objects.get(pk=mine.pk)


@pytest.fixture
def call(programme: Programme) -> Call:
    """Opened by the county after its rules were set."""
    usual = of_programme(programme, DURING)
    numbers = ("panel_size", "valid_reviews_min", "application_line", "trim_scores", "publicity_days")
    return make_call(programme.owner, **{name: usual[name] for name in numbers})


def application_with(call: Call, members: int, school: Organisation | None = None) -> Application:
    """A complete draft of a head of the county with so many members."""
    county = call.programme.owner
    lead = make_lead(school=school or make_school(county))
    draft = start(call, acting(lead), DURING)
    for _ in range(members):
        add_member(draft, make_principal(school=make_school(county)))
    attach_materials(draft, "applicant", acting(lead))
    return fill(draft)


def menu_of(me: Capacity) -> set[object]:
    return {item["label"] for group in menu(me, "/desk/") for item in group["items"]}  # type: ignore[attr-defined]


def test_a_county_runs_its_own_programme_by_its_own_numbers_from_the_call_to_the_plaque(call: Call) -> None:
    application = bring_to(application_with(call, 4), ApplicationState.UNDER_REVIEW)
    seat_panel(call, application.stage, number=3)
    start_review(call, REVIEWING_ON)
    judge(call, at=SCORED_ON)
    assert Review.objects.filter(application=application).count() == 3
    decide(call, DECIDED_ON)
    publicity = publish(call, PUBLISHED_ON)
    assert publicity.ends_at.astimezone().date() == date(2026, 6, 5), "seven working days, not five"
    conclude(publicity, at=CONCLUDED_ON.replace(day=8))
    announce(call, ANNOUNCED_ON)
    studio = again(application).studio
    assert studio.programme.owner == make_county("松山区")
    assert StudioYear.objects.filter(term__studio=studio).count() == 2
    assert studio.number.startswith("150404-")
    assert Plaque.objects.filter(studio=studio).exists()
    assert again(application).announcement.call == call


def test_every_step_of_it_is_the_countys_and_none_the_bureaus(call: Call) -> None:
    application = bring_to(application_with(call, 4), ApplicationState.RECOMMENDED)
    bureau = someone(Role.OFFICER, make_bureau())
    assert not APPLICATION.seen(bureau).filter(pk=application.pk).exists()
    assert not CALL.waiting(someone(Role.LEADER, make_bureau()), DURING).filter(pk=call.pk).exists()
    assert APPLICATION.waiting(owner(call), DURING).filter(pk=application.pk).exists()
    assert leader(call).organisation == make_county("松山区")


@pytest.mark.parametrize(("members", "allowed"), [(3, False), (4, True), (5, True)])
def test_its_studios_have_as_many_members_as_its_own_rules_say(
    call: Call, members: int, allowed: bool
) -> None:
    draft = application_with(call, members)
    if allowed:
        assert bring_to(draft, ApplicationState.SCHOOL_REVIEW).state == ApplicationState.SCHOOL_REVIEW
    else:
        assert "4–5名成员" in refusal(APPLICATION, "submit", draft, acting(draft.lead))[0]


def test_what_scores_below_the_countys_line_is_not_proposed(call: Call) -> None:
    application = bring_to(application_with(call, 4), ApplicationState.UNDER_REVIEW)
    seat_panel(call, application.stage, number=3)
    start_review(call, REVIEWING_ON)
    judge(call, "0.8", SCORED_ON)
    decide(call, DECIDED_ON)
    assert again(application).state == ApplicationState.NOT_PASSED, "80 would pass the bureau's line of 70"


def test_each_owner_has_a_pool_of_experts_of_its_own(call: Call, county: Organisation) -> None:
    own, of_school = make_expert("白音", of=county), make_expert("其其格", of=make_school(county))
    of_bureau = make_expert("孟和")
    elsewhere = make_expert("朝鲁", of=make_county("敖汉旗"))
    stage = Stage.PRIMARY
    assert set(experts.available(county, stage, DURING)) == {own, of_school}
    assert set(experts.available(make_bureau(), stage, DURING)) == {of_bureau, elsewhere}
    officer, bureau = someone(Role.OFFICER, county), someone(Role.OFFICER, make_bureau())
    listed = browser_of(officer).get("/experts/").content.decode()
    assert "白音" in listed
    assert "孟和" not in listed
    assert browser_of(officer).get(f"/experts/{own.pk}/").status_code == 200
    assert browser_of(officer).get(f"/experts/{of_bureau.pk}/").status_code == 404
    assert browser_of(bureau).get(f"/experts/{own.pk}/").status_code == 404
    with pytest.raises(Refused):
        panels.seat(call, stage, of_bureau.pk, owner(call), DURING)
    assert panels.seat(call, stage, own.pk, owner(call), DURING) == own


def test_in_the_countys_own_programme_an_expert_of_the_county_need_not_recuse(call: Call) -> None:
    county = call.programme.owner
    expert = make_expert(of=county, county=county)
    own = bring_to(application_with(call, 4), ApplicationState.UNDER_REVIEW)
    assert conflicts([expert], [own]) == {}
    beside = bring_to(application_with(make_call(), 8, make_school(county)), ApplicationState.DRAFT)
    assert [each.sentence for each in conflicts([expert], [beside])[expert.pk, beside.pk]] == [
        "与申报人同一旗县区"
    ]


def test_the_menu_follows_from_owning_a_programme(programme: Programme, county: Organisation) -> None:
    kept = {"评审专家库", "评分标准", "项目参数", "公示", "异议", "公布"}
    assert kept <= menu_of(someone(Role.OFFICER, county))
    assert kept - {"项目参数"} <= menu_of(someone(Role.LEADER, county))
    assert not kept & menu_of(make_capacity(Role.OFFICER, make_county("敖汉旗")))
    assert kept | {"节假日"} <= menu_of(someone(Role.OFFICER, make_bureau()))
    assert "节假日" not in menu_of(someone(Role.OFFICER, county)), "one schedule for all, the bureau's"
    assert browser_of(someone(Role.OFFICER, county)).get("/holidays/").status_code == 403
