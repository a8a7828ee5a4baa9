"""Telling people: the one place where notices are written, in the transaction of what they tell of.

``tell`` is called by the door, by jobs, by reminders and by whatever has no case (a changed password). Who wants
e-mail gets it by ``office.mailing``, which finds the notices written here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from accounts.capacity import Capacity
from accounts.models import User
from office.deputising import deputies_of
from office.flow import FLOWS, Step, Tell
from office.models import Choice, Entry, Notice, NoticeKind, Way

LENGTH = 300
# How one hears of what one has not chosen a way for.
DEFAULTS: dict[str, Way] = {
    NoticeKind.ACTION: Way.DIGEST,
    NoticeKind.URGED: Way.AT_ONCE,
    NoticeKind.REMINDER: Way.AT_ONCE,
    NoticeKind.RESULT: Way.AT_ONCE,
    NoticeKind.PROGRESS: Way.DIGEST,
    NoticeKind.TASK: Way.NONE,
    NoticeKind.SECURITY: Way.AT_ONCE,
}


@dataclass(frozen=True)
class Telling:
    """In a step's ``tells``: whom (``who``), as which kind, in which words (``says``), leading where (``leads``).

    A plain function in ``tells`` is a Telling of progress in the step's own words.
    """

    who: Tell
    kind: NoticeKind = NoticeKind.PROGRESS
    says: Callable[[Any, Entry], str] | None = None
    leads: Callable[[Any], str] | None = None

    def __call__(self, case: Any) -> Iterable[int]:
        """The accounts to be told."""
        return self.who(case)

    @property
    def __name__(self) -> str:
        return getattr(self.who, "__name__", "")


def action(
    who: Tell,
    says: Callable[[Any, Entry], str] | None = None,
    leads: Callable[[Any], str] | None = None,
) -> Telling:
    """``who`` has to act next: 待办."""
    return Telling(who, NoticeKind.ACTION, says, leads)


def result(who: Tell, says: Callable[[Any, Entry], str] | None = None) -> Telling:
    """``who`` learns what became of it: 结果."""
    return Telling(who, NoticeKind.RESULT, says)


def progress(who: Tell, says: Callable[[Any, Entry], str] | None = None) -> Telling:
    """``who`` learns that it went on: 进展."""
    return Telling(who, NoticeKind.PROGRESS, says)


def tell(
    people: Iterable[int],
    text: str,
    at: datetime,
    *,
    kind: NoticeKind = NoticeKind.PROGRESS,
    url: str = "",
    entry: Entry | None = None,
    case: Any = None,
    key: str = "",
) -> None:
    """Tell each of the accounts ``people`` once, in the caller's transaction.

    Once per ``entry``, and once per ``key``: who was told of either before is not told again. ``case`` is what the
    notice is about where no entry says so, ``url`` where it leads: a path of this site. Of a case the deputies of
    those who are away are told too.
    """
    words = dict.fromkeys(sorted(set(people)), text)
    if not words:
        return
    content_type, object_id = _about(entry, case)
    acted = entry.user_id if entry else None
    for deputy in _deputies(list(words), content_type, object_id, at):
        if deputy.user_id and deputy.user_id != acted:
            words.setdefault(deputy.user_id, f"代{deputy.away}：{text}")
    ways = _ways(list(words), kind)
    Notice.objects.bulk_create(
        (
            Notice(
                user_id=pk,
                kind=kind,
                entry=entry,
                key=key,
                content_type_id=content_type,
                object_id=object_id,
                text=said[:LENGTH],
                url=url,
                at=at,
                way=ways.get(pk, Way.NONE),
            )
            for pk, said in words.items()
        ),
        batch_size=500,
        ignore_conflicts=True,
    )


def tell_of_step(case: Any, step: Step, entry: Entry) -> None:
    """Tell whom the table says; whoever took the step knows. Who is named twice is told by the first that names them."""
    told = {entry.user_id}
    for telling in step.tells:
        people = set(telling(case)) - told
        told |= people
        one = telling if isinstance(telling, Telling) else Telling(telling)
        tell(
            people,
            one.says(case, entry) if one.says else _in_the_steps_words(case, step, entry),
            entry.at,
            kind=one.kind,
            url=one.leads(case) if one.leads else case.get_absolute_url(),
            entry=entry,
        )


def _in_the_steps_words(case: Any, step: Step, entry: Entry) -> str:
    text = f"{case}：{step.label}"
    return f"{text}。{entry.opinion}" if entry.opinion else text


def _deputies(people: list[int], content_type: int | None, pk: int | None, at: datetime) -> list[Capacity]:
    """Who stands in for these people, where the case can be seen in the capacity given.

    So what a person who is away is told as an expert or an applicant stays theirs.
    """
    flow = FLOWS.get(ContentType.objects.get_for_id(content_type).model) if content_type else None
    if flow is None:
        return []
    found = deputies_of(people, timezone.localdate(at))
    return [one for one in found if flow.seen(one).filter(pk=pk).exists()]


def _about(entry: Entry | None, case: Any) -> tuple[int | None, int | None]:
    if entry is not None:
        return entry.content_type_id, entry.object_id
    if case is not None:
        return ContentType.objects.get_for_model(case).pk, case.pk
    return None, None


def _ways(people: list[int], kind: NoticeKind) -> dict[int, Way]:
    """How each wants to hear of this kind by e-mail; who has no address, or where no mail is set up, not at all."""
    if not settings.MAIL:
        return {}
    reached = User.objects.filter(pk__in=people, is_active=True).exclude(email="")
    chosen = dict(Choice.objects.filter(user__in=people, kind=kind).values_list("user", "way"))
    return {pk: Way(chosen.get(pk, DEFAULTS[kind])) for pk in reached.values_list("pk", flat=True)}
