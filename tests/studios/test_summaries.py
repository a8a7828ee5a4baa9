"""第十六条: the annual summary, opened before it is due, told by the lead beside what the records say, filed."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Role
from office.door import Refused, take
from office.filing.saving import save_section, stamp
from office.models import Notice
from office.reminders import remind
from studios import timekeeping
from studios.flows import SUMMARY
from studios.models import AnnualSummary, FiledState
from tests.factories.accounts import make_bureau, make_principal
from tests.factories.activities import held, planned
from tests.factories.applications import acting, browser_of, someone
from tests.factories.studios import ZONE, make_studio

pytestmark = [pytest.mark.django_db, pytest.mark.core]
OPENED = datetime(2027, 10, 17, 3, 0, tzinfo=ZONE)
IN_TIME = datetime(2027, 12, 16, 23, 59, 59, tzinfo=ZONE)


def write(summary: AnnualSummary, at: datetime, words: str = "如期完成") -> AnnualSummary:
    """Fill in every section of the summary."""
    for section in summary.layout.sections:
        values = {field.key: [] if field.kind == "rows" else words for field in section.fields}
        summary = save_section(summary, section, values, stamp(summary, section), at)
    return summary


def told(studio) -> str:
    """The last the lead was told."""
    return Notice.objects.filter(user=studio.lead.user).latest("pk").text


@pytest.fixture
def studio():
    return make_studio()


@pytest.fixture
def summary(studio) -> AnnualSummary:
    timekeeping.keep(OPENED)
    return AnnualSummary.objects.select_related("year__term__studio__lead").get(year__term__studio=studio)


def test_it_is_opened_sixty_days_before_it_is_due_and_once_also_after_days_off(studio):
    due = studio.terms.get().years.get(number=1).summary_due
    day = datetime(due.year, due.month, due.day, 3, 0, tzinfo=ZONE)
    timekeeping.keep(day - timedelta(days=61))
    assert not AnnualSummary.objects.exists()
    for days in (57, 57, 50):
        timekeeping.keep(day - timedelta(days=days))
    summary = AnnualSummary.objects.get()
    assert summary.year.number == 1
    assert summary.due == datetime(due.year, due.month, due.day, 23, 59, 59, tzinfo=ZONE)
    assert SUMMARY.waiting(acting(studio.lead), day).get() == summary


def test_an_unfinished_summary_is_refused_with_what_it_lacks(studio, summary):
    with pytest.raises(Refused, match="总体情况"):
        take(SUMMARY, "file", summary.pk, acting(studio.lead), OPENED)


def test_filed_in_the_last_second_is_in_time_and_a_second_later_late(studio, summary):
    due = summary.due
    write(summary, OPENED)
    assert take(SUMMARY, "file", summary.pk, acting(studio.lead), due).late is False
    other = make_studio()
    timekeeping.keep(OPENED)
    second = AnnualSummary.objects.get(year__term__studio=other)
    write(second, OPENED)
    assert take(SUMMARY, "file", second.pk, acting(other.lead), due + timedelta(seconds=1)).late


def test_the_bureau_returns_it_the_lead_mends_amends_and_the_difference_is_shown(studio, summary):
    lead, officer = acting(studio.lead), someone(Role.OFFICER, make_bureau())
    write(summary, OPENED)
    take(SUMMARY, "file", summary.pk, lead, OPENED)
    take(SUMMARY, "return", summary.pk, officer, OPENED, "请写明帮扶学校")
    assert SUMMARY.waiting(lead, OPENED).get() == summary
    write(AnnualSummary.objects.get(pk=summary.pk), OPENED, "帮扶柳条沟小学")
    take(SUMMARY, "file", summary.pk, lead, OPENED)
    take(SUMMARY, "amend", summary.pk, lead, OPENED, "补充一次论坛")
    write(AnnualSummary.objects.get(pk=summary.pk), OPENED, "另办论坛一次")
    before = browser_of(officer).get(summary.get_absolute_url()).content.decode()
    assert "帮扶柳条沟小学" in before
    assert "另办论坛一次" not in before
    take(SUMMARY, "file", summary.pk, lead, OPENED)
    page = browser_of(officer).get(f"{summary.get_absolute_url()}?tab=changes").content.decode()
    assert "补充一次论坛" in page
    assert "另办论坛一次" in page


def test_each_section_shows_what_the_records_say_and_filing_freezes_it(studio, summary):
    lead = acting(studio.lead)
    page = browser_of(lead).get(f"/summaries/{summary.pk}/form/support/").content.decode()
    assert "本年度的记录" in page
    assert "8 名" in page
    write(summary, OPENED)
    take(SUMMARY, "file", summary.pk, lead, OPENED)
    kept = AnnualSummary.objects.get(pk=summary.pk).figures
    assert ["在任成员", "8 名"] in kept["support"]


def test_beside_the_duties_stands_what_was_held_under_each(studio, summary):
    lead = acting(studio.lead)
    held(planned(studio), lead)
    page = browser_of(lead).get(f"/summaries/{summary.pk}/form/duties/")
    assert page.context["lists"] == [("培养中青年校长", ["4月15日 课堂评价集中研修"])]


def test_the_summary_prints_with_its_figures(studio, summary):
    lead = acting(studio.lead)
    write(summary, OPENED)
    assert browser_of(lead).get(f"/summaries/{summary.pk}/print/").status_code == 404
    take(SUMMARY, "file", summary.pk, lead, OPENED)
    answer = browser_of(lead).get(f"/summaries/{summary.pk}/print/")
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF")


def test_a_draft_is_seen_by_its_writers_alone_and_only_the_lead_files(studio, summary):
    write(summary, OPENED)
    for other in (
        someone(Role.OFFICER, make_bureau()),
        someone(Role.OFFICER, studio.school),
        acting(make_principal()),
    ):
        with pytest.raises((PermissionDenied, AnnualSummary.DoesNotExist)):
            take(SUMMARY, "file", summary.pk, other, OPENED)
    take(SUMMARY, "file", summary.pk, acting(studio.lead), OPENED)
    assert AnnualSummary.objects.get(pk=summary.pk).state == FiledState.FILED
    assert SUMMARY.seen(someone(Role.OFFICER, studio.authority)).filter(pk=summary.pk).exists()


@pytest.mark.parametrize("studios", [1, 3])
def test_the_list_and_the_page_cost_the_same_for_one_and_for_three(studios, django_assert_num_queries):
    for _ in range(studios):
        make_studio()
    timekeeping.keep(OPENED)
    rows = AnnualSummary.objects.select_related("year__term__studio__lead")
    for each in rows:
        write(each, OPENED)
        take(SUMMARY, "file", each.pk, acting(each.studio.lead), OPENED)
    browser = browser_of(someone(Role.OFFICER, make_bureau()))
    browser.get("/summaries/")
    with django_assert_num_queries(5):
        assert browser.get("/summaries/").content.decode().count("名校长工作室</a>") == studios
    with django_assert_num_queries(6):
        assert browser.get(rows[0].get_absolute_url()).status_code == 200


def test_the_lead_is_reminded_before_the_date_and_after_it(studio, summary):
    day = summary.due.replace(hour=8, minute=0, second=0)
    remind(day - timedelta(days=14))
    assert "尚未备案" in told(studio)
    before = told(studio)
    remind(day + timedelta(days=1))
    assert "到期" in told(studio)
    assert told(studio) != before


def test_the_list_is_narrowed_to_those_filed_late(studio, summary):
    browser = browser_of(someone(Role.OFFICER, make_bureau()))
    write(summary, OPENED)
    take(SUMMARY, "file", summary.pk, acting(studio.lead), OPENED)
    assert "未知" not in browser.get("/summaries/").content.decode()
    assert studio.name in browser.get("/summaries/?late=0").content.decode()
    assert studio.name not in browser.get("/summaries/?late=1").context[
        "page_obj"
    ].paginator.object_list.values_list("year__term__studio__name", flat=True)
