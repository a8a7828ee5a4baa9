"""Many at one studio at once (Art. 6): leads who want the same person, eleven invitations on ten places, answers that cross.

Real threads with connections of their own, on PostgreSQL and on a SQLite file.
"""

from collections import Counter

import pytest

from accounts.models import Role
from office.audit import verify
from office.door import Moved, Refused, take
from office.models import Entry
from studios import activities, outputs
from studios.flows import ACTIVITY, MEMBERSHIP, OUTPUT
from studios.inviting import invite
from studios.models import Activity, Membership, MembershipState, Output, OutputKind, StudioState
from tests.factories.accounts import make_bureau, make_principal
from tests.factories.activities import HELD_AT, REPORTED, planned, recorded
from tests.factories.applications import acting, make_lead, someone
from tests.factories.studios import SEATED, accepted, authority_of, invited, make_studio, seat, states
from tests.office.test_races import at_once

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]
S = MembershipState


def outcome(results: list[object]) -> Counter[str]:
    return Counter(type(result).__name__ for result in results)


def test_eleven_invitations_at_once_on_ten_places_are_ten():
    studio = make_studio(members=0)
    lead, asked = acting(studio.lead), [make_principal() for _ in range(11)]
    results = at_once(*[lambda who=who: invite(studio.pk, who.pk, "", lead, SEATED) for who in asked])
    assert outcome(results) == {"Membership": 10, "Refused": 1}
    refused = next(result for result in results if isinstance(result, Refused))
    assert "最多 10 名" in str(refused)
    assert "第六条" in str(refused)
    assert studio.memberships.count() == 10
    assert Entry.objects.filter(label="邀请参加").count() == 10
    assert verify() is None


def test_one_person_asked_twice_at_once_by_one_lead_is_asked_once():
    studio, principal = make_studio(members=0), make_principal()
    lead = acting(studio.lead)
    results = at_once(*[lambda: invite(studio.pk, principal.pk, "", lead, SEATED) for _ in range(4)])
    assert outcome(results) == {"Membership": 1, "Refused": 3}
    assert studio.memberships.count() == 1


def test_two_leads_ask_one_person_at_once_and_the_person_is_asked_by_both():
    """双方自愿: both may ask; it is the person who chooses."""
    studios = [make_studio(members=0), make_studio(make_lead(name="高娃"), members=0)]
    principal = make_principal()
    leads = [acting(studio.lead) for studio in studios]
    results = at_once(
        *[
            lambda studio=studio, lead=lead: invite(studio.pk, principal.pk, "", lead, SEATED)
            for studio, lead in zip(studios, leads, strict=True)
        ]
    )
    assert outcome(results) == {"Membership": 2}
    assert set(states(principal.memberships.all())) == {S.INVITED}


def test_who_says_yes_to_two_leads_at_once_is_in_one_studio():
    studios = [make_studio(members=0), make_studio(make_lead(name="高娃"), members=0)]
    principal = make_principal()
    places = [invited(studio, principal) for studio in studios]
    me = acting(principal)
    results = at_once(
        *[lambda place=place: take(MEMBERSHIP, "accept", place.pk, me, SEATED) for place in places]
    )
    assert outcome(results) == {"Membership": 1, "Refused": 1}
    assert "每人只参加一个工作室" in str(next(each for each in results if isinstance(each, Refused)))
    assert sorted(states(places)) == [S.ACCEPTED, S.INVITED]


def test_who_is_let_go_while_school_and_county_consent_is_out_or_in_and_never_both():
    studio = make_studio(members=0)
    place = accepted(invited(studio))
    lead = acting(studio.lead)
    school = someone(Role.OFFICER, place.principal.school)
    county = someone(Role.OFFICER, authority_of(place))
    at_once(
        lambda: take(MEMBERSHIP, "withdraw", place.pk, lead, SEATED),
        lambda: take(MEMBERSHIP, "consent_school", place.pk, school, SEATED),
        lambda: take(MEMBERSHIP, "consent_authority", place.pk, county, SEATED),
    )
    place.refresh_from_db()
    both = bool(place.school_consented_at and place.authority_consented_at)
    assert (place.state == S.ACTIVE) == both == (place.joined_on is not None)
    assert place.state in (S.ACTIVE, S.WITHDRAWN)
    assert verify() is None


def test_both_consents_at_once_make_one_member_and_the_eighth_one_active_studio():
    studio = make_studio(members=7)
    place = accepted(invited(studio))
    school = someone(Role.OFFICER, place.principal.school)
    county = someone(Role.OFFICER, authority_of(place))
    results = at_once(
        lambda: take(MEMBERSHIP, "consent_school", place.pk, school, SEATED),
        lambda: take(MEMBERSHIP, "consent_authority", place.pk, county, SEATED),
    )
    assert outcome(results) == {"Membership": 2}
    assert states([place]) == [S.ACTIVE]
    assert Entry.objects.of(place).filter(step="join").count() == 1
    studio.refresh_from_db()
    assert studio.state == StudioState.ACTIVE
    assert Entry.objects.of(studio).filter(step="activate").count() == 1


def test_two_officers_who_note_one_departure_at_once_note_it_once():
    studio = make_studio()
    place = Membership.objects.select_related("principal").filter(studio=studio)[0]
    take(MEMBERSHIP, "leave", place.pk, acting(place.principal), SEATED, "工作调动")
    officer = someone(Role.OFFICER, make_bureau())
    results = at_once(*[lambda: take(MEMBERSHIP, "note_left", place.pk, officer, SEATED) for _ in range(3)])
    assert outcome(results) == {"Membership": 1, "Moved": 2}
    assert "确认退出" in str(next(each for each in results if isinstance(each, Moved)))


def test_what_a_telephone_sends_again_while_the_first_is_under_way_is_there_once():
    studio = make_studio(members=0)
    lead = acting(studio.lead)
    at_once(*[lambda: planned(studio, lead) for _ in range(4)])
    assert Activity.objects.count() == 1
    at_once(*[lambda: recorded(studio, lead) for _ in range(4)])
    assert Output.objects.count() == 1


def test_an_activity_is_cancelled_or_changed_and_never_both():
    studio = make_studio(members=0)
    lead, activity = acting(studio.lead), planned(studio)
    moved = Activity.objects.get(pk=activity.pk)
    read = activities.stamp(moved)
    moved.place = "礼堂"

    def change() -> object:
        try:
            return activities.change(moved, (), read, lead, HELD_AT)
        except activities.Closed as closed:
            return closed

    results = at_once(change, lambda: take(ACTIVITY, "cancel", activity.pk, lead, HELD_AT, "道路结冰"))
    activity.refresh_from_db()
    assert activity.state == "cancelled"
    changed = not isinstance(results[0], activities.Closed)
    assert (activity.place == "礼堂") is changed


def test_an_output_changed_while_it_is_withdrawn_stays_as_it_was():
    studio = make_studio(members=0)
    lead, output = acting(studio.lead), recorded(studio)
    take(OUTPUT, "withdraw", output.pk, lead, REPORTED, "重复登记")
    again = Output.objects.get(pk=output.pk)
    again.kind = OutputKind.BOOK
    with pytest.raises(activities.Closed):
        outputs.change(again, outputs.stamp(output), lead, REPORTED)
    output.refresh_from_db()
    assert output.kind == OutputKind.PAPER


def test_a_seat_that_becomes_free_is_given_once():
    studio = make_studio(members=0)
    places = [invited(studio) for _ in range(10)]
    seat(places[0])
    lead, more = acting(studio.lead), [make_principal() for _ in range(3)]
    results = at_once(
        lambda: take(MEMBERSHIP, "withdraw", places[1].pk, lead, SEATED),
        *[lambda who=who: invite(studio.pk, who.pk, "", lead, SEATED) for who in more],
    )
    live = studio.memberships.filter(state__in=S.live).count()
    assert live <= 10
    assert outcome(results)["Membership"] in (1, 2)
