"""What the owner's officer draws up between the steps of a call stands on the desk, until it is drawn up (Art. 9)."""

import pytest
import time_machine

from accounts.models import Role
from applications.flows import OBJECTION
from applications.models import ApplicationState, Call, Publicity
from applications.objecting import Grievance, receive
from office import desk
from office.door import begin, take
from tests.factories.applications import bring_to, make_application, make_call, someone
from tests.factories.decided import (
    AFTERWARDS,
    CONTACT,
    DECIDED,
    PUBLISHED,
    announce,
    applicant,
    conclude,
    decide,
    publicised,
)
from tests.factories.rounds import DECIDED_ON, score, seat_panel, start_review

pytestmark = pytest.mark.django_db


def asked(call: Call, at, role: Role = Role.OFFICER) -> list[tuple[str, str]]:
    """What stands on the desk about this call: prompt and address."""
    me = someone(role, call.programme.owner)
    return [(row.prompt, row.url) for row in desk.waiting(me, at) if row.title == call.name]


def test_results_are_drawn_up_once_the_last_score_is_in():
    call = make_call(opened=True)
    application = bring_to(make_application(call), ApplicationState.UNDER_REVIEW)
    seat_panel(call, number=3)
    start_review(call)
    first, *others = application.reviews.select_related("application__call", "expert__user")
    with time_machine.travel(DECIDED_ON, tick=False):
        score(first, "0.9")
        assert asked(call, DECIDED_ON) == [], "two experts have not submitted yet"
        for review in others:
            score(review, "0.9")
        assert asked(call, DECIDED_ON) == [("拟定结果", f"/calls/{call.number}/results/")]
        assert ("拟定结果", f"/calls/{call.number}/results/") not in asked(call, DECIDED_ON, Role.LEADER)
        call.applications.update(result="pass")
        assert asked(call, DECIDED_ON) == []


def test_a_decided_list_asks_for_its_publicity_until_one_is_drawn_up():
    call = make_call()
    applicant(call, "李堃")
    decide(call)
    assert asked(call, DECIDED) == [("拟定公示", f"/calls/{call.number}/publicity/")]
    begin(
        Publicity(call=call, days=5, contact=CONTACT),
        someone(Role.OFFICER, call.programme.owner),
        DECIDED,
        "拟定公示",
    )
    assert [prompt for prompt, _ in asked(call, DECIDED)] == ["发布公示"], "the draft waits now"


def test_nobody_elses_officer_is_asked():
    call = make_call()
    applicant(call, "李堃")
    decide(call)
    county = someone(Role.OFFICER, call.applications.get().authority)
    assert "拟定公示" not in {row.prompt for row in desk.waiting(county, DECIDED)}


def test_names_without_objection_ask_for_their_announcement_and_those_held_for_a_later_one():
    publicity = publicised(make_call(), ["包·格日乐图", "李堃"])
    call = publicity.call
    number = publicity.applications.get(lead__name="李堃").number
    said = Grievance("赵敏", "0476-5550123", "课题立项编号有误。")
    objection = receive(
        publicity.pk, number, said, [], me=someone(Role.OFFICER, call.programme.owner), at=PUBLISHED
    )
    assert asked(call, PUBLISHED) == []
    conclude(publicity)
    to_announce = [("拟定公布", f"/calls/{call.number}/announcement/")]
    assert asked(call, AFTERWARDS) == to_announce
    announce(call)
    assert asked(call, AFTERWARDS) == []
    take(OBJECTION, "investigate", objection.pk, someone(Role.OFFICER, call.programme.owner), AFTERWARDS)
    take(
        OBJECTION,
        "dismiss",
        objection.pk,
        someone(Role.LEADER, call.programme.owner),
        AFTERWARDS,
        "经核查，编号无误。",
    )
    assert asked(call, AFTERWARDS) == to_announce
