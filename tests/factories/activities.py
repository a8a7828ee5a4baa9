"""Activities and outputs of studios: planned through the forms' own functions, reported, proved, held and made public
through the door.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.capacity import Capacity
from accounts.models import Organisation
from office.attachments import receive
from office.door import take
from studios import activities, outputs
from studios.flows import ACTIVITY, OUTPUT
from studios.flows.output import PROOF
from studios.models import Activity, Diagnosis, Duty, Form, Membership, Output, OutputKind, Studio
from studios.rules.activities import PHOTO
from tests.factories.applications import acting
from tests.factories.studios import ZONE
from tests.office.hostile import pdf, picture

HELD_AT = datetime(2027, 4, 15, 9, 0, tzinfo=ZONE)
REPORTED = datetime(2027, 4, 16, 9, 0, tzinfo=ZONE)
_serial = count(1)
REPORT = "走进课堂听课六节，与教师座谈，就课堂评价提出三条建议。"


def planned(studio: Studio, me: Capacity | None = None, **more: Any) -> Activity:
    """An activity of the studio on 2027-04-15, planned by its lead."""
    given = {
        "title": "课堂评价集中研修",
        "duty": Duty.TRAINING,
        "form": Form.SEMINAR,
        "place": "本校报告厅",
        "starts_at": HELD_AT,
        "ends_at": HELD_AT + timedelta(hours=3),
    } | more
    return activities.plan(Activity(studio=studio, **given), (), me or acting(studio.lead), HELD_AT)


def joined(
    organiser: Organisation, me: Capacity, studios: Iterable[Studio], title: str = "全旗联合教研", **more: Any
) -> Activity:
    """An activity that an organisation holds with studios."""
    given = {
        "title": title,
        "duty": Duty.RADIATION,
        "form": Form.FORUM,
        "place": "教师进修中心",
        "starts_at": HELD_AT,
        "ends_at": HELD_AT + timedelta(hours=3),
    } | more
    return activities.plan(Activity(organiser=organiser, **given), list(studios), me, HELD_AT)


def photo(name: str = "photo.jpg", size: tuple[int, int] = (40, 30), **options: Any) -> SimpleUploadedFile:
    """A picture as a telephone sends it."""
    return SimpleUploadedFile(name, picture(size=size, **options), content_type="image/jpeg")


def reported(
    activity: Activity,
    me: Capacity,
    absent: int = 0,
    guests: Iterable[tuple[str, str]] = (),
    audience: int | None = None,
) -> Activity:
    """With report and attendance: all members but the first ``absent``."""
    members: list[Membership] = list(activities.members_of(activity))
    given = {
        "report": REPORT,
        "audience": audience,
        "members": members,
        "present": [each.pk for each in members[absent:]],
        "guests": list(guests),
    }
    return activities.report(activity.pk, given, activities.report_stamp(activity), me)


def held(activity: Activity, me: Capacity, **more: Any) -> Activity:
    """Reported, with one photo, and filed."""
    reported(activity, me, **more)
    receive(ACTIVITY, activity.pk, photo(), slot=PHOTO, me=me, at=REPORTED)
    take(ACTIVITY, "hold", activity.pk, me, REPORTED)
    return Activity.objects.get(pk=activity.pk)


def diagnosed(activity: Activity, school: Organisation, me: Capacity) -> Diagnosis:
    """The report on one school of a visit."""
    found = Diagnosis(activity=activity, school=school, findings="作业量偏大", advice="建立作业公示制度")
    activities.diagnose(found, "", me, REPORTED)
    return Diagnosis.objects.get(activity=activity, school=school)


def recorded(studio: Studio, me: Capacity | None = None, **more: Any) -> Output:
    """A paper of 2027-04-15, recorded by the studio's lead."""
    given = {
        "title": "让评价回到课堂",
        "duty": Duty.RESEARCH,
        "kind": OutputKind.PAPER,
        "authors": studio.lead.name,
        "dated": date(2027, 4, 15),
    } | more
    return outputs.add(Output(studio=studio, **given), me or acting(studio.lead), REPORTED)


def published(output: Output) -> Output:
    """Proved, and made public by the lead."""
    me = acting(output.studio.lead)
    receive(OUTPUT, output.pk, SimpleUploadedFile("证明.pdf", pdf()), slot=PROOF, me=me, at=REPORTED)
    return take(OUTPUT, "publish", output.pk, me, REPORTED)


def records(studio: Studio, number: int, **more: Any) -> list[Activity]:
    """``number`` activities held and as many papers recorded, each step taken by the lead."""
    lead = acting(studio.lead)
    rows = []
    for _ in range(number):
        serial = next(_serial)
        recorded(studio, lead, title=f"论文{serial}")
        rows.append(held(planned(studio, title=f"研修{serial}", **more), lead))
    return rows
