"""异议: until the last second, by name, each against one application; and how it is answered."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from accounts.capacity import PUBLIC, SESSION_KEY, Capacity
from accounts.models import Role
from applications.flows import OBJECTION
from applications.models import Application, ApplicationState, Objection, ObjectionState, Publicity
from applications.objecting import Grievance, receive
from office.door import Refused, take
from office.models import Attachment, Entry, Notice
from tests.factories.accounts import make_bureau
from tests.factories.applications import acting, make_call, paper, someone
from tests.factories.decided import AFTERWARDS, LAST_SECOND, PUBLISHED, announce, conclude, publicised

pytestmark = pytest.mark.django_db

TEXT = "公示材料中的课题立项编号与立项通知不一致，请核查。"
SAID = Grievance("赵敏", "0476-5550123", TEXT)
SENT = {"name": "赵敏", "contact": "0476-5550123", "text": TEXT, "unit": "person", "website": ""}


@pytest.fixture(autouse=True)
def nothing_kept():
    """Limits per address are not counted across tests."""
    cache.clear()


@pytest.fixture
def publicity() -> Publicity:
    return publicised(make_call(), ["王喆", "李堃"])


def browser_of(me: Capacity) -> Client:
    client = Client()
    client.force_login(me.user)
    session = client.session
    session[SESSION_KEY] = me.appointment.pk
    session.save()
    return client


def number_of(publicity: Publicity, name: str) -> str:
    return publicity.applications.get(lead__name=name).number


def state_of(publicity: Publicity, name: str) -> str:
    return publicity.applications.get(lead__name=name).state


def object_to(publicity: Publicity, name: str, at: datetime, **more) -> Objection:
    return receive(publicity.pk, number_of(publicity, name), SAID, [], me=PUBLIC, at=at, **more)


def answer(
    objection: Objection, step: str, at: datetime = AFTERWARDS, opinion: str = "经核查，情况如下。"
) -> None:
    """The officer takes it up, the leader answers it."""
    bureau = make_bureau()
    take(OBJECTION, "investigate", objection.pk, someone(Role.OFFICER, bureau), at)
    take(OBJECTION, step, objection.pk, someone(Role.LEADER, bureau), at, opinion)


def send(publicity: Publicity, lead: str, at: datetime, /, **changes):
    with time_machine.travel(at, tick=False):
        address = f"/public/publicity/{publicity.pk}/objection/{number_of(publicity, lead)}/"
        return Client().post(address, SENT | changes)


@pytest.mark.core
def test_an_objection_at_the_last_second_counts_and_one_a_second_later_is_refused(publicity):
    answered = send(publicity, "王喆", LAST_SECOND)
    objection = Objection.objects.get()
    assert answered.status_code == 302
    assert objection.number in answered["Location"]
    late = send(publicity, "王喆", LAST_SECOND + timedelta(seconds=1))
    assert late.status_code == 422
    assert "不再受理异议" in late.content.decode()
    assert Objection.objects.count() == 1


def test_one_sent_in_time_but_taken_after_the_conclusion_holds_all_the_same(publicity):
    conclude(publicity)
    assert state_of(publicity, "王喆") == ApplicationState.CONFIRMED
    object_to(publicity, "王喆", LAST_SECOND)
    assert state_of(publicity, "王喆") == ApplicationState.HELD


@pytest.mark.core
def test_it_holds_only_the_application_it_concerns(publicity):
    object_to(publicity, "王喆", PUBLISHED)
    conclude(publicity)
    assert state_of(publicity, "王喆") == ApplicationState.HELD
    assert state_of(publicity, "李堃") == ApplicationState.CONFIRMED


@pytest.mark.parametrize(
    ("step", "state"), [("uphold", ApplicationState.REJECTED), ("dismiss", ApplicationState.CONFIRMED)]
)
def test_answered_before_the_conclusion_it_decides_with_it(publicity, step, state):
    answer(object_to(publicity, "王喆", PUBLISHED), step, LAST_SECOND)
    assert state_of(publicity, "王喆") == ApplicationState.PUBLICISED
    conclude(publicity)
    assert state_of(publicity, "王喆") == state


@pytest.mark.parametrize(
    ("step", "state"), [("uphold", ApplicationState.REJECTED), ("dismiss", ApplicationState.CONFIRMED)]
)
def test_answered_after_the_conclusion_it_decides_at_once(publicity, step, state):
    objection = object_to(publicity, "王喆", PUBLISHED)
    conclude(publicity)
    answer(objection, step)
    assert state_of(publicity, "王喆") == state


def test_of_two_objections_the_last_answer_releases(publicity):
    first, second = object_to(publicity, "王喆", PUBLISHED), object_to(publicity, "王喆", LAST_SECOND)
    conclude(publicity)
    answer(first, "dismiss")
    assert state_of(publicity, "王喆") == ApplicationState.HELD
    officer = someone(Role.OFFICER, make_bureau())
    take(OBJECTION, "not_admit", second.pk, officer, AFTERWARDS, "未署真实姓名，无法核实")
    assert state_of(publicity, "王喆") == ApplicationState.CONFIRMED


def test_an_announced_studio_is_no_longer_open_to_objection(publicity):
    conclude(publicity)
    announce(publicity.call)
    with pytest.raises(Refused, match="已不在公示之列"):
        object_to(publicity, "王喆", LAST_SECOND)


def test_what_the_public_sends_is_its_own_first_entry(publicity):
    send(publicity, "王喆", PUBLISHED, evidence=SimpleUploadedFile("证据.pdf", paper().read()))
    objection = Objection.objects.get()
    first = Entry.objects.of(objection).first()
    assert (first.label, first.who, first.user) == ("提交异议", "公众", None)
    assert Attachment.objects.get(slot="evidence").name == "证据.pdf"


def test_the_officers_are_told_at_once_and_the_one_who_entered_it_is_not(publicity):
    officer = someone(Role.OFFICER, make_bureau())
    object_to(publicity, "王喆", PUBLISHED)
    received = Notice.objects.filter(user=officer.user, text__startswith="收到对王喆")
    assert received.count() == 1
    number = number_of(publicity, "王喆")
    receive(publicity.pk, number, SAID, [], me=officer, at=LAST_SECOND, received_at=PUBLISHED)
    assert received.count() == 1


def test_name_and_contact_lie_encrypted_in_the_database(publicity):
    object_to(publicity, "王喆", PUBLISHED)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, contact FROM applications_objection")
        kept = "".join(cursor.fetchone())
    assert "赵敏" not in kept
    assert "5550123" not in kept


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "真实姓名"),
        ({"contact": ""}, "联系方式"),
        ({"text": "有问题"}, "异议内容"),
        ({"unit": "unit"}, "请上传加盖公章的异议书"),
        ({"website": "http://example.org"}, "请不要填写这一栏"),
        ({"evidence": SimpleUploadedFile("run.exe", b"MZ\x90\x00" * 100)}, "证明材料"),
    ],
)
def test_what_lacks_something_comes_back_with_its_words(publicity, changes, words):
    answered = send(publicity, "王喆", PUBLISHED, **changes)
    assert answered.status_code == 422
    assert words in answered.content.decode()
    assert not Objection.objects.exists()


def test_one_address_sends_five_in_an_hour(publicity):
    statuses = [send(publicity, "王喆", PUBLISHED).status_code for _ in range(6)]
    assert statuses == [302] * 5 + [429]
    assert Objection.objects.count() == 5


@pytest.mark.core
def test_the_objector_follows_it_by_its_receipt_and_nobody_is_named(publicity):
    objection = object_to(publicity, "王喆", PUBLISHED)
    address = f"/public/objection/{objection.number}/"
    with time_machine.travel(PUBLISHED, tick=False):
        assert "已收到" in Client().get(address).content.decode()
        answer(objection, "dismiss", PUBLISHED, "立项编号有误系笔误，立项属实。")
        shown = Client().get(address).content.decode()
    assert "异议不成立" in shown
    assert "立项编号有误系笔误，立项属实。" in shown
    for private in ("赵敏", "0476-5550123", TEXT, "王喆"):
        assert private not in shown
    assert Client().get("/public/objection/YY20260930-ABCDEFGH/").status_code == 404
    assert (
        Client().get("/public/objection/", {"number": f" {objection.number.lower()} "})["Location"] == address
    )


def test_who_objected_is_seen_by_those_who_handle_it_and_each_look_is_an_entry(publicity):
    objection = object_to(publicity, "王喆", PUBLISHED)
    officer = someone(Role.OFFICER, make_bureau())
    with time_machine.travel(PUBLISHED, tick=False):
        browser = browser_of(officer)
        page = browser.get(objection.get_absolute_url()).content.decode()
        assert TEXT in page
        assert "赵敏" not in page
        assert "赵敏" in browser.post(f"/objections/{objection.number}/objector/").content.decode()
    assert [entry.label for entry in Entry.objects.of(objection).filter(user=officer.user)] == [
        "查看异议人信息"
    ]


def test_neither_the_applicant_nor_school_nor_county_sees_an_objection(publicity):
    objection = object_to(publicity, "王喆", PUBLISHED)
    application = Application.objects.select_related("lead", "school", "authority").get(
        pk=objection.application_id
    )
    people = [
        acting(application.lead),
        someone(Role.OFFICER, application.school),
        someone(Role.OFFICER, application.authority),
    ]
    with time_machine.travel(PUBLISHED, tick=False):
        for me in people:
            browser = browser_of(me)
            assert browser.get(objection.get_absolute_url()).status_code == 404
            assert browser.post(f"/objections/{objection.number}/objector/").status_code == 404
            listed = browser.get("/objections/")
            assert listed.status_code == 403 or objection.number not in listed.content.decode()


def paper_form(publicity: Publicity, received: datetime) -> dict[str, object]:
    return {
        **SENT,
        "application": number_of(publicity, "王喆"),
        "received_at": f"{received:%Y-%m-%dT%H:%M}",
        "evidence": SimpleUploadedFile("异议书.pdf", paper().read()),
    }


@pytest.mark.core
def test_one_on_paper_counts_by_the_time_it_came_in(publicity):
    conclude(publicity)
    with time_machine.travel(AFTERWARDS, tick=False):
        browser = browser_of(someone(Role.OFFICER, make_bureau()))
        address = f"/publicities/{publicity.pk}/objection/"
        late = browser.post(address, paper_form(publicity, AFTERWARDS - timedelta(hours=1)))
        assert late.status_code == 422
        assert "不再受理异议" in late.content.decode()
        browser.post(address, paper_form(publicity, LAST_SECOND - timedelta(hours=8)))
    objection = Objection.objects.get()
    assert objection.on_paper
    assert objection.state == ObjectionState.RECEIVED
    assert state_of(publicity, "王喆") == ApplicationState.HELD
    assert Attachment.objects.get(slot="evidence").name == "异议书.pdf"


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_an_objection_that_meets_the_conclusion_always_holds(publicity):
    """Whichever of the two is first: what came in by the last second is never passed over."""

    def objects() -> None:
        object_to(publicity, "王喆", LAST_SECOND)
        connection.close()

    def concludes() -> None:
        conclude(publicity)
        connection.close()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(concludes), pool.submit(objects)]:
            done.result()
    assert state_of(publicity, "王喆") == ApplicationState.HELD
    assert state_of(publicity, "李堃") == ApplicationState.CONFIRMED


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_three(publicity, count, django_assert_num_queries):
    for _ in range(count):
        object_to(publicity, "王喆", PUBLISHED)
    with time_machine.travel(PUBLISHED, tick=False):
        browser = browser_of(someone(Role.OFFICER, make_bureau()))
        browser.get("/objections/")
        with django_assert_num_queries(5):
            browser.get("/objections/")
