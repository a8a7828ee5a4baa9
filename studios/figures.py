"""What the records say of studio years: counted here and nowhere else.

A figure is known by its name and reads any number of years (their keys) with as many queries as one. Apps above
register their own (money, scores); whoever shows or judges a year asks by name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Value

from accounts.models import Area, Organisation
from studios.models import (
    Activity,
    ActivityState,
    Advice,
    AdviceState,
    Attendance,
    Output,
    OutputKind,
    OutputState,
    PlanItem,
    PlanKind,
    PledgeState,
    StudioYear,
    SupportPledge,
    Verdict,
)
from studios.progress import Done, completion, counted

Years = Collection[int]


@dataclass(frozen=True)
class Figure:
    """``count``: {key of a year: value}, of any years; ``words`` says a value; ``nothing``: that of a year without records."""

    name: str
    label: str
    count: Callable[[Years], Mapping[int, Any]]
    words: Callable[[Any], str]
    nothing: Callable[[], Any]


FIGURES: dict[str, Figure] = {}


def register(figure: Figure) -> Figure:
    """Make a figure known; returns it. Raises ValueError for a name that is taken."""
    if figure.name in FIGURES:
        raise ValueError(f"figure {figure.name} registered twice")
    FIGURES[figure.name] = figure
    return figure


def read(name: str, years: Years) -> dict[int, Any]:
    """The figure of each of ``years``; raises KeyError for a name that nobody registered."""
    figure = FIGURES[name]
    found = figure.count(years)
    return {key: found[key] if key in found else figure.nothing() for key in years}


class OfYear:
    """The figures of one year, each read once."""

    def __init__(self, year: StudioYear) -> None:
        self.year = year
        self._read: dict[str, Any] = {}

    def value(self, name: str) -> Any:
        """The figure of this name; raises KeyError for one that nobody registered."""
        if name not in self._read:
            self._read[name] = read(name, [self.year.pk])[self.year.pk]
        return self._read[name]

    def said(self, name: str) -> list[str]:
        """[label, words]."""
        return [FIGURES[name].label, FIGURES[name].words(self.value(name))]


# --- activities -----------------------------------------------------------------------------------


@dataclass
class Activities:
    """Held ones by duty (Art. 8), and how many are still planned."""

    held: Counter[str] = field(default_factory=Counter)
    planned: int = 0

    @property
    def number(self) -> int:
        """How many were held."""
        return self.held.total()


def own_and_joined(years: Years | QuerySet[Any]) -> tuple[QuerySet[Any], QuerySet[Any]]:
    """The studios' own activities of these years, and those they joined between first and last day; ``of_year`` says which."""
    own = Activity.objects.filter(year__in=years).annotate(of_year=F("year"))
    joined = Activity.objects.filter(
        partners__terms__years__in=years,
        starts_at__date__gte=F("partners__terms__years__starts"),
        starts_at__date__lte=F("partners__terms__years__ends"),
    ).annotate(of_year=F("partners__terms__years"))
    return own.order_by(), joined.order_by()


def activities_of(year: StudioYear) -> QuerySet[Activity]:
    """All activities of one year, each once."""
    own, joined = own_and_joined([year.pk])
    return Activity.objects.filter(Q(pk__in=own.values("pk")) | Q(pk__in=joined.values("pk")))


def activity_counts(years: Years | QuerySet[Any]) -> QuerySet[Any, Any]:
    """(year, duty, state, how many): the studios' own first, then those they joined; one query."""
    own, joined = (
        rows.values_list("of_year", "duty", "state").annotate(number=Count("pk"))
        for rows in own_and_joined(years)
    )
    return own.union(joined, all=True)


def summed_activities(counts: Iterable[tuple[int, str, str, int]]) -> dict[int, Activities]:
    """What ``activity_counts`` found, by year."""
    found: dict[int, Activities] = {}
    for key, duty, state, number in counts:
        year = found.setdefault(key, Activities())
        if state == ActivityState.HELD:
            year.held[duty] += number
        elif state == ActivityState.PLANNED:
            year.planned += number
    return found


def _activities(years: Years) -> dict[int, Activities]:
    return summed_activities(activity_counts(years))


def _held_in_words(value: Activities) -> str:
    return f"已开展 {value.number} 次" if value.number else "还没有开展"


# --- attendance -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Attended:
    """How often members were to come to what was held, and came."""

    called: int = 0
    came: int = 0

    @property
    def rate(self) -> str:
        """The share in whole per cent; nothing where nobody was to come."""
        return f"{self.came / self.called:.0%}" if self.called else ""


def attendance_of(year: StudioYear) -> QuerySet[Attendance]:
    """Who of the studio's members was to come to what was held in ``year``."""
    held = activities_of(year).filter(state=ActivityState.HELD)
    return Attendance.objects.filter(
        activity__in=held.values("pk"), membership__studio=year.term.studio_id
    ).order_by()


CALLED = {"called": Count("pk"), "came": Count("pk", filter=Q(present=True))}


def _attendance(years: Years) -> dict[int, Attended]:
    own = Q(activity__year__in=years, membership__studio=F("activity__studio"))
    rows = Attendance.objects.filter(own, activity__state=ActivityState.HELD)
    joined = Attendance.objects.filter(
        membership__studio__terms__years__in=years,
        activity__state=ActivityState.HELD,
        activity__studio__isnull=True,
        activity__starts_at__date__gte=F("membership__studio__terms__years__starts"),
        activity__starts_at__date__lte=F("membership__studio__terms__years__ends"),
    )
    found: dict[int, Attended] = {}
    first = rows.order_by().values_list("activity__year").annotate(**CALLED)
    second = joined.order_by().values_list("membership__studio__terms__years").annotate(**CALLED)
    for key, called, came in first.union(second, all=True):
        before = found.get(key, Attended())
        found[key] = Attended(before.called + called, before.came + came)
    return found


def _attendance_in_words(value: Attended) -> str:
    return (
        f"应到 {value.called} 人次，到场 {value.came} 人次，出勤率 {value.rate}"
        if value.called
        else "没有出勤记录"
    )


# --- schools helped -------------------------------------------------------------------------------


def needy(school: Organisation) -> bool:
    """Whether it is a rural or a weak school."""
    return school.area == Area.RURAL or school.weak


@dataclass(frozen=True)
class Helped:
    """Schools that held activities were for (Art. 8-3), each once; rural and weak ones first."""

    schools: tuple[Organisation, ...] = ()

    @classmethod
    def of(cls, schools: Collection[Organisation]) -> Helped:
        """These schools in their order."""
        once = {school.pk: school for school in schools}.values()
        return cls(tuple(sorted(once, key=lambda school: (not needy(school), school.name))))

    @property
    def rural(self) -> int:
        """How many are rural."""
        return sum(school.area == Area.RURAL for school in self.schools)

    @property
    def weak(self) -> int:
        """How many are weak."""
        return sum(school.weak for school in self.schools)


def _helped(years: Years) -> dict[int, Helped]:
    own, joined = (
        rows.filter(state=ActivityState.HELD, schools__isnull=False)
        .values_list("of_year", "schools")
        .distinct()
        for rows in own_and_joined(years)
    )
    pairs = set(own.union(joined, all=True))
    schools = Organisation.objects.in_bulk({school for _, school in pairs})
    by_year: dict[int, list[Organisation]] = {}
    for key, school in pairs:
        by_year.setdefault(key, []).append(schools[school])
    return {key: Helped.of(found) for key, found in by_year.items()}


def _helped_in_words(value: Helped) -> str:
    number = len(value.schools)
    return f"{number} 所，其中乡村学校 {value.rural} 所、薄弱学校 {value.weak} 所" if number else "还没有登记"


# --- outputs, advice, plan, support ---------------------------------------------------------------


@dataclass
class Outputs:
    """Those that were not withdrawn, by duty and by kind."""

    duties: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)


def _outputs(years: Years) -> dict[int, Outputs]:
    found: dict[int, Outputs] = {}
    rows = Output.objects.filter(year__in=years).exclude(state=OutputState.WITHDRAWN).order_by()
    for key, duty, kind, number in rows.values_list("year", "duty", "kind").annotate(number=Count("pk")):
        year = found.setdefault(key, Outputs())
        year.duties[duty] += number
        year.kinds[kind] += number
    return found


def kinds_in_words(kinds: Mapping[str, int]) -> str:
    """论文 2 项，著作 1 项; nothing without any."""
    return "，".join(f"{label} {kinds[kind]} 项" for kind, label in OutputKind.choices if kinds.get(kind))


@dataclass(frozen=True)
class Advised:
    """Advice sent to the owner (Art. 8-4), and how much of it was adopted, wholly or in part."""

    sent: int = 0
    adopted: int = 0


def _advice(years: Years) -> dict[int, Advised]:
    adopted = Count("pk", filter=Q(verdict__in=(Verdict.ADOPTED, Verdict.PARTLY)))
    rows = Advice.objects.filter(year__in=years).exclude(state=AdviceState.DRAFT).order_by()
    counts = rows.values_list("year").annotate(sent=Count("pk"), adopted=adopted)
    return {key: Advised(sent, taken) for key, sent, taken in counts}


def _advice_in_words(value: Advised) -> str:
    return f"报送 {value.sent} 篇，采纳或部分采纳 {value.adopted} 篇" if value.sent else "还没有报送"


def tasks(years: Years | QuerySet[Any]) -> QuerySet[PlanItem]:
    """The tasks of filed annual plans that still hold."""
    return PlanItem.objects.filter(
        plan__year__in=years, plan__kind=PlanKind.ANNUAL, plan__filed_at__isnull=False, dropped=False
    )


def _tasks(years: Years) -> dict[int, list[Done]]:
    found: dict[int, list[Done]] = {}
    for done in counted(tasks(years).annotate(of_year=F("plan__year")).order_by("place", "pk")):
        found.setdefault(done.item.of_year, []).append(done)  # type: ignore[attr-defined]
    return found


def tasks_in_words(value: list[Done]) -> str:
    """完成 2 / 5 项."""
    complete, everything = completion(value)
    return f"完成 {complete} / {everything} 项" if everything else "没有计划任务"


@dataclass(frozen=True)
class Support:
    """Schools that were asked for their support (Art. 12), and those that confirmed it."""

    asked: int = 0
    confirmed: int = 0


def pledge_counts(years: Years | QuerySet[Any]) -> QuerySet[Any, Any]:
    """(year, "", state, how many), of the same shape as ``activity_counts``; one query."""
    rows = SupportPledge.objects.filter(year__in=years).exclude(state=PledgeState.LAPSED).order_by()
    return rows.values_list("year", Value("")).annotate(how=F("state"), number=Count("pk"))


def summed_support(counts: Iterable[tuple[int, str, str, int]]) -> dict[int, Support]:
    """What ``pledge_counts`` found, by year."""
    found: dict[int, Support] = {}
    for key, _, state, number in counts:
        before = found.get(key, Support())
        confirmed = number if state == PledgeState.CONFIRMED else 0
        found[key] = Support(before.asked + number, before.confirmed + confirmed)
    return found


def _support(years: Years) -> dict[int, Support]:
    return summed_support(pledge_counts(years))


register(Figure("activities", "活动", _activities, _held_in_words, Activities))
register(Figure("attendance", "成员出勤", _attendance, _attendance_in_words, Attended))
register(Figure("helped", "帮扶学校", _helped, _helped_in_words, Helped))
register(
    Figure("outputs", "成果", _outputs, lambda value: kinds_in_words(value.kinds) or "还没有登记", Outputs)
)
register(Figure("advice", "建言献策", _advice, _advice_in_words, Advised))
register(Figure("tasks", "年度计划任务", _tasks, tasks_in_words, list))
register(
    Figure(
        "support",
        "学校支持保障",
        _support,
        lambda value: f"已确认 {value.confirmed} / {value.asked} 所",
        Support,
    )
)
