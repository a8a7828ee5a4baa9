"""Changes of a studio's fortune: relocation, a new or acting lead, more time, an end without fault (DOMAIN "Studio")."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.models import Appointment, Role
from office import desk
from office.door import Refused, take
from office.models import Entry
from portal.registry import succession
from studios import timekeeping
from studios.changing import propose
from studios.flows import MEMBERSHIP, PLAN, STUDIO, STUDIO_CHANGE
from studios.models import (
    Activity,
    Bar,
    ChangeKind,
    ChangeState,
    MembershipState,
    Plan,
    Plaque,
    PledgeState,
    Studio,
    StudioChange,
    StudioState,
    SupportPledge,
)
from studios.scopes import people
from studios.settling import Settling
from tests.articles.test_article_07 import assistant, draft
from tests.factories.accounts import make_bureau, make_capacity, make_county, make_principal, make_school
from tests.factories.activities import planned
from tests.factories.applications import acting, browser_of, make_lead, someone
from tests.factories.studios import FOUNDED, SEATED, WORKING, make_studio

pytestmark = [pytest.mark.django_db, pytest.mark.core]
DECLARATION = "师德先进个人；主持市级课题两项；学校连续三年评优。"


@pytest.fixture
def studio():
    return make_studio()


def leader():
    return someone(Role.LEADER, make_bureau())


def officer():
    return someone(Role.OFFICER, make_bureau())


def change(studio, kind, me=None, at=WORKING, **more) -> StudioChange:
    row = StudioChange(studio=studio, kind=kind, reason="工作需要", **more)
    return propose(row, me or acting(studio.lead), at)


def decide(row, at=WORKING) -> Studio:
    take(STUDIO_CHANGE, "decide", row.pk, leader(), at, "同意")
    return Studio.objects.get(pk=row.studio_id)


def agreed(row, at=WORKING) -> StudioChange:
    given = {"declaration": DECLARATION}
    take(STUDIO_CHANGE, "agree", row.pk, acting(row.lead), at, given=given)
    return StudioChange.objects.get(pk=row.pk)


def test_a_studio_moves_with_the_new_schools_pledge_and_its_authoritys_consent(studio):
    new = make_school(make_county("松山区"))
    someone(Role.OFFICER, new)
    row = change(studio, ChangeKind.RELOCATE, school=new, exception="原校舍改造")
    with pytest.raises(PermissionDenied):
        take(STUDIO_CHANGE, "pledge", row.pk, officer(), WORKING)
    take(STUDIO_CHANGE, "pledge", row.pk, someone(Role.OFFICER, new), WORKING)
    row.refresh_from_db()
    assert row.state == ChangeState.PROPOSED, "both are needed"
    take(STUDIO_CHANGE, "consent", row.pk, someone(Role.OFFICER, new.parent), WORKING)
    moved = decide(row)
    assert (moved.school, moved.authority, moved.state) == (new, new.parent, StudioState.ACTIVE)
    entry = Entry.objects.of(moved).last()
    assert entry.step == "relocate"
    assert entry.facts["依托学校"] == [str(studio.school), str(new)]


def test_away_from_the_leads_school_it_moves_with_a_reason_only(studio):
    new = make_school(make_county("松山区"))
    with pytest.raises(Refused) as refusal:
        change(studio, ChangeKind.RELOCATE, school=new)
    assert refusal.value.missing[0].article == 5


def test_the_new_authority_objects_with_a_reason_and_all_stays(studio):
    new = make_school(make_county("松山区"))
    row = change(studio, ChangeKind.RELOCATE, school=new, exception="原校舍改造")
    with pytest.raises(Refused, match="意见"):
        take(STUDIO_CHANGE, "object", row.pk, someone(Role.OFFICER, new.parent), WORKING)
    take(STUDIO_CHANGE, "object", row.pk, someone(Role.OFFICER, new.parent), WORKING, "校舍紧张")
    row.refresh_from_db()
    assert row.state == ChangeState.REFUSED
    assert Studio.objects.get(pk=studio.pk).school == studio.school


def test_a_new_lead_declares_takes_over_and_the_old_ones_rights_end_at_once(studio):
    successor = make_lead(school=studio.school, name="乌兰")
    old = acting(studio.lead)
    row = change(studio, ChangeKind.LEAD, lead=successor, name="乌兰名校长工作室")
    with pytest.raises(Refused) as refusal:
        take(STUDIO_CHANGE, "agree", row.pk, acting(successor), WORKING)
    assert refusal.value.missing[0].article == 6
    taken = decide(agreed(row))
    assert (taken.lead, taken.name) == (successor, "乌兰名校长工作室")
    plan = Plan.objects.filter(studio=studio)[0]
    assert not PLAN.waiting(old, WORKING).exists()
    assert PLAN.waiting(acting(successor), WORKING).filter(pk=plan.pk).exists()
    assert Entry.objects.of(taken).filter(step="replace_lead").exists()


@pytest.mark.parametrize(
    ("more", "words"), [({"head": False}, "正职"), ({"famous": False}, "名校长"), ({}, "例外理由")]
)
def test_who_does_not_meet_article_6_does_not_lead(studio, more, words):
    with pytest.raises(Refused, match=words):
        change(studio, ChangeKind.LEAD, lead=make_principal(**more))


def test_a_lead_or_member_elsewhere_does_not_take_over(studio):
    other = make_studio()
    member = other.memberships.first().principal
    for person, words in ((other.lead, "已领衔"), (member, "的成员")):
        with pytest.raises(Refused, match=words):
            change(studio, ChangeKind.LEAD, lead=person, exception="工作需要")


def test_a_member_who_takes_over_leaves_the_seat_and_it_is_counted(studio):
    seat = studio.memberships.select_related("principal").first()
    row = agreed(change(studio, ChangeKind.LEAD, lead=seat.principal, exception="团队推选"))
    taken = decide(row)
    seat.refresh_from_db()
    assert seat.state == MembershipState.LEFT
    assert taken.below_since == WORKING.date()


def test_an_acting_lead_acts_for_at_most_ninety_days_and_ends_by_the_clock(studio, time_machine):
    time_machine.move_to(WORKING, tick=False)
    person = make_lead(school=studio.school)
    day = WORKING.date()
    with pytest.raises(Refused, match="最长 90 天"):
        change(studio, ChangeKind.ACTING, lead=person, until=day + timedelta(days=91))
    until = day + timedelta(days=90)
    row = agreed(change(studio, ChangeKind.ACTING, lead=person, until=until))
    taken = decide(row)
    assert (taken.acting_lead, taken.acting_until) == (person, until)
    plans = PLAN.waiting(acting(person), WORKING)
    assert plans.exists()
    last = WORKING + timedelta(days=90)
    assert timekeeping.end_acting_leads(last) == 0
    time_machine.move_to(last + timedelta(days=1), tick=False)
    assert not PLAN.waiting(acting(person), last).exists(), "the right ends with the day, not with the job"
    assert timekeeping.end_acting_leads(last + timedelta(days=1)) == 1
    assert timekeeping.end_acting_leads(last + timedelta(days=2)) == 0
    assert Studio.objects.get(pk=studio.pk).acting_lead is None


def test_closing_without_fault_ends_memberships_and_plaque_and_bars_nobody(studio):
    Plaque.objects.create(studio=studio, number="2026第001号", awarded_on=date(2026, 12, 1))
    other = change(studio, ChangeKind.LEAD, lead=make_lead(school=studio.school))
    row = change(studio, ChangeKind.CLOSE, me=someone(Role.OFFICER, studio.authority))
    closed = decide(row)
    assert closed.state == StudioState.CLOSED
    assert set(studio.memberships.values_list("state", flat=True)) == {MembershipState.LEFT}
    assert Plaque.objects.get().withdrawn_on == WORKING.date()
    assert not Bar.objects.exists()
    other.refresh_from_db()
    assert other.state == ChangeState.WITHDRAWN
    with pytest.raises(Refused, match="已终止"):
        change(studio, ChangeKind.CLOSE)


def test_the_end_of_preparing_stands_on_the_officers_desk_and_the_leader_extends_or_closes():
    studio = make_studio(members=0)
    late = FOUNDED + timedelta(days=61)
    assert not STUDIO.waiting(officer(), FOUNDED + timedelta(days=60)).exists()
    assert STUDIO.waiting(officer(), late).get() == studio
    with pytest.raises(Refused, match="延长组建期或终止"):
        take(STUDIO, "settle", studio.pk, officer(), late, "成员在办")
    settling = Settling(ChangeKind.EXTEND, late.date() + timedelta(days=30))
    take(STUDIO, "settle", studio.pk, officer(), late, "成员在办", given={"settling": settling})
    assert not STUDIO.waiting(officer(), late).exists()
    row = StudioChange.objects.get()
    assert STUDIO_CHANGE.waiting(leader(), late).get() == row
    assert decide(row, late).prepare_by == settling.until
    over = late + timedelta(days=40)
    settling = Settling(ChangeKind.CLOSE, None)
    take(STUDIO, "settle", studio.pk, officer(), over, "仍未到位", given={"settling": settling})
    assert decide(StudioChange.objects.get(kind=ChangeKind.CLOSE), over).state == StudioState.CLOSED


def test_lead_county_and_owner_propose_and_nobody_else_once_at_a_time(studio):
    for me in (someone(Role.OFFICER, studio.school), acting(make_principal())):
        with pytest.raises(PermissionDenied):
            change(studio, ChangeKind.CLOSE, me=me)
    row = change(studio, ChangeKind.CLOSE, me=officer())
    with pytest.raises(Refused, match="正在办理"):
        change(studio, ChangeKind.CLOSE)
    with pytest.raises(PermissionDenied):
        take(STUDIO_CHANGE, "withdraw", row.pk, acting(studio.lead), WORKING)
    take(STUDIO_CHANGE, "withdraw", row.pk, officer(), WORKING)
    row = change(studio, ChangeKind.CLOSE)
    take(STUDIO_CHANGE, "refuse", row.pk, leader(), WORKING, "再作努力")
    assert Studio.objects.get(pk=studio.pk).state == StudioState.ACTIVE


def test_the_lead_proposes_on_the_page_and_is_told_what_is_missing(studio):
    make_principal(make_school(studio.authority, name="红山区育英小学"), name="萨仁", famous=False)
    browser = browser_of(acting(studio.lead))
    page = browser.get(f"{studio.get_absolute_url()}?tab=changes").content.decode()
    address = f"/studios/{studio.number}/changes/lead/"
    assert address in page
    data = {
        "person": "萨仁",
        "person_school": "红山区育英小学",
        "reason": "调离",
        "name": "",
        "exception": "",
    }
    refused = browser.post(address, data)
    assert refused.status_code == 422
    assert "请说明例外理由" in refused.content.decode()
    done = browser.post(address, data | {"exception": "多年从教"}, follow=True)
    assert "已提出：更换领衔人" in done.content.decode()
    unknown = browser.post(address, data | {"person": "查无此人"})
    assert "没有姓名为" in unknown.content.decode()
    assert browser.get(f"/studios/{studio.number}/changes/other/").status_code == 404


def test_a_merged_school_takes_its_studios_and_members_with_it(studio):
    new = make_school(studio.authority, name="红山区新合并学校")
    bureau = browser_of(officer())
    address = reverse("registry:organisation_edit", args=[studio.school_id])
    form = bureau.get(address).context
    data = {name: value for name, value in form["form"].initial.items() if value is not None}
    data["parent"] = studio.school.parent_id
    answer = bureau.post(
        address,
        data | {"succeeded_by": new.name, "succeeded_on": "2026-09-01", "version": form["version"]},
    )
    assert answer.status_code == 302, answer.context["form"].errors
    moved = Studio.objects.select_related("lead").get(pk=studio.pk)
    assert (moved.school, moved.lead.school) == (new, new)
    entry = Entry.objects.of(moved).last()
    assert (entry.step, entry.cause.label) == ("relocate", "变更机构信息")


def test_a_school_merged_on_a_later_day_is_followed_by_the_clock(studio):
    new = make_school(studio.authority, name="红山区新合并学校")
    school = studio.memberships.first().principal.school
    school.succeeded_by, school.succeeded_on = new, date(2027, 6, 1)
    school.save()
    assert succession.keep(WORKING) == 0
    seat = studio.memberships.select_related("principal").first()
    assert succession.keep(WORKING + timedelta(days=30)) == 1
    seat = MEMBERSHIP.model.objects.select_related("principal__school").get(pk=seat.pk)
    assert (seat.principal.school, seat.state) == (new, MembershipState.ACTIVE)
    assert succession.keep(WORKING + timedelta(days=31)) == 0


def test_officers_of_a_merged_school_go_on_where_the_county_confirms_it(studio):
    new = make_school(studio.authority, name="红山区新合并学校")
    school = studio.memberships.first().principal.school
    officer_there = make_capacity(Role.OFFICER, school, "云飞")
    principal = make_capacity(Role.PRINCIPAL, school, "白音")
    school.succeeded_by, school.succeeded_on = new, date(2027, 6, 1)
    school.save()
    succession.keep(WORKING + timedelta(days=30))
    assert Appointment.objects.get(pk=officer_there.appointment.pk).ends == date(2027, 5, 31)
    assert Entry.objects.of(officer_there.user).last().label == "所在学校撤并"
    further = Appointment.objects.get(user=principal.user, organisation=new)
    assert (further.role, further.starts, further.ends) == (Role.PRINCIPAL, date(2027, 6, 1), None)
    county = browser_of(make_capacity(Role.OFFICER, studio.authority, "齐明"))
    page = county.get(reverse("registry:organisation", args=[school.pk])).content.decode()
    assert "云飞转到红山区新合并学校任职" in page
    assert "白音转到" not in page
    address = reverse("registry:appointment_new", args=[officer_there.user_id])
    offered = county.get(f"{address}?organisation={new.pk}").context["form"].initial
    assert (offered["organisation"], offered["role"]) == (new.name, Role.OFFICER)
    county.post(address, offered | {"organisation": new.name, "starts": "2027-06-01"})
    assert Appointment.objects.filter(user=officer_there.user, organisation=new, role=Role.OFFICER).exists()
    page = county.get(reverse("registry:organisation", args=[school.pk])).content.decode()
    assert "云飞转到" not in page
    assert succession.keep(WORKING + timedelta(days=31)) == 0


def test_a_member_whose_record_names_another_school_is_consented_to_anew(studio):
    seat = studio.memberships.select_related("principal__school").first()
    new = make_school(make_county("林西县"), name="林西县实验小学")
    bureau = browser_of(officer())
    address = reverse("registry:principal_edit", args=[seat.principal_id])
    form = bureau.get(address).context
    data = {name: value for name, value in form["form"].initial.items() if value is not None}
    data |= {"identity": "", "phone": "", "head_since": "2018年9月", "version": form["version"]}
    answer = bureau.post(address, data | {"school": new.name})
    assert answer.status_code == 302, answer.context["form"].errors
    seat.refresh_from_db()
    assert (seat.state, seat.school_consented_at) == (MembershipState.ACCEPTED, None)
    assert Entry.objects.of(seat).last().cause.label == "变更校长档案"
    stops = browser_of(acting(studio.lead)).get(seat.get_absolute_url()).context["way"]
    assert [(stop.label, stop.place) for stop in stops[1:]] == [
        ("学校同意", "now"),
        ("主管部门同意", "ahead"),
        ("在任", "ahead"),
    ]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_tab_of_changes_costs_the_same_for_one_and_for_three(rows, django_assert_num_queries, studio):
    kinds = [ChangeKind.CLOSE, ChangeKind.LEAD, ChangeKind.ACTING][:rows]
    for kind in kinds:
        person = None if kind == ChangeKind.CLOSE else make_lead(school=studio.school)
        until = SEATED.date() + timedelta(days=30) if kind == ChangeKind.ACTING else None
        change(studio, kind, at=SEATED, lead=person, until=until)
    browser = browser_of(acting(studio.lead))
    address = f"{studio.get_absolute_url()}?tab=changes"
    browser.get(address)
    with django_assert_num_queries(9):
        browser.get(address)


def drafting(studio):
    """An assistant with an account who may draft."""
    me, person = assistant(studio)
    draft(studio, person)
    return me


def may_draft(studio, me) -> bool:
    return Studio.objects.filter(people.drafter("")(me), pk=studio.pk).exists()


def test_what_an_assistant_was_given_ends_with_the_lead_who_gave_it(studio):
    me = drafting(studio)
    assert may_draft(studio, me)
    successor = make_lead(school=studio.school, name="乌兰")
    decide(agreed(change(studio, ChangeKind.LEAD, lead=successor)))
    assert not may_draft(studio, me)
    assert "收回代为起草权限" in [entry.label for entry in Entry.objects.of(studio)]


def test_while_another_acts_as_lead_the_assistant_goes_on(studio):
    me = drafting(studio)
    person = make_lead(school=studio.school, name="乌兰")
    until = WORKING.date() + timedelta(days=30)
    decide(agreed(change(studio, ChangeKind.ACTING, lead=person, until=until)))
    assert may_draft(studio, me)


def test_the_drafts_of_an_assistant_stand_on_the_desk_and_lead_to_the_form(studio):
    me = drafting(studio)
    rows = desk.waiting(me, SEATED)
    assert {row.prompt for row in rows} == {"代为起草"}
    plan = Plan.objects.get(studio=studio, kind="annual")
    assert f"/plans/{plan.pk}/form/aims/" in [row.url for row in rows]
    assert desk.count(me, SEATED) == 2
    assert browser_of(me).get(f"/plans/{plan.pk}/form/aims/").status_code == 200
    assert not PLAN.waiting(me, SEATED).exists(), "nobody waits for them"


def test_with_a_closed_studio_its_drafts_leave_every_desk_and_nothing_is_due(studio):
    lead, me = acting(studio.lead), drafting(studio)
    member = acting(studio.memberships.select_related("principal__school").all()[0].principal)
    coming = planned(studio)
    host = someone(Role.OFFICER, studio.school)
    assert desk.count(lead, WORKING)
    decide(change(studio, ChangeKind.CLOSE, at=SEATED), at=SEATED)
    for each in (lead, me, member, host):
        assert desk.waiting(each, WORKING) == [], each
    assert not Plan.objects.filter(due__isnull=False).exists()
    assert Activity.objects.get(pk=coming.pk).state == "cancelled"
    with pytest.raises(Refused, match="不再填报"):
        take(PLAN, "file", Plan.objects.filter(studio=studio)[0].pk, lead, WORKING)


def test_acting_terms_that_follow_each_other_count_together(studio, time_machine):
    person, other = make_lead(school=studio.school), make_lead(school=studio.school)
    time_machine.move_to(WORKING, tick=False)
    first = WORKING.date() + timedelta(days=60)
    decide(agreed(change(studio, ChangeKind.ACTING, lead=person, until=first)))
    later = WORKING + timedelta(days=65)
    time_machine.move_to(later, tick=False)
    timekeeping.end_acting_leads(later)
    with pytest.raises(Refused, match="此前相接的代理已有 60 天"):
        change(studio, ChangeKind.ACTING, at=later, lead=other, until=later.date() + timedelta(days=31))
    second = later.date() + timedelta(days=30)
    decide(agreed(change(studio, ChangeKind.ACTING, at=later, lead=other, until=second), later), later)
    after = later + timedelta(days=40)
    time_machine.move_to(after, tick=False)
    timekeeping.end_acting_leads(after)
    with pytest.raises(Refused, match="合计已满 90 天"):
        change(studio, ChangeKind.ACTING, at=after, lead=other, until=after.date() + timedelta(days=1))
    back = after + timedelta(days=60)
    change(studio, ChangeKind.ACTING, at=back, lead=other, until=back.date() + timedelta(days=90))


def test_the_hosts_support_is_asked_of_the_new_host(studio):
    old = SupportPledge.objects.get(year__term__studio=studio, membership=None, year__number=1)
    new = make_school(make_county("松山区"))
    row = change(studio, ChangeKind.RELOCATE, school=new, exception="原校舍改造")
    take(STUDIO_CHANGE, "pledge", row.pk, someone(Role.OFFICER, new), WORKING)
    take(STUDIO_CHANGE, "consent", row.pk, someone(Role.OFFICER, new.parent), WORKING)
    decide(row)
    assert SupportPledge.objects.get(pk=old.pk).state == PledgeState.LAPSED
    asked = SupportPledge.objects.get(year__term__studio=studio, membership=None, state=PledgeState.OPEN)
    assert (asked.school, asked.workplace) == (new, "")


def test_a_host_that_was_merged_goes_on_with_what_it_gave(studio):
    old = SupportPledge.objects.get(year__term__studio=studio, membership=None, year__number=1)
    new = make_school(studio.authority)
    school = studio.school
    school.succeeded_by, school.succeeded_on = new, WORKING.date()
    school.save(update_fields=["succeeded_by", "succeeded_on"])
    succession.hand_over(school, officer(), WORKING, None)
    kept = SupportPledge.objects.get(pk=old.pk)
    assert (kept.school, kept.state) == (new, PledgeState.OPEN)
    assert SupportPledge.objects.filter(year=old.year, membership=None).count() == 1
