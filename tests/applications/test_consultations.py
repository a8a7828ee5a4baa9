"""征求意见: a colleague sees the case until the answer, and no longer; the answer stays within the organisation."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.capacity import PUBLIC, Capacity
from accounts.models import Appointment, Deputy, Role
from applications.flows import APPLICATION, OBJECTION
from applications.models import Application, ApplicationState, ApplicationUserObjectPermission
from applications.objecting import Grievance, receive
from office import desk
from office.attachments import visible_attachments
from office.consulting import close_orphaned, consult
from office.door import Moved, take
from office.flows import CONSULTATION
from office.models import Attachment, Consultation, Notice
from office.reminding import holders
from tests.factories.accounts import capacity, make_bureau, make_capacity, make_county
from tests.factories.applications import (
    DURING,
    bring_to,
    browser_of,
    make_application,
    make_call,
    make_lead,
    someone,
)
from tests.factories.decided import PUBLISHED, publicised

pytestmark = [pytest.mark.django_db, pytest.mark.core, pytest.mark.usefixtures("spring")]

QUESTION = "学校承诺的经费能否落实？"
ANSWER = "已核，列入年度预算。"


@pytest.fixture
def sent() -> Application:
    """An application that waits for its county."""
    return bring_to(
        make_application(make_call(), make_lead(name="王志远")), ApplicationState.AUTHORITY_REVIEW
    )


@pytest.fixture
def officer(sent: Application) -> Capacity:
    return someone(Role.OFFICER, sent.authority)


@pytest.fixture
def colleague(sent: Application) -> Capacity:
    return make_capacity(Role.FINANCE, sent.authority, "陈丽")


def ask(sent: Application, officer: Capacity, colleague: Capacity) -> Consultation:
    return consult(APPLICATION, sent.pk, colleague.appointment, QUESTION, officer, DURING)


def sees(me: Capacity, application: Application) -> bool:
    return APPLICATION.seen(me).filter(pk=application.pk).exists()


def status(me: Capacity, address: str) -> int:
    return browser_of(me).get(address).status_code


# What the colleague sees


def test_the_colleague_sees_that_case_with_its_files_until_the_answer(sent, officer, colleague) -> None:
    other = bring_to(make_application(sent.call, make_lead()), ApplicationState.AUTHORITY_REVIEW)
    file = Attachment.objects.filter(object_id=sent.pk, content_type__model="application").first()
    pages = [
        sent.get_absolute_url(),
        reverse("application-print", args=[sent.number]),
        reverse("attachment", args=[file.pk]),
    ]
    assert [status(colleague, page) for page in pages] == [404, 404, 404]
    row = ask(sent, officer, colleague)
    assert [status(colleague, page) for page in pages] == [200, 200, 200]
    assert visible_attachments(sent, colleague).exists()
    assert not sees(colleague, other)
    assert "撤回申报" not in browser_of(colleague).get(pages[0]).content.decode()
    take(CONSULTATION, "answer", row.pk, colleague, DURING, ANSWER)
    assert [status(colleague, page) for page in pages] == [404, 404, 404]
    assert not ApplicationUserObjectPermission.objects.exists()
    assert status(colleague, row.get_absolute_url()) == 200


def test_a_withdrawn_question_lets_the_colleague_see_nothing_more(sent, officer, colleague) -> None:
    row = ask(sent, officer, colleague)
    take(CONSULTATION, "withdraw", row.pk, officer, DURING)
    assert not sees(colleague, sent)
    with pytest.raises(Moved):
        take(CONSULTATION, "answer", row.pk, colleague, DURING, ANSWER)


@pytest.mark.parametrize("whose", ["officer", "colleague"])
def test_it_ends_with_the_appointment_of_either(sent, officer, colleague, whose) -> None:
    ask(sent, officer, colleague)
    ended = (officer if whose == "officer" else colleague).appointment
    Appointment.objects.filter(pk=ended.pk).update(ends=DURING.date() - timedelta(days=1))
    held = Capacity(colleague.user, colleague.appointment)
    if whose == "officer":
        assert not sees(held, sent)
    else:
        assert status(colleague, sent.get_absolute_url()) in (403, 404)


def test_it_holds_in_the_appointment_in_which_one_was_asked(sent, officer, colleague) -> None:
    """Who also works elsewhere sees nothing from there; who stands in for the colleague does."""
    ask(sent, officer, colleague)
    elsewhere = capacity(colleague.user, make_county("松山区"), Role.FINANCE)
    assert not sees(elsewhere, sent)
    second = make_capacity(Role.FINANCE, sent.authority)
    assert not sees(second, sent)
    Deputy.objects.create(
        appointment=colleague.appointment,
        deputy=second.user,
        starts=DURING.date(),
        ends=DURING.date(),
        reason="出差",
    )
    assert sees(Capacity(second.user, colleague.appointment, away=colleague.user), sent)


def test_a_colleague_takes_no_step_on_the_case(sent, officer, colleague) -> None:
    ask(sent, officer, colleague)
    for step in APPLICATION.steps:
        with pytest.raises(PermissionDenied):
            take(APPLICATION, step.name, sent.pk, colleague, DURING, "同意")


# Question and answer


def test_the_answer_goes_back_and_is_not_changed(sent, officer, colleague) -> None:
    row = ask(sent, officer, colleague)
    assert {line.prompt for line in desk.waiting(colleague, DURING)} == {"答复征求意见"}
    assert QUESTION in Notice.objects.get(user=colleague.user).text
    assert [one.user for one in holders(CONSULTATION, row, officer, DURING)] == [colleague.user]
    take(CONSULTATION, "answer", row.pk, colleague, DURING, ANSWER)
    row.refresh_from_db()
    assert (row.state, row.answer) == ("answered", ANSWER)
    assert Notice.objects.filter(user=officer.user, text__endswith=ANSWER).exists()
    with pytest.raises(Moved):
        take(CONSULTATION, "answer", row.pk, colleague, DURING, "改一下")
    sent.refresh_from_db()
    assert sent.state == ApplicationState.AUTHORITY_REVIEW


def test_question_and_answer_are_read_by_the_askers_organisation_alone(sent, officer, colleague) -> None:
    row = ask(sent, officer, colleague)
    take(CONSULTATION, "answer", row.pk, colleague, DURING, ANSWER)
    mine = browser_of(officer).get(sent.get_absolute_url()).content.decode()
    assert "征求陈丽意见" in mine
    assert QUESTION in mine
    assert ANSWER in mine
    owner = someone(Role.OFFICER, sent.call.programme.owner)
    for me in (owner, someone(Role.OFFICER, sent.school), someone(Role.LEADER, sent.call.programme.owner)):
        page = browser_of(me).get(sent.get_absolute_url()).content.decode()
        assert QUESTION not in page
        assert ANSWER not in page
        assert status(me, row.get_absolute_url()) == 404


# Who asks whom


def test_whoever_has_the_case_asks_on_its_page(sent, officer, colleague) -> None:
    client, address = browser_of(officer), reverse("consult-application", args=[sent.number])
    assert f'href="{address}"' in client.get(sent.get_absolute_url()).content.decode()
    assert "陈丽（财务）" in client.get(address).content.decode()
    data = {"colleague": colleague.appointment.pk, "question": QUESTION}
    assert "已向陈丽征求意见" in client.post(address, data, follow=True).content.decode()
    assert "尚未答复" in client.post(address, data).content.decode()
    assert Consultation.objects.count() == 1
    owner = someone(Role.OFFICER, sent.call.programme.owner)
    assert browser_of(owner).post(address, data).status_code == 403


def test_only_colleagues_without_an_interest_are_asked(sent, officer) -> None:
    """Nobody of another organisation, no auditor, and not the applicant in another office of theirs."""
    applicant = capacity(sent.lead.user, sent.authority, Role.FINANCE)
    auditor = make_capacity(Role.AUDITOR, sent.authority)
    stranger = make_capacity(Role.OFFICER, make_county("松山区"))
    address = reverse("consult-application", args=[sent.number])
    for me in (applicant, auditor, stranger, officer):
        data = {"colleague": me.appointment.pk, "question": QUESTION}
        assert browser_of(officer).post(address, data).status_code == 422
        with pytest.raises(PermissionDenied):
            consult(APPLICATION, sent.pk, me.appointment, QUESTION, officer, DURING)


def test_the_database_keeps_one_open_question_for_a_colleague(sent, officer, colleague) -> None:
    ask(sent, officer, colleague)
    with pytest.raises(IntegrityError), transaction.atomic():
        ask(sent, officer, colleague)


def test_every_grant_has_its_permission() -> None:
    assert Permission.objects.filter(codename__in=("consult_application", "consult_objection")).count() == 2


@pytest.mark.parametrize("number", [1, 3])
def test_the_case_page_costs_the_same_however_many_were_asked(
    sent, officer, number, django_assert_num_queries
) -> None:
    for _ in range(number):
        ask(sent, officer, make_capacity(Role.FINANCE, sent.authority))
    client = browser_of(officer)
    client.get(sent.get_absolute_url())
    with django_assert_num_queries(11):
        client.get(sent.get_absolute_url())


@pytest.mark.parametrize("whose", ["officer", "colleague"])
def test_a_question_nobody_is_left_to_answer_is_closed(sent, officer, colleague, whose) -> None:
    row = ask(sent, officer, colleague)
    assert close_orphaned(DURING) == 0
    ended = (officer if whose == "officer" else colleague).appointment
    Appointment.objects.filter(pk=ended.pk).update(ends=DURING.date() - timedelta(days=1))
    assert close_orphaned(DURING) == 1
    row.refresh_from_db()
    assert row.state == "withdrawn"
    assert not ApplicationUserObjectPermission.objects.exists()
    assert Notice.objects.filter(user=officer.user, text__contains="任职结束").exists()
    assert close_orphaned(DURING) == 0


def test_a_colleague_asked_about_an_objection_gets_no_link_that_refuses_them() -> None:
    publicity = publicised(make_call(), ["周玥"])
    number = publicity.applications.get().number
    said = Grievance("赵敏", "0476-5550123", "课题立项编号有误，请核查。")
    objection = receive(publicity.pk, number, said, [], me=PUBLIC, at=PUBLISHED)
    finance = make_capacity(Role.FINANCE, make_bureau())
    asker = someone(Role.OFFICER, make_bureau())
    consult(OBJECTION, objection.pk, finance.appointment, QUESTION, asker, PUBLISHED)
    browser = browser_of(finance)
    links = set(
        re.findall(r'<a [^>]*href="(/[^"#?]+)', browser.get(objection.get_absolute_url()).content.decode())
    )
    assert {
        link: browser.get(link).status_code for link in links if browser.get(link).status_code >= 400
    } == {}
