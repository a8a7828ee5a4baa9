"""Applications of the data set with all that hangs on them: members, reviews, files, studios, notices."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import islice
from random import Random
from types import SimpleNamespace
from typing import Any

from accounts.crypto import EncryptedField
from applications.defaults import MATERIALS
from applications.flows import APPLICATION, OBJECTION, PROPOSED_MEMBER
from applications.models import (
    Application,
    ApplicationState,
    MemberState,
    Objection,
    ObjectionState,
    ProposedMember,
    Review,
    ReviewState,
)
from office.models import Attachment, Notice
from portal.dataset.founding import BASIS, Founded, Founding
from portal.dataset.history import Actor, Happened, History, begun, taken
from portal.dataset.loading import Table
from portal.dataset.people import Head, Place, School
from portal.dataset.rounds import Round, check_code
from portal.dataset.shared import SharedFile
from portal.dataset.work import Work
from portal.demo.writing import form

S = ApplicationState
# The way of an application: step, state it begins in, day of the round.
WAY = (
    ("submit", S.DRAFT, 12),
    ("endorse", S.SCHOOL_REVIEW, 15),
    ("recommend", S.AUTHORITY_REVIEW, 18),
    ("accept", S.RECOMMENDED, 19),
    ("pass", S.UNDER_REVIEW, 85),
    ("publicise", S.PASSED, 87),
    ("confirm", S.PUBLICISED, 95),
    ("announce", S.CONFIRMED, 97),
)
ORDER = [S.DRAFT, *(state for _, state, _ in WAY[1:]), S.ANNOUNCED]
OPINIONS = {"endorse": "经学校党组织研究，同意申报。", "recommend": "办学成效突出，示范作用明显，同意推荐。"}
JUDGED = {S.ANNOUNCED: "pass", S.PUBLICISED: "pass", S.NOT_PASSED: "fail"}
MEMBERS = {S.ANNOUNCED: 10}
MEMBERS_ELSE = 8
PANEL_SHARE = Decimal("25")  # indicators of the rubric, each of 4 points
RETURNS = 30  # how often the one long case was returned
FILES = 20
_sealed = EncryptedField()


def total_of(review: int) -> Decimal:
    """What a sheet comes to: 3.0–3.9 points of 4 on each of 25 indicators, by its key."""
    return PANEL_SHARE * (Decimal(30 + review % 10) / 10)


@cache
def _writing(seed: int) -> Any:
    """One of some hundred filled-in forms; what differs from person to person is put in later."""
    school = SimpleNamespace(name="本校")
    someone: Any = SimpleNamespace(
        school=school,
        head_since=date(2016, 8, 1),
        birth_month=date(1970, 1, 1),
        backbone_training="自治区骨干校长研修",
        post="校长",
    )
    return form(someone, Random(seed))


class Cases:
    """Writes applications."""

    def __init__(self, random: Random, history: History, shared: SharedFile) -> None:
        self.random, self.history, self.shared = random, history, shared
        self.founding = Founding(random, history)
        self.work = Work(history, self.attach)
        self.applications = Table(
            Application,
            *("number", "call_id", "lead_id", "school_id", "authority_id", "stage", "studio_name", "content"),
            *("saved_at", "state", "since", "due", "submitted_at", "endorsed_at", "recommended_at", "rank"),
            *("score", "spread", "valid_reviews", "result", "publicity_id", "announcement_id", "studio_id"),
        )
        self.members = Table(
            ProposedMember,
            *("application_id", "principal_id", "basis", "state", "since", "school_consented_at"),
            "authority_consented_at",
        )
        self.reviews = Table(
            Review, "application_id", "expert_id", "state", "since", "due", "total", "comment", "saved_at"
        )
        self.attachments = Table(
            Attachment,
            *("content_type_id", "object_id", "slot", "scope", "name", "file", "kind", "size", "sha256"),
            *("user_id", "at"),
        )
        self.notices = Table(Notice, "user_id", "entry_id", "text", "url", "at", "read_at")
        self.objections = Table(
            Objection,
            *("number", "publicity_id", "application_id", "state", "since", "name", "contact", "text"),
            "received_at",
        )

    def tables(self) -> list[Table]:
        return [
            *(self.applications, self.members, self.reviews, self.attachments, self.notices, self.objections),
            *(*self.founding.tables(), *self.work.tables()),
        ]

    def application(
        self,
        place: Place,
        held: Round,
        programme: int,
        school: School,
        state: str,
        *,
        rank: int,
        long: bool = False,
    ) -> int:
        """One application that has come to ``state``; returns its key. ``long``: with many opinions and files."""
        head = school.heads[0]
        key = self.applications.last + 1
        number = f"{place.code}-{held.opened.year}-{key:05d}"
        happened = self._way(place, school, head, held, state, key)
        if long:
            happened[3:3] = self._returned(place, school, head, happened[2].at)
        at = {event.step: event.at for event in happened}
        founded = None
        if state == S.ANNOUNCED:
            idea = _writing(key % 200)["qualities"]["idea"]
            founded = self.founding.studio(place, held, programme, school, head, at["announce"], idea)
        studio = founded.key if founded else None
        judged = state in JUDGED
        totals = self._reviews(held, key, school.stage, judged) if "accept" in at else []
        score, spread = _result(totals) if judged else (None, None)
        due = {S.DRAFT: "submit_by", S.SCHOOL_REVIEW: "school_by", S.AUTHORITY_REVIEW: "authority_by"}.get(
            S(state)
        )
        self.applications.add(
            *(
                number,
                held.key,
                head.key,
                school.key,
                school.authority,
                school.stage,
                f"{head.name}名校长工作室",
            ),
            *(_writing(key % 200), at["begin"], state, happened[-1].at),
            *(held.dates[due] if due else held.dates["check_by"] if state == S.RECOMMENDED else None,),
            *(at.get("submit"), at.get("endorse"), at.get("recommend"), rank if "recommend" in at else None),
            *(score, spread, len(totals) if judged else 0, JUDGED.get(S(state), "")),
            *(
                held.publicity if state != S.NOT_PASSED else None,
                held.announcement if studio else None,
                studio,
            ),
        )
        entries = self.history.tell(Application, key, happened)
        self._files(key, head.who, at["begin"], "endorse" in at, FILES if long else 0)
        self._tell(head.who, number, happened, entries)
        self._members(place, held, head, key, state, founded)
        if founded:
            self.work.play(place, founded)
        return key

    def _way(
        self, place: Place, school: School, head: Head, held: Round, state: str, key: int
    ) -> list[Happened]:
        """The entries that lead to ``state``."""
        actors = {
            "submit": head.who,
            "endorse": school.officer,
            "recommend": place.counties[school.authority],
            "accept": place.officer,
        }
        passed = ORDER.index(S.UNDER_REVIEW if state == S.NOT_PASSED else S(state))
        minutes = key % 600
        happened = [begun(S.DRAFT, head.who, held.on(3) + timedelta(minutes=minutes), "开始申报")]
        for step, source, day in WAY[:passed]:
            moment = held.on(day) + timedelta(minutes=minutes)
            by = actors.get(step, place.leader)
            happened.append(taken(APPLICATION, step, source, by, moment, OPINIONS.get(step, "")))
        if state == S.NOT_PASSED:
            happened.append(taken(APPLICATION, "fail", S.UNDER_REVIEW, place.leader, held.on(85)))
        return happened

    def _returned(self, place: Place, school: School, head: Head, at: datetime) -> list[Happened]:
        """The county returns it again and again: the case page at its longest."""
        county, stop, happened = place.counties[school.authority], S.AUTHORITY_REVIEW, []
        for number in range(RETURNS):
            moment = at + timedelta(minutes=2 * number)
            words = f"请补充第 {number + 1} 处：任务与预期成果应一一对应，帮扶学校写明名称。"
            happened.append(taken(APPLICATION, "authority_return", stop, county, moment, words))
            happened.append(taken(APPLICATION, "resubmit", S.RETURNED, head.who, moment, target=stop))
        return happened

    def _reviews(self, held: Round, application: int, stage: str, judged: bool) -> list[Decimal]:
        """A review by each expert of the panel; returns the totals of those handed in."""
        totals = []
        for number, (expert, who) in enumerate(held.panels.get(stage, [])):
            key = self.reviews.last + 1
            done = judged or (application + number) % 5 < 2
            given, scored = held.on(62), held.on(75)
            state = ReviewState.SUBMITTED if done else ReviewState.ASSIGNED
            total = total_of(key) if done else None
            words = "材料翔实，规划可行，示范作用明显。" if done else ""
            due = None if done else held.dates["score_by"]
            self.reviews.add(
                application,
                expert,
                state,
                scored if done else given,
                due,
                total,
                words,
                scored if done else None,
            )
            happened = [begun(ReviewState.ASSIGNED, Actor(), given, "分配评审")]
            if done:
                happened.append(Happened("submit", "提交并锁定", "assigned", "submitted", who, scored))
            self.history.tell(Review, key, happened)
            totals += [total] if total is not None else []
        return totals

    def _files(self, key: int, by: Actor, at: datetime, endorsed: bool, least: int) -> None:
        kind, before = self.history.kind(Application), self.attachments.last
        for slot, label, whose, required, _ in MATERIALS:
            if required and (whose == "applicant" or endorsed):
                scope = "case" if whose == "applicant" and slot != "identity" else "handlers"
                self.attach(kind, key, slot, scope, label, by, at)
        for number in range(least - (self.attachments.last - before)):
            self.attach(kind, key, "honours", "case", f"荣誉证书{number + 1}", by, at)

    def attach(self, kind: int, key: int, slot: str, scope: str, label: str, by: Actor, at: datetime) -> None:
        """The shared file once more, beside another row."""
        shared = self.shared
        row = (
            kind,
            key,
            slot,
            scope,
            f"{label}.pdf",
            shared.path,
            "pdf",
            shared.size,
            shared.sha256,
            by.user,
            at,
        )
        self.attachments.add(*row)

    def _tell(self, lead: Actor, number: str, happened: list[Happened], entries: list[int]) -> None:
        told = [pair for pair in zip(happened, entries, strict=True) if pair[0].by != lead]
        for event, entry in told:
            read = event.at + timedelta(days=1) if event is not told[-1][0] else None
            text = f"{event.label}（{number}）"
            self.notices.add(lead.user, entry, text, f"/applications/{number}/", event.at, read)

    def _members(
        self, place: Place, held: Round, lead: Head, key: int, state: str, founded: Founded | None
    ) -> None:
        """Heads of other schools; with consents once the application is on its way."""
        asked, agreed = held.on(5), held.on(6)
        sent = state not in ORDER or ORDER.index(S(state)) >= ORDER.index(S.RECOMMENDED)
        consented = agreed + timedelta(days=13) if sent else None
        number = MEMBERS.get(S(state), MEMBERS_ELSE)
        asked_heads = slice(None) if founded else slice(1, None)
        for home, head in islice(_others(place, lead, key * MEMBERS_ELSE, asked_heads), number):
            happened = self._member_way(place, home, lead, head, asked, agreed, sent)
            if state == S.NOT_PASSED:
                accepted = MemberState.ACCEPTED
                happened.append(taken(PROPOSED_MEMBER, "lapse", accepted, place.leader, held.on(85)))
            row = self.members.add(
                *(key, head.key, BASIS, happened[-1].target, happened[-1].at, consented, consented)
            )
            self.history.tell(ProposedMember, row, happened)
            if founded:
                self.founding.join(place, founded, home, head, held.on(97), consented)

    def _member_way(
        self,
        place: Place,
        home: School,
        lead: Head,
        head: Head,
        asked: datetime,
        agreed: datetime,
        sent: bool,
    ) -> list[Happened]:
        state = MemberState.ACCEPTED
        happened = [
            begun(MemberState.PROPOSED, lead.who, asked, "邀请"),
            taken(PROPOSED_MEMBER, "accept", MemberState.PROPOSED, head.who, agreed),
        ]
        if sent:
            later, county = agreed + timedelta(days=13), place.counties[home.authority]
            happened.append(taken(PROPOSED_MEMBER, "consent_school", state, home.officer, later))
            happened.append(taken(PROPOSED_MEMBER, "consent_authority", state, county, later))
        return happened

    def objection(self, place: Place, held: Round, application: int) -> None:
        """An objection to an application, looked into and dismissed."""
        at = held.on(90)
        number = f"YY{at:%Y%m%d}-{check_code(self.random)[:8]}"
        words = ("对部分材料的真实性有疑问。", at)
        name, contact = _sealed.get_prep_value("钱学文"), _sealed.get_prep_value("13900001111")
        row = (
            number,
            held.publicity,
            application,
            ObjectionState.DISMISSED,
            held.on(92),
            name,
            contact,
            *words,
        )
        key = self.objections.add(*row)
        happened = [
            begun(ObjectionState.RECEIVED, Actor(), at, "收到异议", public=True),
            taken(OBJECTION, "investigate", ObjectionState.RECEIVED, place.officer, held.on(91)),
            taken(
                OBJECTION,
                "dismiss",
                ObjectionState.INVESTIGATING,
                place.leader,
                held.on(92),
                "已核实，材料属实。",
            ),
        ]
        self.history.tell(Objection, key, happened)


def _others(place: Place, lead: Head, first: int, asked: slice) -> Iterator[tuple[School, Head]]:
    """Heads of the bureau's schools with their schools, but for ``lead``, from one of them on.

    ``asked`` says which heads of a school: whoever leads in a call is no member in it.
    """
    heads = [(home, head) for home in place.schools for head in home.heads[asked] if head.key != lead.key]
    for step in range(len(heads)):
        yield heads[(first + step) % len(heads)]


def _result(totals: list[Decimal]) -> tuple[Decimal | None, Decimal | None]:
    counted = sorted(totals)[1:-1]
    mean = (sum(counted, Decimal(0)) / len(counted)).quantize(Decimal("0.01"))
    return mean, max(totals) - min(totals)
