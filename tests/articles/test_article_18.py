"""第十八条　工作室三年建设期满后，由市教育局委托第三方进行评估。……“不合格”的不再列为下一周期工作室建设对象。"""

from datetime import date

import pytest

from accounts.models import Principal
from applications.flows import APPLICATION
from programmes.models import Programme
from studios.models import Bar
from tests.factories.accounts import make_county, make_school
from tests.factories.applications import acting, make_application, make_call, make_lead
from tests.factories.rounds import on, refusal, step

pytestmark = pytest.mark.django_db


def bar(lead: Principal, programme: Programme) -> None:
    """The studio of ``lead`` failed its term: the next one, 2027 to 2029, is closed to its lead."""
    Bar.objects.create(
        programme=programme,
        principal=lead,
        starts=date(2027, 1, 1),
        until=date(2029, 12, 31),
        ground="2024—2026周期期满评估不合格",
    )


def test_whoever_failed_is_barred_from_the_next_term() -> None:
    call, lead = make_call(), make_lead()
    bar(lead, call.programme)
    application = make_application(call, lead)
    assert refusal(APPLICATION, "submit", application, acting(lead)) == [
        "2024—2026周期期满评估不合格，至2029年12月31日前不列为建设对象（第十八条）"
    ]


@pytest.mark.parametrize(("start", "barred"), [(date(2029, 12, 31), True), (date(2030, 1, 1), False)])
def test_the_bar_covers_one_term_and_not_for_ever(start: date, barred: bool) -> None:
    call, lead = make_call(at=on(2029, 3, 2), start_on=start), make_lead()
    bar(lead, call.programme)
    moment = on(2029, 3, 10)
    application = make_application(call, lead, at=moment)
    if barred:
        said = refusal(APPLICATION, "submit", application, acting(lead), moment)
        assert said[0].endswith("不列为建设对象（第十八条）")
    else:
        assert step(application, "submit", acting(lead), moment).state == "school_review"


def test_another_programme_is_open_to_them() -> None:
    county = make_county("松山区")
    lead = make_lead(school=make_school(county))
    bar(lead, make_call().programme)
    application = make_application(make_call(county), lead)
    assert step(application, "submit", acting(lead)).state == "school_review"


def test_the_bar_meets_the_lead_and_nobody_else() -> None:
    call = make_call()
    bar(make_lead(), call.programme)
    application = make_application(call)
    assert step(application, "submit", acting(application.lead)).state == "school_review"
