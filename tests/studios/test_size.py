"""A studio with 300 activities, as many outputs and 2,000 photos costs no page a query more than one with a single one."""

from copy import copy
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.capacity import Capacity
from accounts.models import Role
from office.attachments import slots
from office.door import take
from office.models import Attachment
from studios.flows import PLAN
from studios.models import Activity, Attendance, Duty, Output, Plan, PlanKind, Studio
from studios.rules.activities import PHOTO
from tests.articles.test_article_16 import fill
from tests.factories.accounts import make_bureau
from tests.factories.activities import records
from tests.factories.applications import acting, browser_of, someone
from tests.factories.studios import SEATED, ZONE, make_studio

pytestmark = [pytest.mark.django_db, pytest.mark.core]
SUMMER = datetime(2027, 6, 15, 10, 0, tzinfo=ZONE)
ACTIVITIES, PHOTOS, ON_ONE = 300, 2000, 500


@pytest.fixture(autouse=True)
def summer():
    with time_machine.travel(SUMMER, tick=False):
        yield


@pytest.fixture
def studio() -> Studio:
    """With a plan on file, one activity held under it and one output recorded, through the door."""
    made = make_studio()
    plan = Plan.objects.get(studio=made, kind=PlanKind.ANNUAL)
    take(PLAN, "file", fill(plan).pk, acting(made.lead), SEATED)
    records(made, 1, item=plan.items.get(duty=Duty.TRAINING))
    return made


def again(row: Any, **more: Any) -> Any:
    """The row once more, as a new one."""
    twin = copy(row)
    twin.pk, twin._state = None, copy(row._state)
    for name, value in more.items():
        setattr(twin, name, value)
    return twin


def many(rows: list[Any]) -> list[Any]:
    model: type[models.Model] = type(rows[0])
    return list(model._default_manager.bulk_create(rows, 500))


def grow(studio: Studio) -> Activity:
    """What the door made once, over and over; gives the activity on which most photos lie."""
    first, output = Activity.objects.get(studio=studio), Output.objects.get(studio=studio)
    photo, came = slots(first)[PHOTO][0], list(first.attendances.all())
    rows = many(
        [
            again(
                first,
                title=f"第{place}次研修",
                starts_at=first.starts_at + timedelta(hours=place),
                ends_at=first.ends_at + timedelta(hours=place),
            )
            for place in range(1, ACTIVITIES)
        ]
    )
    many([again(each, activity_id=row.pk) for row in rows for each in came])
    many([again(output, title=f"论文{place}") for place in range(1, ACTIVITIES)])
    spread = [rows[place % len(rows)].pk for place in range(PHOTOS - ON_ONE)]
    many([again(photo, object_id=pk) for pk in [*spread, *[first.pk] * (ON_ONE - 1)]])
    return first


def costs(me: Capacity | None, addresses: list[str]) -> dict[str, int]:
    """How many queries each page takes, once it has been opened."""
    found = {}
    browser = browser_of(me) if me else Client()
    for address in addresses:
        assert browser.get(address).status_code == 200, address
        # What is kept for the public is kept by its whole address.
        fresh = address if me else f"{address}?rows={Activity.objects.count()}"
        with CaptureQueriesContext(connection) as queries:
            browser.get(fresh)
        found[address] = len(queries)
    return found


def test_no_page_costs_more_for_what_a_studio_has_done(studio: Studio) -> None:
    plan = Plan.objects.get(studio=studio, kind=PlanKind.ANNUAL)
    activity = Activity.objects.get(studio=studio).get_absolute_url()
    home, year = studio.get_absolute_url(), studio.terms.get().starts.year
    lead = {
        "/desk/": 8,
        home: 16,
        f"{home}?tab=members": 9,
        f"{home}?tab=plans": 11,
        f"{home}?tab=activities": 9,
        f"{home}?tab=outputs": 9,
        f"{home}?tab=advice": 9,
        f"{home}?tab=staff": 10,
        f"/studios/{studio.number}/ledger/{year}/?export=xlsx": 15,
        plan.get_absolute_url(): 6,
        f"{plan.get_absolute_url()}?tab=items": 9,
        activity: 10,
        f"{activity}?tab=attendance": 8,
        f"{activity}?tab=files": 8,
        "/activities/": 10,
        "/activities/calendar/?month=2027-04": 7,
        "/outputs/": 9,
        "/memberships/": 5,
        "/plans/": 5,
        studio.memberships.all()[0].get_absolute_url(): 7,
    }
    bureau = {
        "/desk/": 8,
        home: 16,
        "/studios/": 6,
        "/studios-board/": 10,
        "/activities/": 9,
        "/outputs/": 9,
    }
    public = {f"/directory/{studio.number}/": 4, "/directory/": 3}
    everybody = ((acting(studio.lead), lead), (someone(Role.OFFICER, make_bureau()), bureau), (None, public))
    small = [costs(me, list(pages)) for me, pages in everybody]
    grow(studio)
    assert Attachment.objects.filter(slot=PHOTO).count() == PHOTOS
    assert Activity.objects.count() == Output.objects.count() == ACTIVITIES
    assert Attendance.objects.count() > ACTIVITIES
    grown = [costs(me, list(pages)) for me, pages in everybody]
    # What no longer fits on a page is counted.
    counted = {"/activities/", "/outputs/"}
    assert small == [{page: cost - (page in counted) for page, cost in each.items()} for each in grown]
    assert grown == [pages for _, pages in everybody]
