"""The data sets are whole, and the scripts that measure on them run: on a tiny scale, without looking at the clock."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import Appointment, Kind, Organisation, Principal, Role
from applications.models import Application, ApplicationState, CallState, Review
from office.audit import verify
from office.filing.pages import form_complete
from office.models import Attachment, Entry
from studios.models import (
    Activity,
    ActivityState,
    Advice,
    AnnualSummary,
    Attendance,
    FiledState,
    Output,
    Plan,
    PlanItem,
    StudioYear,
    SupportPledge,
)
from tests.performance import drafts, night, pages, steps, table
from tests.performance.browser import Answer
from tests.performance.cast import Cast

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="the data sets are loaded by COPY"),
]


@pytest.fixture
def city() -> None:
    """A fifth of the city."""
    call_command("dataset", "city", "--scale", "0.2", verbosity=0)


class Inside(pages.Stopwatch):
    """The stopwatch over Django's own test client: the same requests, without a server."""

    def __init__(self, cast: Cast) -> None:
        super().__init__(0, cast)

    def floor(self) -> float:
        self.floors.append(0.01)
        return 0.01

    def browser(self, who: Appointment | None) -> "Inner":  # type: ignore[override]
        return Inner(self.cast.session(who) if who else "")


class Inner:
    """A browser without a network."""

    def __init__(self, session: str) -> None:
        self.client = Client()
        if session:
            self.client.cookies["sessionid"] = session

    def get(self, path: str, **headers: str) -> Answer:
        return self._answer(self.client.get(path))

    def post(self, path: str, values: dict[str, str], **headers: str) -> Answer:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._answer(self.client.post(path, values, headers=sent))

    @staticmethod
    def _answer(response: object) -> Answer:
        return Answer(response.status_code, response.content, {"X-Queries": "1"}, 0.02)  # type: ignore[attr-defined]


@pytest.fixture
def watch(city: None, monkeypatch: pytest.MonkeyPatch) -> Inside:
    monkeypatch.setattr(pages, "REPEATS", 1)
    monkeypatch.setattr(pages, "WARM", 0)
    return Inside(Cast())


def test_a_data_set_is_whole_to_its_last_entry(city: None) -> None:
    connection.check_constraints()
    assert verify() is None
    assert Entry.objects.filter(seal=None).count() == 0
    assert Organisation.objects.filter(kind=Kind.SCHOOL).count() == 200
    assert Principal.objects.filter(head=True, famous=True).exists()
    assert Principal.objects.order_by("pk")[0].identity[:6] == "150400"
    assert Review.objects.filter(application__call__state=CallState.REVIEWING).exists()
    assert (
        Activity.objects.count() == 15 * StudioYear.objects.filter(starts__lte=timezone.localdate()).count()
    )
    assert {plan.state for plan in Plan.objects.all()} == {FiledState.FILED, FiledState.DRAFT}
    assert PlanItem.objects.filter(activities__state=ActivityState.HELD).exists()
    for model in (Attendance, Output, Advice, AnnualSummary, SupportPledge):
        assert model.objects.exists(), model


def test_what_studios_of_the_data_set_filed_is_complete_as_the_forms_ask(city: None) -> None:
    plans = Plan.objects.select_related("studio").order_by("pk")
    for filing in (*plans[:4], *AnnualSummary.objects.filter(state=FiledState.FILED)[:2]):
        assert not list(form_complete(filing, timezone.now()))


def test_a_database_in_use_is_left_alone(city: None) -> None:
    before = Application.objects.count()
    with pytest.raises(CommandError, match="只能建立在空数据库中"):
        call_command("dataset", "city", "--scale", "0.2")
    assert Application.objects.count() == before


def test_the_long_case_has_thirty_opinions_and_twenty_files(watch: Inside) -> None:
    case = watch.cast.long_case
    assert Entry.objects.of(case).exclude(opinion="").count() >= 30
    assert Attachment.objects.filter(object_id=case.pk, content_type__model="application").count() == 20


def test_every_page_of_the_table_opens(watch: Inside) -> None:
    rows = [watch.page(page) for page in pages.pages(watch.cast)]
    printed = table.of_set("city", {"floor": 1.0, "rows": rows}, 0.0)
    assert "desk: officer of a county" in printed
    assert all(row["size"] for row in rows if row["name"] != "desk: its badge")


def test_every_step_of_the_table_is_taken(watch: Inside) -> None:
    names = [row["name"] for row in steps.measure(watch)]
    assert {"saving one score cell", "step: submit", "step: recommend", "step: accept"} <= set(names)
    assert names[-3:] == ["step: file a plan", "step: register an activity", "step: accept a membership"]


def test_a_complete_draft_is_saved_and_submitted_on_the_night(watch: Inside) -> None:
    errand = night.errands(1)[0]
    browser = Inner(errand.session)
    assert browser.post(errand.save, errand.values, X_Autosave="1").status == 200
    assert browser.post(errand.submit, {}).status == 302
    assert Application.objects.get(number=errand.number).state == ApplicationState.SCHOOL_REVIEW


def test_whoever_could_still_apply_has_a_complete_draft_for_the_night(watch: Inside) -> None:
    before = night.errands(1000)
    drafts.make(watch.cast.open, 3, timezone.now())
    added = night.errands(1000)[len(before) :]
    assert [Inner(errand.session).post(errand.submit, {}).status for errand in added] == [302] * 3


def test_the_people_who_look_are_all_there(watch: Inside) -> None:
    for role in (Role.OFFICER, Role.LEADER, Role.FINANCE, Role.SECURITY, Role.ADMIN):
        assert watch.cast.appointment(role)
