"""外出代理: who stands in for whom, what history and notices say of it, and what stays closed to a deputy."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.capacity import Capacity, capacities
from accounts.models import Appointment, Deputy, Role
from applications.flows import CALL, PROPOSED_MEMBER
from applications.models import Call, ProposedMember
from office import desk
from office.door import take
from office.models import Entry, Notice
from office.notices import tell
from office.views.entries import history, lines
from tests.factories.accounts import capacity, make_capacity, make_county
from tests.office.conftest import AT, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.core]

TODAY = timezone.localdate(AT)
Browser = Callable[[Capacity], Client]


def lend(away: Capacity, deputy: Capacity, starts: date = TODAY, days: int = 3) -> Capacity:
    """``deputy`` stands in for ``away``; the capacity this gives."""
    row = Deputy.objects.create(
        appointment=away.appointment,
        deputy=deputy.user,
        starts=starts,
        ends=starts + timedelta(days=days - 1),
        reason="出差",
    )
    return Capacity(deputy.user, row.appointment, away=row.appointment.user)


def asked(away: Capacity, deputy: Capacity, **more: object) -> dict[str, object]:
    """What the form sends."""
    given = {"appointment": away.appointment.pk, "deputy": deputy.user_id, "starts": TODAY, "ends": TODAY}
    return given | {"reason": "病假"} | more


# Who it gives what, and until when


def test_a_deputy_acts_under_the_others_appointment_from_the_first_day_to_the_last(cast: Cast) -> None:
    colleague = make_capacity(Role.FINANCE, cast.bureau, "李明")
    lend(cast.leader, colleague, days=3)
    for day, held in ((-1, 1), (0, 2), (2, 2), (3, 1)):
        assert len(capacities(colleague.user, TODAY + timedelta(days=day))) == held
    own, lent = capacities(colleague.user, TODAY)
    assert (own.away, own.role) == (None, Role.FINANCE)
    assert (lent.name, lent.role, lent.appointment) == (
        "李明（代 何建国）",
        Role.LEADER,
        cast.leader.appointment,
    )


def test_own_and_lent_capacities_cost_one_query(cast: Cast, django_assert_num_queries) -> None:
    colleague = make_capacity(Role.FINANCE, cast.bureau)
    lend(cast.leader, colleague)
    with django_assert_num_queries(1):
        held = capacities(colleague.user, TODAY)
        assert [str(me.organisation) + me.name for me in held]


@pytest.mark.parametrize("whose", ["away", "deputy"])
def test_the_right_ends_with_either_appointment(cast: Cast, whose: str) -> None:
    colleague = make_capacity(Role.FINANCE, cast.bureau)
    lend(cast.leader, colleague)
    me = cast.leader if whose == "away" else colleague
    Appointment.objects.filter(pk=me.appointment.pk).update(ends=TODAY - timedelta(days=1))
    assert not any(held.away for held in capacities(colleague.user, TODAY))


def test_what_hangs_on_the_person_never_passes(cast: Cast) -> None:
    """An expert's and a principal's capacity are theirs, whatever a row should say."""
    colleague = make_capacity(Role.OFFICER, cast.school)
    expert = capacity(cast.officer.user, cast.bureau, Role.EXPERT)
    finance = make_capacity(Role.FINANCE, cast.bureau)
    lend(cast.applicant, colleague)
    lend(expert, finance)
    assert not any(held.away for me in (colleague, finance) for held in capacities(me.user, TODAY))


def test_a_deputy_from_elsewhere_gets_nothing(cast: Cast) -> None:
    stranger = make_capacity(Role.OFFICER, make_county("松山区"))
    lend(cast.county_officer, stranger)
    assert [held.organisation.label for held in capacities(stranger.user, TODAY)] == ["松山区"]


# What the deputy does


def test_the_opinion_says_by_whom_it_was_given_for_whom(cast: Cast) -> None:
    me = lend(cast.leader, make_capacity(Role.FINANCE, cast.bureau, "李明"))
    take(CALL, "cancel", cast.call.pk, me, AT, "推迟到明年")
    entry = Entry.objects.of(cast.call).named().last()
    assert (entry.user, entry.appointment) == (me.user, cast.leader.appointment)
    assert lines(cast.call, history(cast.call))[-1].who == "何建国（由李明代办）"
    (row,) = desk.started(me, AT)
    assert row.step_label == "取消批次"


def test_case_page_and_way_name_both_in_the_same_number_of_queries(
    cast: Cast, as_person: Browser, django_assert_num_queries
) -> None:
    pages = []
    for number, me in enumerate(
        (cast.leader, lend(cast.leader, make_capacity(Role.FINANCE, cast.bureau, "李明")))
    ):
        call = cast.new_call(f"2026-Q{number}")
        take(CALL, "cancel", call.pk, me, AT, "不开了")
        client = as_person(cast.leader)
        client.get(call.get_absolute_url())
        with django_assert_num_queries(10):
            pages.append(client.get(call.get_absolute_url()).content.decode())
    assert "由李明代办" not in pages[0]
    assert "何建国（由李明代办）" in pages[1]


def test_the_switcher_says_for_whom_and_the_period_may_end_mid_session(
    cast: Cast, as_person: Browser
) -> None:
    colleague = make_capacity(Role.FINANCE, cast.bureau, "李明")
    lend(cast.leader, colleague, days=1)
    step = reverse("step-call", args=[cast.call.number, "cancel"])
    with time_machine.travel(AT.replace(hour=23, minute=50)):
        client = as_person(colleague)
        assert "改以 赤峰市教育局 · 审批（代 何建国）" in client.get("/desk/").content.decode()
        client.post(reverse("capacity"), {"appointment": cast.leader.appointment.pk})
        assert "李明（代 何建国）" in client.get("/desk/").content.decode()
    with time_machine.travel(AT.replace(hour=0, minute=5) + timedelta(days=1)):
        assert client.post(step, {"opinion": "不开了"}).status_code in (403, 404)
        assert client.get("/desk/").wsgi_request.me.away is None
    cast.call.refresh_from_db()
    assert cast.call.state == "draft"


# What stays closed


def test_nobody_acts_on_their_own_matter_nor_on_that_of_whom_they_stand_in_for(cast: Cast) -> None:
    """The applicant is also an officer of the bureau; neither as a deputy nor through one may they decide of it."""
    application = cast.new_application("2026-0001")
    member = cast.propose(application)
    own = capacity(cast.applicant.user, cast.bureau, Role.OFFICER)
    other = make_capacity(Role.FINANCE, cast.bureau)
    for me in (lend(cast.officer, own), lend(own, other)):
        with pytest.raises(PermissionDenied):
            take(PROPOSED_MEMBER, "release", member.pk, me, AT, "同意撤换")
    release = PROPOSED_MEMBER.who(PROPOSED_MEMBER.step("release"), cast.officer)
    assert ProposedMember.objects.filter(release, pk=member.pk).exists()


def test_who_prepared_a_case_does_not_sign_it_as_the_leaders_deputy(cast: Cast) -> None:
    """The officer drew up the call: to cancel it is the leader's, or another deputy's."""
    as_leader = lend(cast.leader, cast.officer)
    assert not CALL.with_steps(Call.objects.all(), as_leader).get().may_cancel
    with pytest.raises(PermissionDenied):
        take(CALL, "cancel", cast.call.pk, as_leader, AT, "不开了")
    Deputy.objects.update(ended_at=AT)
    take(
        CALL,
        "cancel",
        cast.call.pk,
        lend(cast.leader, make_capacity(Role.FINANCE, cast.bureau)),
        AT,
        "不开了",
    )


def test_a_leader_who_stood_in_for_the_officer_does_not_sign_what_they_prepared(cast: Cast) -> None:
    as_officer = lend(cast.officer, cast.leader)
    prepared = replace(cast, officer=as_officer).new_call("2026-P3")
    with pytest.raises(PermissionDenied):
        take(CALL, "cancel", prepared.pk, cast.leader, AT, "不开了")
    take(CALL, "cancel", cast.call.pk, cast.leader, AT, "不开了")


# Notices


def test_what_the_one_away_is_told_the_deputy_is_told_where_they_may_see_it(cast: Cast) -> None:
    """A draft is the owner's to see, and not yet the county's."""
    application = cast.new_application("2026-0001")
    lend(cast.officer, make_capacity(Role.FINANCE, cast.bureau, "李明"))
    lend(cast.county_officer, make_capacity(Role.FINANCE, cast.county, "赵亮"))
    people = [cast.officer.user_id or 0, cast.county_officer.user_id or 0]
    tell(people, f"{application}：尚未提交", AT, case=application)
    assert dict(Notice.objects.values_list("user__name", "text")) == {
        "孙慧敏": f"{application}：尚未提交",
        "李明": f"代孙慧敏：{application}：尚未提交",
        "周立新": f"{application}：尚未提交",
    }


# How a deputy is named


def test_who_goes_away_names_a_deputy_and_ends_it_early(cast: Cast, as_person: Browser) -> None:
    colleague = make_capacity(Role.FINANCE, cast.bureau, "李明")
    client, page = as_person(cast.leader), reverse("own-deputies")
    assert client.post(page, asked(cast.leader, colleague)).status_code == 302
    row = Deputy.objects.get()
    entry = Entry.objects.of(cast.leader.appointment).get()
    assert (entry.label, entry.user) == ("委托外出代理", cast.leader.user)
    assert entry.facts["代办人"] == ["", "李明"]
    assert "由李明代何建国办理" in Notice.objects.get(user=colleague.user).text
    assert "代办中" in client.get(page).content.decode()
    assert as_person(colleague).post(reverse("own-deputy-end", args=[row.pk])).status_code == 302
    assert not any(held.away for held in capacities(colleague.user, TODAY))
    assert Notice.objects.get(user=cast.leader.user).text.endswith("现已提前结束")
    assert client.post(reverse("own-deputy-end", args=[row.pk])).status_code == 404


def test_the_leader_names_one_for_who_fell_ill_and_nobody_else_does(cast: Cast, as_person: Browser) -> None:
    colleague = make_capacity(Role.FINANCE, cast.bureau, "李明")
    page = reverse("own-deputies")
    assert as_person(colleague).post(page, asked(cast.officer, colleague)).status_code == 422
    assert as_person(cast.county_officer).post(page, asked(cast.officer, colleague)).status_code == 422
    assert not Deputy.objects.exists()
    assert as_person(cast.leader).post(page, asked(cast.officer, colleague)).status_code == 302
    assert set(Notice.objects.values_list("user__name", flat=True)) == {"李明", "孙慧敏"}


def test_a_deputy_does_not_hand_on_what_they_were_lent(cast: Cast, as_person: Browser) -> None:
    colleague = make_capacity(Role.FINANCE, cast.bureau, "李明")
    lend(cast.leader, colleague)
    client = as_person(colleague)
    client.post(reverse("capacity"), {"appointment": cast.leader.appointment.pk})
    assert client.post(reverse("own-deputies"), asked(cast.officer, colleague)).status_code == 422


def test_what_can_not_be_a_deputy_is_said(cast: Cast, as_person: Browser) -> None:
    colleague = make_capacity(Role.FINANCE, cast.bureau, "李明")
    second = make_capacity(Role.FINANCE, cast.bureau, "吴秀兰")
    client, page = as_person(cast.leader), reverse("own-deputies")

    def said(away: Capacity = cast.leader, deputy: Capacity = colleague, **more: object) -> str:
        return client.post(page, asked(away, deputy, **more)).content.decode()

    assert "开始日期不能早于今天" in said(starts=TODAY - timedelta(days=1))
    assert "结束日期不能早于开始日期" in said(starts=TODAY + timedelta(days=2))
    assert "代办人不能是外出人本人" in said(deputy=cast.leader)
    assert "选择一个有效的选项" in said(deputy=cast.county_officer)
    said()
    assert Deputy.objects.count() == 1
    assert "已由李明代办，同一时间只能有一位代办人" in said(deputy=second)
    assert "也外出，请另选一位" in said(cast.officer, cast.leader)
    assert Deputy.objects.count() == 1
    after = TODAY + timedelta(days=1)
    said(deputy=second, starts=after, ends=after)
    assert Deputy.objects.count() == 2


def test_the_database_refuses_a_period_that_ends_before_it_begins(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        lend(cast.leader, cast.officer, days=0)


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_whatever_its_length(
    cast: Cast, as_person: Browser, django_assert_num_queries, number: int
) -> None:
    for place in range(number):
        lend(cast.leader, make_capacity(Role.FINANCE, cast.bureau), TODAY + timedelta(days=9 * place))
    client = as_person(cast.leader)
    client.get(reverse("own-deputies"))
    with django_assert_num_queries(8):
        client.get(reverse("own-deputies"))
