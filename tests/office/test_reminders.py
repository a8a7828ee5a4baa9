"""催办: who reminds whom, how often, what is written of it, and who never may."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.capacity import PUBLIC, Capacity
from accounts.models import Deputy, Role
from applications.flows import APPLICATION, CALL, PROPOSED_MEMBER
from applications.models import Application, ProposedMember
from office.door import take
from office.models import Entry, Notice
from office.reminding import AlreadyReminded, holders, remind
from tests.factories.accounts import capacity, make_capacity, make_county
from tests.office.conftest import AT, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.core]

Browser = Callable[[Capacity], Client]
LATER = AT + timedelta(days=6)


@pytest.fixture
def draft(cast: Cast) -> Application:
    """A draft, which waits for the applicant, and of which the owner's people know."""
    return cast.new_application("2026-0001")


def names(found: list[Capacity]) -> list[str]:
    return [one.name for one in found]


def test_a_case_waits_for_whoever_may_take_its_next_step(cast: Cast, draft: Application) -> None:
    member = cast.propose(draft, "白音")
    assert names(holders(APPLICATION, draft, cast.officer, AT)) == ["王志远"]
    assert names(holders(PROPOSED_MEMBER, member, cast.officer, AT)) == ["白音"]
    take(
        PROPOSED_MEMBER, "decline", member.pk, holders(PROPOSED_MEMBER, member, cast.officer, AT)[0], AT, "忙"
    )
    assert holders(PROPOSED_MEMBER, ProposedMember.objects.get(), cast.officer, AT) == []


def test_finding_the_holders_costs_the_same_however_many_are_asked(
    cast: Cast, draft: Application, django_assert_num_queries
) -> None:
    for number in (0, 3):
        for _ in range(number):
            make_capacity(Role.OFFICER, cast.county)
        with django_assert_num_queries(3):
            holders(APPLICATION, draft, cast.officer, AT)


def test_a_reminder_is_an_entry_that_moves_nothing_and_a_notice(cast: Cast, draft: Application) -> None:
    remind(APPLICATION, draft.pk, cast.officer, LATER)
    entry = Entry.objects.of(draft).last()
    assert (entry.label, entry.user, entry.source, entry.target) == ("催办", cast.officer.user, "", "")
    assert entry.facts == {"催办对象": "红山区清泉小学王志远（校长）"}
    notice = Notice.objects.get()
    assert notice.user == cast.applicant.user
    assert notice.text == f"孙慧敏催办：{draft}，已等 6 天"
    draft.refresh_from_db()
    assert (draft.state, draft.since) == ("draft", AT)


def test_once_a_day_and_person(cast: Cast, draft: Application) -> None:
    remind(APPLICATION, draft.pk, cast.officer, AT)
    with pytest.raises(AlreadyReminded):
        remind(APPLICATION, draft.pk, cast.officer, AT.replace(hour=23, minute=59))
    remind(APPLICATION, draft.pk, cast.leader, AT)
    remind(APPLICATION, draft.pk, cast.officer, AT.replace(hour=0, minute=1) + timedelta(days=1))
    assert Entry.objects.of(draft).filter(step="remind").count() == 3


def test_the_deputy_of_who_is_away_is_reminded_too(cast: Cast) -> None:
    deputy = make_capacity(Role.FINANCE, cast.bureau, "李明")
    today = timezone.localdate(AT)
    Deputy.objects.create(
        appointment=cast.officer.appointment, deputy=deputy.user, starts=today, ends=today, reason="出差"
    )
    remind(CALL, cast.call.pk, cast.leader, AT)
    assert dict(Notice.objects.values_list("user__name", "text")) == {
        "孙慧敏": f"何建国催办：{cast.call}，今天到",
        "李明": f"代孙慧敏：何建国催办：{cast.call}，今天到",
    }


def test_whom_the_case_waits_for_does_not_remind_themselves(cast: Cast, draft: Application) -> None:
    with pytest.raises(PermissionDenied):
        remind(APPLICATION, draft.pk, cast.applicant, AT)


@pytest.mark.parametrize("role", [Role.EXPERT, Role.AUDITOR, Role.SECURITY, Role.ADMIN])
def test_who_judges_watches_or_keeps_the_system_reminds_nobody(
    cast: Cast, draft: Application, role: Role
) -> None:
    """Also when they have an entry on the case from another office of theirs."""
    me = capacity(cast.officer.user, cast.bureau, role)
    with pytest.raises((PermissionDenied, Application.DoesNotExist)):
        remind(APPLICATION, draft.pk, me, AT)


def test_who_does_not_see_the_case_is_told_that_there_is_none(cast: Cast, draft: Application) -> None:
    for me in (PUBLIC, cast.county_officer, make_capacity(Role.OFFICER, make_county("松山区"))):
        with pytest.raises(Application.DoesNotExist):
            remind(APPLICATION, draft.pk, me, AT)


def test_the_page_says_whom_it_reaches_and_that_it_was_used(
    cast: Cast, draft: Application, as_person: Browser
) -> None:
    client, address = as_person(cast.officer), reverse("remind-application", args=[draft.number])
    assert f'hx-get="{address}"' in client.get(draft.get_absolute_url()).content.decode()
    part = client.get(address).content.decode()
    assert "待红山区清泉小学王志远（校长）办理，今天到。" in part
    assert "<button" in part
    answer = client.post(address, follow=True)
    assert "已催办：红山区清泉小学王志远（校长）。" in answer.content.decode()
    part = client.get(address).content.decode()
    assert "今天已催办。" in part
    assert "<button" not in part
    assert "今天已催办过" in client.post(address, follow=True).content.decode()
    mine = as_person(cast.applicant)
    assert address not in mine.get(draft.get_absolute_url()).content.decode()
    assert mine.get(address).status_code == 204
    assert mine.post(address).status_code == 403


def test_the_part_costs_the_same_number_of_queries_each_time(
    cast: Cast, draft: Application, as_person: Browser, django_assert_num_queries
) -> None:
    client, address = as_person(cast.officer), reverse("remind-application", args=[draft.number])
    client.get(address)
    with time_machine.travel(AT + timedelta(hours=1)), django_assert_num_queries(9):
        client.get(address)
