"""第十六条: pictures of the annual summary, chosen among the photos of the year's activities, printed with it."""

from io import BytesIO

import pytest
from django.test import Client
from pypdf import PdfReader

from accounts.models import Role
from office.attachments import receive
from office.door import take
from office.models import Attachment
from office.paper.engine import available
from studios import timekeeping
from studios.flows import ACTIVITY, SUMMARY
from studios.models import AnnualSummary, Studio
from studios.rules.activities import PHOTO
from tests.factories.accounts import make_bureau
from tests.factories.activities import REPORTED, photo, planned, reported
from tests.factories.applications import acting, browser_of, someone
from tests.factories.studios import make_studio
from tests.studios.test_summaries import OPENED, write

pytestmark = [pytest.mark.django_db, pytest.mark.core]


@pytest.fixture
def studio() -> Studio:
    return make_studio()


@pytest.fixture
def summary(studio: Studio) -> AnnualSummary:
    timekeeping.keep(OPENED)
    return AnnualSummary.objects.select_related("year__term__studio__lead").get(year__term__studio=studio)


@pytest.fixture
def lead(studio: Studio) -> Client:
    return browser_of(acting(studio.lead))


def photographed(studio: Studio, number: int = 3, title: str = "课堂评价集中研修") -> list[Attachment]:
    """The photos of an activity that was held."""
    me, activity = acting(studio.lead), planned(studio, title=title)
    reported(activity, me)
    for each in range(number):
        receive(
            ACTIVITY, activity.pk, photo(f"{each}.jpg", size=(60 + each, 40)), slot=PHOTO, me=me, at=REPORTED
        )
    take(ACTIVITY, "hold", activity.pk, me, REPORTED)
    return list(Attachment.objects.filter(object_id=activity.pk, slot=PHOTO).order_by("pk"))


def address(summary: AnnualSummary) -> str:
    return f"/summaries/{summary.pk}/form/pictures/"


def kept(summary: AnnualSummary) -> list[tuple[str, str]]:
    rows = AnnualSummary.objects.get(pk=summary.pk).content.get("pictures", {}).get("pictures", [])
    return [(row["photo"], row["caption"]) for row in rows]


def test_the_lead_chooses_orders_and_describes_them(
    studio: Studio, summary: AnnualSummary, lead: Client
) -> None:
    first, second, third = photographed(studio)
    page = lead.get(address(summary))
    assert [each.pk for each in page.context["photos"]] == [first.pk, second.pk, third.pk]
    assert page.context["caption"] == "课堂评价集中研修（4月15日）"
    sent = {"version": page.context["version"], "photo": [first.pk, third.pk], f"caption-{first.pk}": "开场"}
    lead.post(address(summary), sent)
    assert kept(summary) == [(str(first.pk), "开场"), (str(third.pk), "")]
    page = lead.get(address(summary))
    assert [each.photo.pk for each in page.context["chosen"]] == [first.pk, third.pk]
    again = {"version": page.context["version"], "photo": [first.pk, third.pk, second.pk]}
    lead.post(address(summary), again | {f"place-{first.pk}": "2", f"place-{third.pk}": "1"})
    assert [key for key, _ in kept(summary)] == [str(third.pk), str(first.pk), str(second.pk)]


def test_only_photos_of_the_years_activities_are_taken(
    studio: Studio, summary: AnnualSummary, lead: Client
) -> None:
    foreign = photographed(make_studio())[0]
    version = lead.get(address(summary)).context["version"]
    lead.post(address(summary), {"version": version, "photo": [foreign.pk, "9" * 30, "x"]})
    assert kept(summary) == []


def test_thirteen_are_one_too_many_and_what_was_ticked_stays(
    studio: Studio, summary: AnnualSummary, lead: Client
) -> None:
    photos = photographed(studio, 13)
    version = lead.get(address(summary)).context["version"]
    answer = lead.post(address(summary), {"version": version, "photo": [each.pk for each in photos]})
    assert answer.status_code == 422
    assert "最多填写 12 行" in answer.content.decode()
    assert len(answer.context["chosen"]) == 13
    assert kept(summary) == []


def test_another_window_does_not_overwrite_the_choice(
    studio: Studio, summary: AnnualSummary, lead: Client
) -> None:
    first, second, _ = photographed(studio)
    version = lead.get(address(summary)).context["version"]
    lead.post(address(summary), {"version": version, "photo": [first.pk]})
    assert lead.post(address(summary), {"version": version, "photo": [second.pk]}).status_code == 409
    assert [key for key, _ in kept(summary)] == [str(first.pk)]


@pytest.mark.skipif(available() is not None, reason="no fonts here")
def test_readers_see_them_and_the_paper_prints_them(
    studio: Studio, summary: AnnualSummary, lead: Client
) -> None:
    first, second, _ = photographed(studio)
    write(summary, OPENED)
    version = lead.get(address(summary)).context["version"]
    lead.post(
        address(summary),
        {"version": version, "photo": [first.pk, second.pk], f"caption-{first.pk}": "研修开场"},
    )
    take(SUMMARY, "file", summary.pk, acting(studio.lead), OPENED)
    officer = browser_of(someone(Role.OFFICER, make_bureau()))
    page = officer.get(summary.get_absolute_url())
    assert [each.photo.pk for each in page.context["pictures"]] == [first.pk, second.pk]
    assert officer.get(f"/files/{first.pk}/preview/").status_code == 200
    paper = PdfReader(BytesIO(officer.get(f"/summaries/{summary.pk}/print/").content))
    assert len({image.data for page in paper.pages for image in page.images}) == 2
    assert "研修开场" in "".join(page.extract_text() for page in paper.pages)


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_costs_the_same_for_one_album_and_for_three(
    number: int, studio: Studio, summary: AnnualSummary, lead: Client, django_assert_num_queries
) -> None:
    for each in range(number):
        photos = photographed(studio, number, f"第{each}次研修")
    version = lead.get(address(summary)).context["version"]
    lead.post(address(summary), {"version": version, "photo": [photos[0].pk]})
    with django_assert_num_queries(8):
        lead.get(address(summary))
