"""The programme's parameters, changed in the browser by its owner's officer."""

import pytest

from accounts.models import Role
from office.models import Entry
from programmes.ground import lay
from programmes.models import Programme
from tests.factories.accounts import make_bureau, make_county
from tests.factories.applications import browser_of, someone

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme() -> Programme:
    return lay(make_bureau())


def _given(programme: Programme, **changes: object) -> dict[str, object]:
    page = browser_of(someone(Role.OFFICER, programme.owner)).get("/programme/")
    form = page.context["form"]
    given = {name: form[name].value() for name in form.fields}
    return {
        name: value for name, value in (given | changes).items() if value is not None and value is not False
    }


def test_the_owners_officer_changes_a_parameter_and_the_history_says_from_what_to_what(programme):
    browser = browser_of(someone(Role.OFFICER, programme.owner))
    answer = browser.post("/programme/", _given(programme, publicity_working_days=7), follow=True)
    assert "公示期（工作日）由“5”改为“7”" in answer.content.decode()
    programme.refresh_from_db()
    assert programme.publicity_working_days == 7
    assert Entry.objects.of(programme).get(step="parameters").facts == {"公示期（工作日）": ["5", "7"]}


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("members_max", 7, "不能少于“成员最少人数”"),
        ("publicity_working_days", 0, "至少为 1"),
        ("application_line", "120", "分数应在 0 到 100 之间"),
        ("annual_amount", "很多", "年"),
    ],
)
def test_what_cannot_be_is_refused_beside_the_field_and_nothing_is_lost(programme, name, value, sentence):
    browser = browser_of(someone(Role.OFFICER, programme.owner))
    answer = browser.post("/programme/", _given(programme, **{name: value}))
    assert answer.status_code == 422
    assert answer.context["form"].errors[name]
    assert sentence in answer.content.decode()
    assert f'value="{value}"' in answer.content.decode()


def test_a_change_made_meanwhile_is_not_overwritten(programme):
    given = _given(programme, publicity_working_days=7)
    browser = browser_of(someone(Role.OFFICER, programme.owner))
    browser.post("/programme/", _given(programme, term_years=4))
    assert "已被他人改过" in browser.post("/programme/", given).content.decode()
    programme.refresh_from_db()
    assert (programme.term_years, programme.publicity_working_days) == (4, 5)


def test_nobody_else_changes_them(programme):
    for role, organisation in ((Role.LEADER, programme.owner), (Role.OFFICER, make_county())):
        assert browser_of(someone(role, organisation)).get("/programme/").status_code == 403
