"""The moves of the demonstration: each is a real step of a real person, taken through the door at a past moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from random import Random
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from pypdf import PdfWriter

from accounts.models import Principal
from applications import consents, filling, members
from applications.content import SECTIONS
from applications.files import IDENTITY
from applications.flows import APPLICATION, PROPOSED_MEMBER, REVIEW
from applications.models import Application, Call, Material, MemberState, ProposedMember, Review, ReviewScore
from evaluations.models import Indicator
from office.attachments import attach
from office.door import take
from office.filing import saving
from office.models import Filing, Scope
from portal.demo.cast import Cast
from portal.demo.writing import form


def at_time(day: datetime, hour: int, minute: int = 0) -> datetime:
    """The moment of that day's wall clock."""
    return timezone.make_aware(datetime.combine(timezone.localtime(day).date(), time(hour, minute)))


def paper(title: str) -> SimpleUploadedFile:
    """A one-page PDF that stands for a scanned material; ``title`` must be a plain file name."""
    writer = PdfWriter()
    writer.add_blank_page(width=595, height=842)
    buffer = BytesIO()
    writer.write(buffer)
    return SimpleUploadedFile(f"{title}.pdf", buffer.getvalue(), content_type="application/pdf")


def fill(filing: Filing, content: dict[str, dict[str, Any]], at: datetime) -> None:
    """Save ``content``, the values of each section, in the form."""
    for key, values in content.items():
        section = filing.layout.section(key)
        filing = saving.save_section(filing, section, values, saving.stamp(filing, section), at)


class Stage:
    """One call's applicants and what they do. Members are drawn from ``pool``, each asked by one applicant only."""

    def __init__(self, cast: Cast, call: Call, pool: Iterator[Principal], random: Random) -> None:
        self.cast = cast
        self.call = call
        self.pool = pool
        self.random = random

    def draft(
        self, lead: Principal, at: datetime, *, asked: int = 8, accepted: int | None = None
    ) -> Application:
        """A complete draft with ``asked`` members, of whom the first ``accepted`` (default: all) are willing."""
        me = self.cast.of(lead.user_id)
        application = filling.start(self.call, me, at)
        content = form(lead, self.random)
        if not lead.famous:
            content["basics"] = {
                "studio_name": application.studio_name,
                "stage": application.stage,
                "exception": "主持多项市级课题，所在学校办学成效突出，经学校党组织推荐申报。",
            }
        for key, values in content.items():
            read = saving.stamp(application, SECTIONS[key])
            application = saving.save_section(application, SECTIONS[key], values, read, at)
        for number in range(asked):
            principal = next(self.pool)
            reason = (
                "" if principal.head and principal.basis() else "本人积极要求参加，所在学校为重点帮扶学校"
            )
            member = members.propose(application.pk, principal.pk, reason, me, at + timedelta(minutes=number))
            if accepted is None or number < accepted:
                willing = self.cast.of(principal.user_id)
                ticked = consents.everything(consents.TO_JOIN)
                self.take(PROPOSED_MEMBER, "accept", member, willing, at, hours=5, **ticked)
        for material in self.call.materials.filter(by=Material.By.APPLICANT, required=True):
            self.hand_in(application, material, me, at)
        return Application.objects.get(pk=application.pk)

    def hand_in(self, application: Application, material: Material, me: Any, at: datetime) -> None:
        """Attach a scan, closed to experts where the program closes it: the identity card, what the school sends."""
        closed = material.key == IDENTITY or material.by == Material.By.SCHOOL
        scope = Scope.HANDLERS if closed else Scope.CASE
        scan, label = paper(material.label), material.label
        attach(application, scan, slot=material.key, me=me, at=at, scope=scope, label=label)

    def take(
        self,
        flow: Any,
        step: str,
        case: Any,
        me: Any,
        at: datetime,
        opinion: str = "",
        hours: int = 0,
        **given: Any,
    ) -> Any:
        """One step, ``hours`` after ``at``."""
        return take(flow, step, case.pk, me, at + timedelta(hours=hours), opinion, given)

    def submit(self, application: Application, at: datetime) -> None:
        ticked = consents.everything(consents.TO_APPLY)
        self.take(APPLICATION, "submit", application, self.cast.of(application.lead.user_id), at, **ticked)

    def endorse(self, application: Application, at: datetime) -> None:
        """The school attaches its pledge and the sealed form and agrees."""
        me = self.cast.officer(application.school_id)
        for material in self.call.materials.filter(by=Material.By.SCHOOL, required=True):
            self.hand_in(application, material, me, at)
        opinion = "经学校党组织研究，同意申报，工作场所、办公条件和减负措施已落实。"
        self.take(APPLICATION, "endorse", application, me, at, opinion)

    def recommend(self, application: Application, at: datetime, rank: int) -> None:
        me = self.cast.officer(application.authority_id)
        opinion = "材料属实，办学成效突出，规划可行，同意推荐。"
        self.take(APPLICATION, "recommend", application, me, at, opinion, rank=rank)

    def accept(self, application: Application, at: datetime) -> None:
        self.take(APPLICATION, "accept", application, self.owner, at)

    def to_review(self, lead: Principal, at: datetime, rank: int) -> Application:
        """From the draft to the experts, a few days a step."""
        application = self.draft(lead, at)
        self.submit(application, at + timedelta(days=2))
        self.endorse(application, at + timedelta(days=4))
        self.recommend(application, at + timedelta(days=7), rank)
        self.accept(application, at + timedelta(days=9))
        return Application.objects.get(pk=application.pk)

    @property
    def owner(self) -> Any:
        return self.cast.officer(self.call.programme.owner_id)

    @property
    def leader(self) -> Any:
        return self.cast.officer(self.call.programme.owner_id, "leader")

    def consent(self, application: Application, at: datetime, count: int | None = None) -> None:
        """Schools and authorities agree to the members, the first ``count`` of them."""
        for member in application.members.filter(state=MemberState.ACCEPTED).select_related(
            "principal__school"
        )[:count]:
            school = member.principal.school
            self.take(PROPOSED_MEMBER, "consent_school", member, self.cast.officer(school.pk), at)
            self.take(
                PROPOSED_MEMBER, "consent_authority", member, self.cast.officer(school.parent_id), at, hours=8
            )

    def score(self, review: Review, at: datetime, level: float, *, submit: bool = True) -> None:
        """An expert fills the sheet around ``level`` (share of the points) and hands it in."""
        leaves = Indicator.objects.filter(rubric=self.call.rubric_id, parent__isnull=False)
        for indicator in leaves:
            share = min(1.0, max(0.62, level + self.random.uniform(-0.06, 0.05)))
            points = (indicator.points * Decimal(str(round(share, 2)))).quantize(Decimal("0.1"))
            ReviewScore.objects.create(
                review=review, indicator=indicator, points=points, maximum=indicator.points
            )
        review.comment = "材料翔实，规划目标清楚，四项职责均有落点；建议进一步细化对乡村学校的帮扶安排。"
        review.saved_at = at
        review.save(update_fields=["comment", "saved_at"])
        if submit:
            self.take(REVIEW, "submit", review, self.cast.of(review.expert.user_id), at)


def pool(rows: Iterable[Principal]) -> Iterator[Principal]:
    """Principals to be asked, one after the other."""
    yield from rows


def waiting_proposals(application: Application) -> list[ProposedMember]:
    """Members asked who have not answered."""
    return list(application.members.filter(state=MemberState.PROPOSED).select_related("principal"))
