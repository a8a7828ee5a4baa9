"""What the steps of Art. 9 bring about besides the new state, in the step's own transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import QuerySet

from applications import concluding, deciding, founding, papers, reading, recusal, scoring
from applications.models import (
    Announcement,
    Application,
    ApplicationState,
    Call,
    CallState,
    MemberState,
    Objection,
    ObjectionState,
    Panel,
    ProposedMember,
    Publicity,
    Review,
    ReviewState,
)
from office.door import Act, begin_each, follow, follow_each
from office.models import Entry, NoticeKind
from office.notices import tell


def locked(rows: QuerySet[Any], *related: str) -> list[Any]:
    """The rows, locked in the order of their keys, with what they say now, and with ``related`` of each."""
    rows = rows.order_by("pk").select_related(*related) if related else rows.order_by("pk")
    return list(rows.select_for_update(of=("self",), no_key=True))


def _by_step(
    cases: list[Application], step_of: Callable[[Application], str]
) -> Iterable[tuple[str, list[Application]]]:
    """The cases that take the same step, under its name."""
    found: dict[str, list[Application]] = {}
    for case in cases:
        found.setdefault(step_of(case), []).append(case)
    return found.items()


# Application


def submitted(case: Application, act: Act) -> None:
    """The moment of the first submission stays."""
    case.submitted_at = act.at
    case.save(update_fields=["submitted_at"])


def keep_version(case: Application, act: Act) -> None:
    """What was sent stays readable beside what is sent later."""
    case.versions.create(number=case.versions.count() + 1, content=reading.snapshot(case), at=act.at)


def endorsed(case: Application, act: Act) -> None:
    """From here on the authority sees it."""
    case.endorsed_at = act.at
    case.save(update_fields=["endorsed_at"])


def recommended(case: Application, act: Act) -> None:
    """From here on it holds a place under the quota."""
    case.recommended_at = case.recommended_at or act.at
    case.save(update_fields=["recommended_at"])


def remember_stop(case: Application, act: Act) -> None:
    """Where it comes back to: the stop that returned or declined it, or the school if it is to be endorsed anew."""
    returned = case.state == ApplicationState.RETURNED
    case.resume_at = ApplicationState.SCHOOL_REVIEW if returned and case.endorse_anew else act.entry.source
    if case.state == ApplicationState.DECLINED:
        case.rank = None
    case.save(update_fields=["resume_at", "rank"])


def end_members(case: Application, act: Act) -> None:
    """Those who were asked are free again."""
    live = locked(case.members.filter(state__in=MemberState.live), "principal")
    follow_each(live, "lapse", act.me, act.at, cause=act.entry)


def release_reviews(case: Application, act: Act) -> None:
    """Experts need not judge what is over."""
    assigned = locked(case.reviews.filter(state=ReviewState.ASSIGNED), "expert")
    follow_each(assigned, "drop", act.me, act.at, cause=act.entry)


def drop_objections(case: Application, act: Act) -> None:
    """An objection against what is over has no object any more."""
    pending = locked(case.objections.filter(state__in=ObjectionState.pending))
    follow_each(pending, "moot", act.me, act.at, "所涉申报已终止", cause=act.entry)


def assign_to_panel(case: Application, act: Act) -> None:
    """What is accepted while the call is being reviewed goes to its panel at once."""
    if case.call.state == CallState.REVIEWING:
        _assign(Panel.objects.filter(call=case.call_id, stage=case.stage).first(), [case], act, told=True)


def create_studio(case: Application, act: Act) -> None:
    """Art. 9: the studio, its term and years, its members, its plaque. Whoever has not answered is asked no more."""
    case.studio = founding.found(case, act)
    case.save(update_fields=["studio"])
    unanswered = locked(case.members.filter(state=MemberState.PROPOSED), "principal")
    follow_each(unanswered, "lapse", act.me, act.at, cause=act.entry)


# Proposed member


def stamp_school(case: ProposedMember, act: Act) -> None:
    case.school_consented_at = act.at
    case.save(update_fields=["school_consented_at"])


def stamp_authority(case: ProposedMember, act: Act) -> None:
    case.authority_consented_at = act.at
    case.save(update_fields=["authority_consented_at"])


# Call


def freeze_rubric(case: Call, act: Act) -> None:
    """A rubric in use is not changed any more; the notice is issued with the opening."""
    if case.rubric and case.rubric.frozen_at is None:
        case.rubric.frozen_at = act.at
        case.rubric.save(update_fields=["frozen_at"])
    papers.issue_call_notice(case, act)


def assign_panels(case: Call, act: Act) -> None:
    """Every application under review goes to each expert of its stage's panel who may judge it."""
    for panel in case.panels.all():
        judged = case.applications.filter(state=ApplicationState.UNDER_REVIEW, stage=panel.stage)
        _assign(panel, locked(judged), act)


def _assign(panel: Panel | None, applications: list[Application], act: Act, *, told: bool = False) -> None:
    """Reviews for whoever may judge; with ``told`` each expert learns of it (the call's own step tells them once)."""
    if panel is None:
        return
    experts = [seat.expert for seat in panel.seats.select_related("expert__user")]
    barred = recusal.conflicts(experts, applications)
    already = set(Review.objects.filter(application__in=applications).values_list("expert", "application"))
    reviews = [
        Review(application=application, expert=expert)
        for application in applications
        for expert in experts
        if (expert.pk, application.pk) not in barred and (expert.pk, application.pk) not in already
    ]
    entries = begin_each(reviews, act.me, act.at, "分配评审", cause=act.entry)
    if told:
        for review, entry in zip(reviews, entries, strict=True):
            tell_of_review(review, entry)


def tell_of_review(review: Review, entry: Entry) -> None:
    """An expert learns of one more sheet."""
    text = f"{review.application}：请评分"
    url = review.get_absolute_url()
    tell([review.expert.user_id], text, entry.at, kind=NoticeKind.ACTION, url=url, entry=entry)


def pass_or_fail(case: Call, act: Act) -> None:
    """The leader's list: each application passes or fails as it says; every deviation carries its reason."""
    judged = locked(case.applications.filter(state=ApplicationState.UNDER_REVIEW), "lead")
    for step, found in _by_step(judged, lambda application: application.result):
        follow_each(found, step, act.me, act.at, deciding.reasons, cause=act.entry)


def cancel_applications(case: Call, act: Act) -> None:
    """With the call, what was under way in it ends."""
    under_way = locked(case.applications.filter(state__in=ApplicationState.withdrawable), "lead")
    follow_each(under_way, "cancel", act.me, act.at, act.opinion, cause=act.entry)


# Review


def total_up(case: Review, act: Act) -> None:
    """The sheet's total, as locked."""
    case.total = sum(score.points for score in case.scores.all() if score.points is not None)
    case.save(update_fields=["total"])


def refresh_result(case: Review, act: Act) -> None:
    """The application's result follows its sheets."""
    scoring.refresh(Application.objects.select_related("call").get(pk=case.application_id))


# Publicity and objections


def publish(case: Publicity, act: Act) -> None:
    """The list goes up: its end is computed once, its document issued, its applications are publicised."""
    case.published_at = act.at
    _set_end(case, act)
    passed = locked(case.call.applications.filter(state=ApplicationState.PASSED), "lead")
    follow_each(passed, "publicise", act.me, act.at, cause=act.entry, given={"publicity": case})
    call = Call.objects.select_for_update(no_key=True).get(pk=case.call_id)
    if call.state == CallState.DECIDED:
        follow(call, "publicise", act.me, act.at, cause=act.entry)
    papers.issue_publicity(case, act)


def restart_publicity(case: Publicity, act: Act) -> None:
    """A corrected list is shown for the whole period again; the corrected document is issued beside the old one."""
    _set_end(case, act)
    papers.issue_publicity(case, act)


def _set_end(case: Publicity, act: Act) -> None:
    end = concluding.end_of(case, act.at)
    case.ends_at, case.calendar_known = end.moment, end.known
    case.due = end.moment
    case.save(update_fields=["published_at", "ends_at", "calendar_known", "due"])


def conclude(case: Publicity, act: Act) -> None:
    """Each application: confirmed without objection, held by an open one, rejected by one upheld."""
    shown = locked(case.applications.filter(state=ApplicationState.PUBLICISED), "lead")
    raised: dict[int, set[str]] = {}
    for application, state in Objection.objects.filter(application__in=shown).values_list(
        "application", "state"
    ):
        raised.setdefault(application, set()).add(state)
    for step, found in _by_step(shown, lambda application: _end_of(raised.get(application.pk, set()))):
        follow_each(found, step, act.me, act.at, cause=act.entry)


def _end_of(objections: set[str]) -> str:
    """The step by which an application leaves the publicity, by the states of the objections against it."""
    if ObjectionState.UPHELD in objections:
        return "reject"
    return "hold" if objections & set(ObjectionState.pending) else "confirm"


def answer(case: Objection, act: Act) -> None:
    """An application held is confirmed or rejected with the answer to the last objection against it."""
    application = Application.objects.select_for_update(of=("self",), no_key=True).get(pk=case.application_id)
    if application.state != ApplicationState.HELD:
        return
    states = set(application.objections.values_list("state", flat=True))
    if ObjectionState.UPHELD in states:
        follow(application, "reject", act.me, act.at, act.opinion, cause=act.entry)
    elif not states & set(ObjectionState.pending):
        follow(application, "confirm", act.me, act.at, cause=act.entry)


# Announcement


def issue_announcement(case: Announcement, act: Act) -> None:
    """All that is confirmed is announced: studios first, the document with its number last."""
    confirmed = locked(
        case.call.applications.filter(state=ApplicationState.CONFIRMED), "lead", "school", "authority"
    )
    follow_each(confirmed, "announce", act.me, act.at, cause=act.entry, given={"announcement": case})
    call = Call.objects.select_for_update(no_key=True).get(pk=case.call_id)
    if call.state == CallState.PUBLICITY:
        follow(call, "announce", act.me, act.at, cause=act.entry)
    papers.issue_announcement(case, act)
