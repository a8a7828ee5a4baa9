"""第五条　名校长工作室一般依托领衔名校长所在学校设立。建设周期为三年，实行动态管理。"""

from datetime import date, datetime

import pytest

from accounts.models import Principal
from applications.filling import start
from applications.flows import APPLICATION, CALL
from applications.models import Application
from office.door import Refused
from studios.models import Studio, StudioYear
from tests.factories.accounts import make_capacity, make_school
from tests.factories.applications import DURING, OPENS, acting, make_application, make_call, make_lead
from tests.factories.rounds import bring_on, change, on, owner, refusal, step

pytestmark = pytest.mark.django_db


def years_of(studio: Studio) -> list[tuple[int, date, date]]:
    return list(StudioYear.objects.filter(term__studio=studio).values_list("number", "starts", "ends"))


def move(lead: Principal, name: str) -> None:
    """The registry notes that the principal now heads another school."""
    lead.school = make_school(name=name)
    lead.save(update_fields=["school"])


# 一般依托领衔名校长所在学校设立


def test_a_studio_sits_at_the_school_its_lead_heads() -> None:
    application = bring_on(make_application(make_call()), "announced")
    assert application.studio.school == application.lead.school
    assert application.studio.authority == application.lead.school.parent


def test_elsewhere_only_with_a_reason_that_every_later_reader_sees() -> None:
    application = make_application(make_call())
    me = acting(application.lead)
    move(application.lead, "红山区玉屏小学")
    assert refusal(APPLICATION, "submit", application, me) == [
        "您的档案显示现任职学校为红山区玉屏小学，工作室一般依托领衔校长所在学校设立，请说明例外理由（第五条）"
    ]
    change(application, "basics", exception="今年三月交流到玉屏小学，工作场地和课题仍在原校。")
    sent = step(application, "submit", me)
    assert sent.state == "school_review"
    assert sent.versions.get().content["basics"]["exception"].startswith("今年三月交流到玉屏小学")


# 建设周期为三年


def test_a_term_is_three_years_in_three_studio_years_of_twelve_months() -> None:
    studio = bring_on(make_application(make_call()), "announced").studio
    term = studio.terms.get()
    assert (term.number, term.starts, term.ends) == (1, date(2027, 1, 1), date(2029, 12, 31))
    assert years_of(studio) == [
        (1, date(2027, 1, 1), date(2027, 12, 31)),
        (2, date(2028, 1, 1), date(2028, 12, 31)),
        (3, date(2029, 1, 1), date(2029, 12, 31)),
    ]


def test_a_term_may_start_on_another_day_than_new_year() -> None:
    studio = bring_on(make_application(make_call(start_on=date(2026, 9, 1))), "announced").studio
    assert years_of(studio) == [
        (1, date(2026, 9, 1), date(2027, 8, 31)),
        (2, date(2027, 9, 1), date(2028, 8, 31)),
        (3, date(2028, 9, 1), date(2029, 8, 31)),
    ]


def test_a_term_that_starts_on_a_leap_day_has_no_gap_and_no_overlap() -> None:
    studio = bring_on(make_application(make_call(start_on=date(2028, 2, 29))), "announced").studio
    assert years_of(studio) == [
        (1, date(2028, 2, 29), date(2029, 2, 28)),
        (2, date(2029, 3, 1), date(2030, 2, 28)),
        (3, date(2030, 3, 1), date(2031, 2, 28)),
    ]


def test_the_number_of_years_is_the_programmes() -> None:
    call = make_call()
    programme = call.programme
    programme.term_years = 2
    programme.save()
    studio = bring_on(make_application(call), "announced").studio
    assert [number for number, _, _ in years_of(studio)] == [1, 2]


@pytest.mark.parametrize("scored_by", [on(2027, 3, 1), on(2027, 1, 1, 0, 30)])
def test_a_term_does_not_start_before_its_studios_can_have_been_chosen(scored_by: datetime) -> None:
    call = make_call(opened=False, start_on=date(2027, 1, 1), score_by=scored_by)
    assert refusal(CALL, "open", call, owner(call), OPENS) == ["建设周期起始日应在专家评分截止之后（第五条）"]


# 实行动态管理：一个周期未满，不另起一个


def test_whoever_leads_a_studio_leads_no_second_one_until_its_term_is_over() -> None:
    lead = make_lead(name="王志远")
    bring_on(make_application(make_call(), lead), "announced")
    soon = make_call(at=on(2028, 3, 2), start_on=date(2029, 1, 1))
    early = make_application(soon, lead, at=on(2028, 3, 10))
    said = refusal(APPLICATION, "submit", early, acting(lead), on(2028, 3, 10))
    assert said == ["您领衔的王志远名校长工作室在新周期开始时尚未期满（第五条）"]
    step(early, "withdraw", acting(lead), on(2028, 3, 11))
    after = make_call(at=on(2029, 3, 2), start_on=date(2030, 1, 1))
    late = make_application(after, lead, at=on(2029, 3, 10))
    assert step(late, "submit", acting(lead), on(2029, 3, 10)).state == "school_review"


def test_one_application_of_a_lead_in_a_call_and_a_new_one_after_it_is_over() -> None:
    call, lead = make_call(), make_lead()
    first = make_application(call, lead, complete=False)
    assert start(call, acting(lead), DURING) == first, "the one there is, not a second"
    step(first, "withdraw", acting(lead))
    assert start(call, acting(lead), DURING) != first
    assert Application.objects.filter(lead=lead).count() == 2


def test_who_has_no_record_can_not_apply() -> None:
    stranger = make_capacity("principal", make_school())
    with pytest.raises(Refused, match="没有您的校长档案"):
        start(make_call(), stranger, DURING)
