"""A hostile day among the people of a studio: what one does while another is in the middle of something (the browser's part:
tests/browser/test_a_hostile_day.py).
"""

import pytest

from accounts.models import Role
from office.door import take
from office.models import Entry
from studios import activities
from studios.flows import MEMBERSHIP
from studios.models import Membership, MembershipState, Studio
from tests.factories.accounts import make_bureau, make_county, make_principal, make_school
from tests.factories.activities import REPORT, planned
from tests.factories.applications import acting, browser_of, someone
from tests.factories.studios import SEATED, accepted, invited, make_studio, seat

pytestmark = [pytest.mark.django_db, pytest.mark.core]
S = MembershipState


@pytest.fixture
def studio() -> Studio:
    return make_studio(members=0)


@pytest.fixture
def county():
    return someone(Role.OFFICER, make_county("红山区"))


def waiting(studio: Studio, number: int) -> list[Membership]:
    """Willing principals of 红山区, each of a school of their own."""
    return [
        accepted(invited(studio, make_principal(make_school(make_county("红山区"))))) for _ in range(number)
    ]


def test_who_is_let_go_between_preview_and_consent_is_named_and_the_others_go_on(studio, county):
    places = waiting(studio, 3)
    browser, address = browser_of(county), "/memberships/batch/consent_authority/"
    chosen = {"pk": [place.pk for place in places]}
    assert "3 项可以办理" in browser.post(address, chosen).content.decode()
    take(MEMBERSHIP, "withdraw", places[1].pk, acting(studio.lead), SEATED)
    report = browser.post(address, chosen | {"confirmed": "1"}).content.decode()
    assert places[1].principal.name in report
    assert "撤回邀请" in report
    done = [bool(Membership.objects.get(pk=place.pk).authority_consented_at) for place in places]
    assert done == [True, False, True]
    assert Entry.objects.filter(step="consent_authority").count() == 2


def test_the_school_that_was_about_to_consent_reads_who_was_first(studio):
    place = waiting(studio, 1)[0]
    school = browser_of(someone(Role.OFFICER, place.principal.school))
    assert "学校同意" in school.get(place.get_absolute_url()).content.decode()
    take(MEMBERSHIP, "withdraw", place.pk, acting(studio.lead), SEATED)
    answer = school.post(f"{place.get_absolute_url()}steps/consent_school/", follow=True).content.decode()
    assert f"{studio.lead.name}已于" in answer
    assert "撤回邀请" in answer
    place.refresh_from_db()
    assert (place.state, place.school_consented_at) == (S.WITHDRAWN, None)


def test_one_consent_is_in_when_the_invitation_is_taken_back_and_the_place_is_free(studio, county):
    place = waiting(studio, 1)[0]
    take(MEMBERSHIP, "consent_authority", place.pk, county, SEATED)
    take(MEMBERSHIP, "withdraw", place.pk, acting(studio.lead), SEATED)
    for who in (county, someone(Role.OFFICER, place.principal.school)):
        assert not MEMBERSHIP.waiting(who, SEATED).exists(), "nobody is asked for what is over"
    assert accepted(invited(studio, place.principal)).authority_consented_at is None, "asked anew"


def test_a_member_who_leaves_keeps_the_seat_until_it_is_noted_and_is_not_counted_twice(studio):
    places = [seat(invited(studio)) for _ in range(10)]
    leaver = places[0]
    take(MEMBERSHIP, "leave", leaver.pk, acting(leaver.principal), SEATED, "工作调动")
    lead = browser_of(acting(studio.lead))
    asked = {"principal": make_principal().pk, "find": ""}
    told = lead.post(f"/studios/{studio.number}/members/invite/", asked, follow=True).content.decode()
    assert "最多 10 名" in told
    take(MEMBERSHIP, "note_left", leaver.pk, someone(Role.OFFICER, make_bureau()), SEATED)
    told = lead.post(f"/studios/{studio.number}/members/invite/", asked, follow=True).content.decode()
    assert "已邀请" in told


def test_two_people_on_one_report_and_the_later_is_shown_both(studio):
    places = [seat(invited(studio)) for _ in range(2)]
    activity = planned(studio)
    browser, address = browser_of(acting(studio.lead)), f"/activities/{activity.pk}/report/"
    first = {
        "version": browser.get(address).context["version"],
        "report": REPORT,
        "audience": "30",
        "present": [place.pk for place in places],
        "guests": "韩雪峰 赤峰市教师进修中心",
    }
    assert browser.post(address, first).status_code == 302
    later = first | {"report": "后写的报告", "present": [places[0].pk], "guests": ""}
    answer = browser.post(address, later, headers={"X-Autosave": "1"})
    assert answer.status_code == 409
    rows = {row["label"]: (row["mine"], row["theirs"]) for row in answer.json()["theirs"]}
    assert rows == {
        "活动报告": ("后写的报告", REPORT),
        "到场成员": (places[0].principal.name, "、".join(place.principal.name for place in places)),
        "其他参加人员": ("", "韩雪峰 赤峰市教师进修中心"),
    }
    page = browser.post(address, later).content.decode()
    assert "后写的报告" in page
    assert REPORT in page
    activity.refresh_from_db()
    assert activity.report == REPORT
    assert browser.post(address, later | {"version": answer.json()["version"]}).status_code == 302
    activity.refresh_from_db()
    assert activity.report == "后写的报告"
    assert activities.members_of(activity)
