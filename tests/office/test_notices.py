"""Notices: written with the step, once per person, gone with a step that fails."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.capacity import Capacity
from accounts.models import Role
from applications.flows import CALL
from office.door import take
from office.models import Entry, Notice
from tests.factories.accounts import make_capacity
from tests.office.conftest import AT, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.core]

LATER = AT + timedelta(hours=1)


def test_a_step_that_is_rolled_back_tells_nobody(cast: Cast) -> None:
    with transaction.atomic():
        take(CALL, "cancel", cast.call.pk, cast.leader, LATER, "推迟")
        assert Notice.objects.exists()
        transaction.set_rollback(True)
    assert not Notice.objects.exists()


def test_the_database_takes_one_notice_per_person_and_entry(cast: Cast) -> None:
    take(CALL, "cancel", cast.call.pk, cast.leader, LATER, "推迟")
    notice = Notice.objects.get(user=cast.county_officer.user)
    assert notice.entry == Entry.objects.of(cast.call).last()
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.create(user=notice.user, entry=notice.entry, text="再说一次", at=LATER)


def test_a_long_opinion_is_cut_to_what_a_notice_holds(cast: Cast) -> None:
    take(CALL, "cancel", cast.call.pk, cast.leader, LATER, "推迟" * 400)
    assert len(Notice.objects.get(user=cast.county_officer.user).text) == 300


def test_a_notice_leads_to_its_case_and_only_its_own_reader_opens_it(
    cast: Cast, as_person: Callable[[Capacity], Client]
) -> None:
    take(CALL, "cancel", cast.call.pk, cast.leader, LATER, "推迟")
    notice = Notice.objects.get(user=cast.county_officer.user)
    address = reverse("notice-open", args=[notice.pk])
    stranger = make_capacity(Role.OFFICER, cast.county)
    assert as_person(stranger).post(address).status_code == 404
    answer = as_person(cast.county_officer).post(address)
    assert answer["Location"] == cast.call.get_absolute_url()
    notice.refresh_from_db()
    assert notice.read_at is not None
