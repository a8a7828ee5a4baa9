"""Telling people: the one place where notices are written, in the transaction of what they tell of.

``tell`` is called by the door, by jobs, by reminders and by whatever has no case (a changed password). Who wants
e-mail gets it by ``office.mailing``, which finds the notices written here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from accounts.capacity import Capacity
from accounts.models import Appointment, Kind, Role, User
from office.deputising import deputies_of
from office.flow import FLOWS, Flow, Step, Tell
from office.models import Choice, Entry, Mail, Notice, NoticeKind, Way

LENGTH = 300
KEPT = timedelta(days=180)
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

    ``once`` names an event that is told a person once, however often the step is taken, and beside what else the
    step tells. A plain function in ``tells`` is a Telling of progress in the step's own words.
    """

    who: Tell
    kind: NoticeKind = NoticeKind.PROGRESS
    says: Callable[[Any, Entry], str] | None = None
    leads: Callable[[Any], str] | None = None
    once: Callable[[Any], str] | None = None

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


def progress(
    who: Tell,
    says: Callable[[Any, Entry], str] | None = None,
    leads: Callable[[Any], str] | None = None,
) -> Telling:
    """``who`` learns that it went on: 进展. ``leads``: where the notice goes, for those who do not see the case."""
    return Telling(who, NoticeKind.PROGRESS, says, leads)


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
    content_type, object_id = _about(entry, case)
    rows = [
        Notice(
            user_id=pk,
            kind=kind,
            entry=entry,
            key=key,
            content_type_id=content_type,
            object_id=object_id,
            text=text[:LENGTH],
            url=url,
            at=at,
        )
        for pk in sorted(set(people))
    ]
    _write(rows, entry.user_id if entry else None)


def tell_of_step(step: Step, moved: Iterable[tuple[Any, Entry]]) -> None:
    """Tell whom the table says of each case and its entry; whoever took the step (the same of all) knows."""
    acted, rows = None, []
    for case, entry in moved:
        acted = entry.user_id
        rows += _of_step(case, step, entry)
    _write(rows, acted)


def _of_step(case: Any, step: Step, entry: Entry) -> list[Notice]:
    """The notices of one case. Who is named twice is told by the first that names them."""
    told, rows = {entry.user_id}, []
    content_type, object_id = _about(entry, case)
    for telling in step.tells:
        one = telling if isinstance(telling, Telling) else Telling(telling)
        people = set(one(case)) - ({entry.user_id} if one.once else told)
        if not people:
            continue
        if not one.once:
            told |= people
        text = one.says(case, entry) if one.says else _in_the_steps_words(case, step, entry)
        rows += [
            Notice(
                user_id=pk,
                kind=one.kind,
                entry=None if one.once else entry,
                key=one.once(case) if one.once else "",
                content_type_id=content_type,
                object_id=object_id,
                text=text[:LENGTH],
                url=one.leads(case) if one.leads else case.get_absolute_url(),
                at=entry.at,
            )
            for pk in sorted(people)
        ]
    return rows


def tell_auditors(text: str, at: datetime, *, key: str = "") -> None:
    """Tell the bureau's security auditors of what touches personal data at large: a sensitive export."""
    held = Appointment.objects.valid(timezone.localdate(at)).filter(
        role=Role.SECURITY, organisation__kind=Kind.BUREAU
    )
    tell(held.values_list("user_id", flat=True), text, at, kind=NoticeKind.SECURITY, key=key)


def sweep(at: datetime) -> int:
    """Remove what was read and is older than ``KEPT``, and the letters of that age: they are no records.

    Returns how many notices. What is unread stays, however old.
    """
    old = at - KEPT
    removed, _ = Notice.objects.filter(at__lt=old, read_at__isnull=False).delete()
    Mail.objects.filter(made_at__lt=old, notices=None).exclude(state=Mail.State.WAITING).delete()
    return removed


def _in_the_steps_words(case: Any, step: Step, entry: Entry) -> str:
    text = f"{case}：{step.label}"
    return f"{text}。{entry.opinion}" if entry.opinion else text


def _about(entry: Entry | None, case: Any) -> tuple[int | None, int | None]:
    if entry is not None:
        return entry.content_type_id, entry.object_id
    if case is not None:
        return ContentType.objects.get_for_model(case).pk, case.pk
    return None, None


def _write(notices: Iterable[Notice], acted: int | None) -> None:
    """Write them in one go, for the deputies of those who are away too, but not for whoever ``acted``.

    Each takes the way its reader wants; what was told before the database leaves out.
    """
    rows = list(notices)
    if not rows:
        return
    rows += _for_deputies(rows, acted)
    ways = _ways(rows)
    for row in rows:
        row.way = ways.get((row.user_id, row.kind), Way.NONE)
    Notice.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)


def _for_deputies(rows: list[Notice], acted: int | None) -> list[Notice]:
    """The same for who stands in for their readers, where the case can be seen in the capacity given.

    So what a person who is away is told as an expert or an applicant stays theirs.
    """
    of_cases = [row for row in rows if _flow(row)]
    if not of_cases:
        return []
    told = {(row.content_type_id, row.object_id, row.user_id) for row in of_cases}
    found: list[Notice] = []
    for deputy in deputies_of({row.user_id for row in of_cases}, timezone.localdate(of_cases[0].at)):
        theirs = [row for row in of_cases if deputy.away and row.user_id == deputy.away.pk]
        seen = _seen(deputy, theirs) if deputy.user_id != acted else set()
        found += [
            _to(deputy, row)
            for row in theirs
            if (row.content_type_id, row.object_id) in seen
            and (row.content_type_id, row.object_id, deputy.user_id) not in told
        ]
    return found


def _flow(row: Notice) -> Flow | None:
    """The flow of the case that the notice is about, if it is about one."""
    kind = row.content_type_id
    return FLOWS.get(ContentType.objects.get_for_id(kind).model) if kind else None


def _seen(me: Capacity, rows: list[Notice]) -> set[tuple[int | None, int | None]]:
    """Those cases the notices are about that ``me`` may see: content type and key; a query for each flow."""
    about: dict[int | None, set[int | None]] = {}
    for row in rows:
        about.setdefault(row.content_type_id, set()).add(row.object_id)
    flows = {row.content_type_id: _flow(row) for row in rows}
    return {
        (kind, pk)
        for kind, keys in about.items()
        if (flow := flows[kind])
        for pk in flow.seen(me).filter(pk__in=keys).values_list("pk", flat=True)
    }


def _to(deputy: Capacity, row: Notice) -> Notice:
    """What ``row`` says, to the deputy of its reader."""
    copied = copy(row)
    copied.user_id, copied.text = deputy.user_id or 0, f"代{deputy.away}：{row.text}"[:LENGTH]
    return copied


def _ways(rows: list[Notice]) -> dict[tuple[int, str], Way]:
    """How each wants to hear of each kind by e-mail; who has no address, or where no mail is set up, not at all."""
    if not settings.MAIL:
        return {}
    people = {row.user_id for row in rows}
    reached = User.objects.filter(pk__in=people, is_active=True, demonstration=False).exclude(email="")
    with_address = set(reached.values_list("pk", flat=True))
    chosen = {
        (user, kind): Way(way)
        for user, kind, way in Choice.objects.filter(user__in=people).values_list("user", "kind", "way")
    }
    wanted = {(row.user_id, row.kind) for row in rows if row.user_id in with_address}
    return {one: chosen.get(one, DEFAULTS[one[1]]) for one in wanted}
