"""What time tells by itself in a round: before a date, at it, after it; once each, and never of what moved on."""

import threading
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection

from accounts.models import Role
from applications.extending import Planned
from applications.flows import CALL, PROPOSED_MEMBER
from applications.models import Application, ApplicationState, Call, ProposedMember
from office.door import take
from office.models import Notice, NoticeKind
from office.reminders import REMINDERS, Reminder, remind
from tests.factories.accounts import make_county, make_school
from tests.factories.applications import (
    DURING,
    OPENS,
    acting,
    add_member,
    bring_to,
    make_application,
    make_call,
    make_lead,
    someone,
    submit_application,
)
from tests.factories.decided import publicised
from tests.factories.rounds import (
    again,
    judging,
    leader,
    object_to,
    on,
    owner,
    score,
    seat_panel,
    start_review,
    step,
)

pytestmark = [pytest.mark.django_db, pytest.mark.core]

S = ApplicationState
DAY = timedelta(days=1)


def clock(*moments: datetime) -> None:
    """The job runs at these moments."""
    for at in moments:
        with time_machine.travel(at, tick=False):
            remind(at)


def daily(since: datetime, until: datetime) -> Iterable[datetime]:
    """Every hour between the two."""
    while since <= until:
        yield since
        since += timedelta(hours=1)


def told(person: int | None, name: str = "") -> list[str]:
    """What the clock told somebody, oldest first."""
    rows = Notice.objects.filter(user=person, key__startswith=f"{name}:" if name else "").exclude(key="")
    return list(rows.order_by("pk").values_list("text", flat=True))


@pytest.fixture
def call() -> Call:
    """Open since 2 March; applications until 22 March, 8:00."""
    made = make_call()
    clock(OPENS)
    return made


# Before a date


def test_whoever_has_a_draft_is_reminded_seven_three_and_one_day_before_the_call_closes(call: Call) -> None:
    draft = make_application(call, complete=False)
    clock(*daily(DURING, on(2026, 3, 23)))
    rows = Notice.objects.filter(user=draft.lead.user, key__startswith="draft-closes").order_by("pk")
    assert [row.at.astimezone().date().isoformat() for row in rows] == [
        "2026-03-15",
        "2026-03-19",
        "2026-03-21",
    ]
    assert {row.kind for row in rows} == {NoticeKind.REMINDER}
    assert rows[0].text == f"{draft}：尚未提交，2026年3月22日 08:00截止"
    assert rows[0].case == draft


def test_what_was_submitted_is_not_reminded_of_any_more(call: Call) -> None:
    application = make_application(call)
    clock(*daily(DURING, on(2026, 3, 16)))
    submit_application(application, on(2026, 3, 16, 12))
    clock(*daily(on(2026, 3, 16, 13), on(2026, 3, 23)))
    assert len(told(application.lead.user_id, "draft-closes")) == 1


def test_a_draft_begun_after_a_mark_is_not_told_of_it(call: Call) -> None:
    clock(on(2026, 3, 20))
    late = make_application(call, complete=False, at=on(2026, 3, 20, 12))
    clock(*daily(on(2026, 3, 20, 13), on(2026, 3, 23)))
    assert len(told(late.lead.user_id)) == 1, "the day before alone"


def test_after_two_days_without_the_clock_the_last_mark_alone_is_told_and_only_once(call: Call) -> None:
    draft = make_application(call, complete=False)
    clock(on(2026, 3, 16))
    clock(on(2026, 3, 21, 15), on(2026, 3, 21, 15), on(2026, 3, 21, 16))
    keys = (
        Notice.objects.filter(user=draft.lead.user)
        .exclude(key="")
        .order_by("pk")
        .values_list("key", flat=True)
    )
    assert [key.split(":")[1] for key in keys] == ["7", "1"]


def test_a_clock_that_was_off_beyond_the_date_says_no_longer_that_it_comes(call: Call) -> None:
    draft = make_application(call, complete=False)
    clock(on(2026, 3, 14))
    clock(on(2026, 3, 25))
    assert not told(draft.lead.user_id, "draft-closes")


def test_a_county_hears_of_all_that_waits_for_it_in_one_notice(call: Call) -> None:
    county = make_county("红山区")
    officer = someone(Role.OFFICER, county)
    for _ in range(3):
        bring_to(make_application(call, make_lead(school=make_school(county))), S.AUTHORITY_REVIEW)
    alone = bring_to(
        make_application(call, make_lead(school=make_school(make_county("松山区")))), S.AUTHORITY_REVIEW
    )
    other = someone(Role.OFFICER, alone.authority)
    clock(*daily(on(2026, 4, 9), on(2026, 4, 10, 12)))
    (notice,) = Notice.objects.filter(user=officer.user_id, key__startswith="authority-closes:1")
    assert notice.text == "3 件申报待审核推荐，2026年4月11日 08:00截止"
    assert notice.url == "/applications/?waiting=1"
    (notice,) = Notice.objects.filter(user=other.user_id, key__startswith="authority-closes:1")
    assert (notice.text.split("：")[0], notice.url) == (str(alone), alone.get_absolute_url())


def test_more_time_is_reminded_of_anew(call: Call) -> None:
    draft = make_application(call, complete=False)
    clock(*daily(on(2026, 3, 18), on(2026, 3, 21, 12)))
    dates = {name: getattr(call, name) + 7 * DAY for name in ("submit_by", "school_by", "authority_by")}
    dates |= {"check_by": call.check_by + 7 * DAY}
    planned = {"planned": Planned(None, dates)}
    take(CALL, "extend", call.pk, owner(call), on(2026, 3, 21, 13), "受降雪影响。", planned)
    before = len(told(draft.lead.user_id, "draft-closes"))
    clock(*daily(on(2026, 3, 21, 14), on(2026, 3, 29)))
    assert len(told(draft.lead.user_id, "draft-closes")) == before + 3, (
        "seven, three days and one before the new date"
    )


def test_who_was_given_back_an_application_hears_the_day_before_the_time_to_mend_ends(call: Call) -> None:
    application = bring_to(make_application(call), S.SCHOOL_REVIEW)
    school = someone(Role.OFFICER, application.school)
    returned = step(application, "school_return", school, on(2026, 3, 24), "请补充规划。")
    assert returned.due is not None
    clock(*daily(on(2026, 3, 24), returned.due))
    assert len(told(application.lead.user_id, "mending-ends")) == 1


def test_who_was_invited_hears_before_the_call_closes_unless_they_answered(call: Call) -> None:
    draft = make_application(call, complete=False)
    silent, quick = (add_member(draft, accepted=False) for _ in range(2))
    step_of_member(quick)
    clock(*daily(DURING, on(2026, 3, 22)))
    assert len(told(silent.principal.user_id, "invitation-closes")) == 2
    assert not told(quick.principal.user_id, "invitation-closes")


def step_of_member(member: ProposedMember) -> None:
    take(PROPOSED_MEMBER, "accept", member.pk, acting(member.principal), DURING)


# At it, and after it


def test_schools_hear_that_a_call_has_opened_when_it_opens_and_others_do_not() -> None:
    lead = make_lead()
    officer = someone(Role.OFFICER, lead.school)
    clock(OPENS - DAY)
    call = make_call(at=OPENS)
    clock(OPENS, OPENS + DAY)
    assert told(lead.user_id) == [f"{call}：申报开始，2026年3月22日 08:00截止"]
    assert len(told(officer.user_id)) == 1
    assert not told(owner(call).user_id)
    planned = {"planned": Planned(None, {"score_by": call.score_by + DAY})}
    take(CALL, "extend", call.pk, owner(call), OPENS + 2 * DAY, "受降雪影响。", planned)
    clock(OPENS + 3 * DAY)
    assert len(told(lead.user_id)) == 1, "an extension does not open it once more"


@pytest.fixture
def judged(call: Call) -> Application:
    """One application before three experts since the call's review began."""
    application = bring_to(make_application(call), S.UNDER_REVIEW)
    seat_panel(call)
    start_review(call)
    return again(application)


def test_an_expert_hears_once_what_is_to_be_judged_then_three_days_before_and_when_it_is_overdue(
    judged: Application,
) -> None:
    expert = judging(judged.reviews.order_by("pk")[0].expert)
    given = Notice.objects.get(user=expert.user_id, kind=NoticeKind.ACTION)
    assert given.text.endswith("前完成评分")
    until = judged.call.score_by
    clock(*daily(until - 4 * DAY, until + DAY))
    assert [row.split("：")[-1][:7] for row in told(expert.user_id)] == [
        "尚未提交评分，",
        "尚未提交评分，",
        "专家评分已于2",
    ]
    outstanding = told(owner(judged.call).user_id, "reviews-outstanding")
    assert outstanding == ["3 份专家评分已于2026年5月21日 08:00到期，尚未提交"]


def test_the_owner_hears_of_each_expert_once_and_the_leader_when_all_is_in(call: Call) -> None:
    applications = [bring_to(make_application(call), S.UNDER_REVIEW) for _ in range(2)]
    seat_panel(call, number=3)
    start_review(call)
    Notice.objects.all().delete()
    me, decides = owner(call).user_id, leader(call).user_id
    for place in range(3):
        for application in applications:
            score(application.reviews.order_by("expert")[place])
    texts = list(Notice.objects.filter(user=me).order_by("pk").values_list("text", flat=True))
    assert len(texts) == 3, "one for each expert, not for each sheet"
    assert texts[-1] == f"{call}：全部专家评分已提交"
    assert Notice.objects.get(user=decides).text.endswith("请审定名单")


def test_scores_far_apart_are_told_once_for_an_application(judged: Application) -> None:
    me = owner(judged.call).user_id
    for review, share in zip(judged.reviews.order_by("pk"), ("0.9", "0.6", "0.95", "0.5"), strict=False):
        score(review, share)
    (notice,) = Notice.objects.filter(user=me, key=f"scores-far-apart:{judged.pk}")
    assert "相差" in notice.text
    assert not Notice.objects.filter(user__in=judged.reviews.values("expert__user"), key=notice.key).exists()


def test_publicity_and_objection_are_told_to_those_who_have_to_act(call: Call) -> None:
    publicity = publicised(make_call(), ["王喆"])
    application = publicity.applications.get()
    officer, end = owner(publicity.call), publicity.ends_at
    assert end is not None
    object_to(application, end - DAY)
    clock(*daily(end - 2 * DAY, end))
    assert len(told(officer.user_id, "publicity-ends")) == 1
    due = application.objections.get().due
    assert due is not None
    clock(*daily(due - 4 * DAY, due + DAY))
    assert len(told(officer.user_id, "objection-to-admit")) == 2
    assert len(told(officer.user_id, "objection-overdue")) == 1
    assert not told(application.lead.user_id, "objection"), "the objector is protected from whom it concerns"


# Who is spared


def test_a_draft_that_is_withdrawn_is_no_news_to_anybody(call: Call) -> None:
    draft = make_application(call, complete=False)
    someone(Role.OFFICER, draft.school)
    Notice.objects.all().delete()
    step(draft, "withdraw", acting(draft.lead))
    assert not Notice.objects.exists()


def test_the_schools_of_the_members_are_asked_for_their_consent(call: Call) -> None:
    application = make_application(call)
    school = application.members.order_by("pk")[0].principal.school
    officer = someone(Role.OFFICER, school)
    county = someone(Role.OFFICER, school.parent)  # type: ignore[arg-type]
    submit_application(application)
    clock(DURING, DURING + DAY)
    notice = Notice.objects.get(user=officer.user_id)
    assert (notice.kind, notice.text.endswith("请办理同意")) == (NoticeKind.ACTION, True)
    together = Notice.objects.get(user=county.user_id)
    assert (together.text, together.url) == ("8 名所属校长参加工作室，请办理同意", "/proposals/?waiting=1")


# The table and its clock


@pytest.mark.parametrize("reminder", REMINDERS.values(), ids=REMINDERS)
def test_every_reminder_names_states_of_its_flow_and_fits_a_notice(reminder: Reminder) -> None:
    states: Any = reminder.flow.model._meta.get_field("state")
    assert set(reminder.states) <= {state for state, _ in states.flatchoices}
    assert len(reminder.together(100, DURING)) < 100


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_once_tell_once() -> None:
    call = make_call()
    draft = make_application(call, complete=False)
    remind(on(2026, 3, 14))
    barrier = threading.Barrier(4)

    def run() -> None:
        barrier.wait()
        remind(on(2026, 3, 15, 8))
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told(draft.lead.user_id, "draft-closes")) == 1
