"""A flow is a table of steps. Everything a person may do to a case is a row of such a table.

Buttons, refusals, desk rows, the way on the case page, history labels, notices and the diagrams in the
documentation are read from these tables; nothing of a flow is written elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from django.core.exceptions import ValidationError
from django.db.models import BooleanField, Case, Model, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable

from accounts.capacity import Capacity
from accounts.statements import Given, Statement
from office.asking import ask, ask_rows
from office.deputising import as_the_one_away, by_the_other_hand
from office.sight import consulted
from programmes.numerals import chinese_number

if TYPE_CHECKING:
    from django.forms import BaseForm

    from office.door import Act
    from office.models import ConsultGrant

NOTHING = Q(pk__in=[])
EVERYTHING = Q()


@dataclass(frozen=True)
class Missing:
    """What a step still lacks: a sentence, the article that asks for it, the address where it is mended.

    ``here``: it is mended in the step's own form, so it is told only to whoever sends the form without it.
    """

    sentence: str
    article: int | None = None
    where: str = ""
    here: bool = False

    @property
    def said(self) -> str:
        """The sentence, with its article where it does not name it itself."""
        name = f"第{chinese_number(self.article)}条" if self.article else ""
        return self.sentence if name in self.sentence else f"{self.sentence}（{name}）"


Who = Callable[[Capacity], Q]
Need = Callable[[Any, datetime], Iterable[Missing]]
Effect = Callable[[Any, "Act"], None]
Tell = Callable[[Any], Iterable[int]]


class MakesForm(Protocol):
    """Makes the form of a step on ``case``, filled from ``data``."""

    def __call__(self, case: Any, data: Any = None, *, auto_id: str) -> BaseForm: ...


@runtime_checkable
class Told(Protocol):
    """A given value that is no column."""

    def facts(self, case: Any) -> dict[str, Any]:
        """What history keeps of it, in words: {label: words or [old, new]}; ``case`` is as it was before."""
        ...


def nobody(me: Capacity) -> Q:
    """No person takes this step: it happens as a consequence of another."""
    return NOTHING


def everybody(me: Capacity) -> Q:
    """Every row: nothing is narrowed."""
    return EVERYTHING


def clock(me: Capacity) -> Q:
    """Time takes this step: the scheduled job, when its moment has come."""
    return EVERYTHING if me.clock else NOTHING


def any_of(conditions: Iterable[Q]) -> Q:
    """Rows that meet one of the conditions; ``NOTHING`` where there is none, ``EVERYTHING`` where one is all."""
    found = NOTHING
    for condition in conditions:
        if condition == EVERYTHING:
            return EVERYTHING
        found = condition if found == NOTHING else found if condition == NOTHING else found | condition
    return found


def either(*ways: Who) -> Who:
    """Whoever one of ``ways`` lets."""

    def who(me: Capacity) -> Q:
        return any_of(way(me) for way in ways)

    who.__name__ = " | ".join(way.__name__ for way in ways)
    return who


def always_ripe(at: datetime) -> Q:
    """The step may be taken at any time."""
    return EVERYTHING


def no_owners(pk: int) -> Sequence[QuerySet[Any]]:
    """The step counts nothing."""
    return ()


@dataclass(frozen=True)
class Back:
    """A target that the case remembers: the state kept in ``field``, one of ``states``."""

    field: str
    states: tuple[str, ...]


@dataclass(frozen=True)
class Step:
    """One row of the table.

    ``who`` gives the rows a person may take it on, without the state; ``stead`` those on which a person acts for an
    organisation below that has nobody left (代办, always with an opinion). ``turn`` narrows on whose desk it waits
    among those who may take it (分工), and keeps nobody from taking it. ``own``: the step belongs to those whose
    own matter the case is; every other step is closed to them. ``when`` is a further condition on the row.
    ``fields`` are columns of the case that whoever takes the step fills in. ``asked`` are those of
    them that a rule will miss: the form marks them, the rule says why. ``form`` makes the form of a step whose
    fields are no columns: what it gives by their names stands on the case while the step is taken, and says of
    itself what history keeps. ``waits``: the case stands on their
    desk for it, as soon as it is ``ripe`` (nobody's desk holds for weeks what can't be done yet), under the words of ``prompt`` or of the label;
    what only another case's step brings about in a state of rest waits for nobody. ``holds`` says, for whoever takes the step, what it rests on (推荐名额：已用 2 / 4). ``confirm`` says
    what will happen, before a step that can't be taken back.
    """

    name: str
    label: str
    source: tuple[str, ...]
    target: str | Back | None
    who: Who = nobody
    stead: Who = nobody
    turn: Who = everybody
    needs: tuple[Need, ...] = ()
    opinion: bool = False
    sealed: bool = False
    fields: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    form: MakesForm | None = None
    when: Q = field(default_factory=Q)
    locks: Callable[[int], Sequence[QuerySet[Any]]] = no_owners
    then: tuple[Effect, ...] = ()
    tells: tuple[Tell, ...] = ()
    own: bool = False
    prompt: str = ""
    waits: bool = True
    ripe: Callable[[datetime], Q] = always_ripe
    tone: str = "plain"
    confirm: Callable[[Any], str] | None = None
    holds: tuple[Callable[[Any, datetime], Iterable[str]], ...] = ()

    def target_for(self, case: Any) -> str:
        """The state into which the step brings this case."""
        if isinstance(self.target, Back):
            return str(getattr(case, self.target.field))
        return self.target if self.target is not None else str(case.state)

    @property
    def targets(self) -> tuple[str, ...]:
        """All states the step may lead to; empty where it stays in its state."""
        if isinstance(self.target, Back):
            return self.target.states
        return (self.target,) if self.target is not None else ()

    def missing(
        self, case: Any, at: datetime, opinion: str, *, always_opinion: bool = False
    ) -> list[Missing]:
        """All that keeps the step from being taken on ``case`` at ``at``; whoever acts for another always says why."""
        lacks = [lack for need in self.needs for lack in need(case, at)]
        if (self.opinion or always_opinion) and not opinion.strip():
            lacks.append(Missing("请填写意见"))
        return lacks


@dataclass(frozen=True)
class Station:
    """One stop of the way shown on the case page: passed by any of ``steps``, the case stands in it in ``states``."""

    label: str
    steps: tuple[str, ...]
    states: tuple[str, ...] = ()


@dataclass(frozen=True)
class Errand:
    """What stands on the desk of people who prepare a case and have no step in it then: an assistant who drafts, an
    officer who draws up the list that another decides.

    ``who`` gives their rows, in these ``states``, under the words of ``prompt``; ``address`` leads to the work, from the
    case's key. It is no hold: nobody waits for them, so nobody reminds them.
    """

    who: Who
    states: tuple[str, ...]
    prompt: str
    address: Callable[[str], str]

    def rows(self, me: Capacity) -> Q:
        """The cases that ``me`` prepares now."""
        mine = self.who(me)
        return mine if mine == NOTHING else mine & Q(state__in=self.states)


@dataclass(frozen=True)
class Flow:
    """The whole of one workflow: its steps, who sees its cases, how a case is named on the desk.

    ``hands`` are the organisations that have a hand in a case (keys; those above them are found), ``people`` the
    users it names: among them is whoever it waits for. A flow without ``hands`` offers no 催办,
    one without ``grant`` (what lets a colleague see one case) no 征求意见. ``related`` are the paths that rules, effects
    and tells read of every case: the door brings them with it.
    """

    name: str
    label: str
    model: type[Model]
    path: str
    steps: tuple[Step, ...]
    visible: Who
    title: Combinable
    subtitle: Combinable = field(default_factory=lambda: Value(""))
    sender: Combinable = field(default_factory=lambda: Value(""))
    key: str = "pk"
    interest: Who = nobody
    way: tuple[Station, ...] = ()
    tones: dict[str, str] = field(default_factory=dict)
    due: Callable[[Any, datetime], datetime | None] = lambda case, at: None
    related: tuple[str, ...] = ()
    gathered: tuple[str, ...] = ()
    hands: Callable[[Any], Iterable[int | None]] | None = None
    people: Callable[[Any], Iterable[int | None]] = lambda case: ()
    grant: type[ConsultGrant] | None = None
    errands: tuple[Errand, ...] = ()

    def step(self, name: str) -> Step:
        """The step of this name; raises KeyError."""
        for step in self.steps:
            if step.name == name:
                return step
        raise KeyError(name)

    def who(self, step: Step, me: Capacity) -> Q:
        """The rows on which ``me`` may take ``step``, whatever their state."""
        allowed = either(step.who, step.stead)(me)
        if step.own or allowed == NOTHING or me.clock:
            return allowed
        closed = self._closed(me)
        return allowed if closed == NOTHING else allowed & ~closed

    def _closed(self, me: Capacity) -> Q:
        """The rows that are nobody's to take as ``me``: an own matter, or one taken by the other hand before."""
        return any_of((self.own_matter(me), *by_the_other_hand(self.model, me)))

    def own_matter(self, me: Capacity) -> Q:
        """The rows that are the own matter of the person or of whom they stand in for: nobody acts on those."""
        away = as_the_one_away(me)
        return any_of((self.interest(me), self.interest(away) if away else NOTHING))

    def may(self, step: Step, me: Capacity) -> Q:
        """The rows on which ``me`` may take ``step`` now. What it needs is not asked."""
        allowed = self.who(step, me)
        return NOTHING if allowed == NOTHING else allowed & Q(state__in=step.source) & step.when

    def with_steps(self, rows: QuerySet[Any], me: Capacity, *names: str) -> QuerySet[Any]:
        """``rows`` annotated with ``may_<step>`` for the steps named, or for all, without a further query."""
        steps = [self.step(name) for name in names] or self.steps
        conditions = {f"may_{step.name}": self.may(step, me) for step in steps}
        conditions |= {
            f"stead_{step.name}": self.only_in_stead(step, me) for step in steps if step.stead(me) != NOTHING
        }
        annotated: QuerySet[Any] = rows.annotate(
            **{name: as_boolean(condition) for name, condition in conditions.items()}
        )
        return annotated

    def find(self, me: Capacity, key: str, *related: str, step: Step | None = None) -> Any:
        """The case named ``key`` among those ``me`` sees, with ``may_<step>`` and ``stead_<step>`` of every step.

        One query, which brings ``related`` with it; it asks only about ``step`` where that is given. Raises the
        model's DoesNotExist.
        """
        kin = self._kin_of(step.name if step else "")
        try:
            (case,) = ask(
                *(_one_case, me, None, self.name, related, step.name if step else ""),
                key=self.clean_key(key),
            )
        except (ValueError, ValidationError) as error:
            raise self.model.DoesNotExist from error  # type: ignore[attr-defined]
        for number, steps in enumerate(kin):
            allowed, instead = (getattr(case, f"{name}_{number}") for name in ("allowed", "instead"))
            for step in steps:
                setattr(case, f"may_{step.name}", allowed and case.state in step.source)
                setattr(case, f"stead_{step.name}", instead)
        return case

    def pk_of(self, key: str) -> int:
        """The primary key of the case named ``key`` in an address, whoever may see it; raises the model's DoesNotExist."""
        try:
            named = self.clean_key(key)
            return int(named if self.key == "pk" else _named(self.name).fetch({"key": named})[0])
        except (ValueError, ValidationError, IndexError) as error:
            raise self.model.DoesNotExist from error  # type: ignore[attr-defined]

    def clean_key(self, key: str) -> Any:
        """What names a case in an address, as the database has it; raises ValueError or ValidationError."""
        meta: Any = self.model._meta
        return (meta.pk if self.key == "pk" else meta.get_field(self.key)).clean(key, None)

    @cached_property
    def _kin(self) -> list[list[Step]]:
        """Steps that belong to the same people: they are asked together, the state of the one row afterwards."""
        alike: dict[tuple[Any, ...], list[Step]] = {}
        for step in self.steps:
            alike.setdefault((step.who, step.stead, step.own, repr(step.when)), []).append(step)
        return list(alike.values())

    def _kin_of(self, name: str) -> list[list[Step]]:
        """Only the step ``name``; all, those that are alike together, where it is empty."""
        return [[self.step(name)]] if name else self._kin

    def with_kin(self, rows: QuerySet[Any], me: Capacity, name: str) -> QuerySet[Any]:
        """``rows`` with ``allowed_<n>`` and ``instead_<n>`` for the n-th of ``_kin_of(name)``, in any state."""
        asked: dict[str, Combinable] = {}
        for number, (first, *_) in enumerate(self._kin_of(name)):
            allowed = self.who(first, me)
            condition = NOTHING if allowed == NOTHING else allowed & first.when
            asked[f"allowed_{number}"] = as_boolean(condition)
            asked[f"instead_{number}"] = as_boolean(self.only_in_stead(first, me))
        annotated: QuerySet[Any] = rows.annotate(**asked)
        return annotated

    def only_in_stead(self, step: Step, me: Capacity) -> Q:
        """The rows on which ``me`` may take ``step`` for another organisation only (代办)."""
        stead, own = step.stead(me), step.who(me)
        return stead if stead == NOTHING or own == NOTHING else stead & ~own

    def sight(self, me: Capacity) -> Q:
        """The rows ``me`` may see: by what they are, or because a colleague has asked for an opinion (征求意见)."""
        return any_of((self.visible(me), *consulted(self.grant, me)))

    def seen(self, me: Capacity) -> QuerySet[Any]:
        """The cases ``me`` may see: the list, the check and the count all start here."""
        return ask_rows(self.model, _in_sight, me, None, self.name)

    def sees(self, me: Capacity, pk: int) -> bool:
        """Whether ``me`` may see the case ``pk``."""
        return bool(ask(_one_in_sight, me, None, self.name, pk=pk))

    def waits_for(self, me: Capacity, at: datetime) -> Q:
        """Which cases wait for ``me`` at the moment ``at``; ``NOTHING`` where none ever does."""
        own: list[Q] = []
        others: list[Q] = []
        for first, states in self._alike(at):
            allowed = either(first.who, first.stead)(me)
            if allowed != NOTHING:
                now = allowed & Q(state__in=states) & first.when & first.ripe(at) & first.turn(me)
                (own if first.own or me.clock else others).append(now)
        closed = self._closed(me) if others else NOTHING
        if closed != NOTHING:
            others = [any_of(others) & ~closed]
        return any_of((*own, *others))

    def _alike(self, at: datetime) -> Iterator[tuple[Step, tuple[str, ...]]]:
        """Steps that wait, one for all that ask the same of the same people, with the states in which any begins."""
        alike: dict[tuple[Any, ...], list[Step]] = {}
        for step in self.steps:
            if step.waits:
                asks = (step.who, step.stead, step.own, repr(step.when), repr(step.ripe(at)), step.turn)
                alike.setdefault(asks, []).append(step)
        for steps in alike.values():
            yield steps[0], tuple(dict.fromkeys(state for step in steps for state in step.source))

    def on_desk(self, me: Capacity, at: datetime) -> Q:
        """What stands on the desk of ``me``: what waits for a step, and what is to be prepared for another's."""
        return any_of((self.waits_for(me, at), *(errand.rows(me) for errand in self.errands)))

    def waiting(self, me: Capacity, at: datetime) -> QuerySet[Any]:
        """The cases that wait for ``me`` at the moment ``at``."""
        return ask_rows(self.model, _waiting, me, at, self.name)

    def state_label(self, state: str) -> str:
        """The words for a state."""
        field: Any = self.model._meta.get_field("state")
        return str(dict(field.flatchoices).get(state, state))


def as_boolean(condition: Q) -> Combinable:
    """Whether a row meets ``condition``, as a column; the condition has no to-many join."""
    if condition in (NOTHING, EVERYTHING):
        return Value(condition == EVERYTHING, output_field=BooleanField())
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def _one_case(me: Capacity, at: datetime, name: str, related: tuple[str, ...], step: str) -> QuerySet[Any]:
    flow = FLOWS[name]
    rows = flow.model._default_manager.filter(flow.sight(me), **{flow.key: Given("key")})
    return flow.with_kin(rows.select_related(*related), me, step)


@cache
def _named(name: str) -> Statement:
    """The key of one case of a flow, by what names it in an address."""
    flow = FLOWS[name]
    rows = flow.model._default_manager.filter(**{flow.key: Given("key")}).order_by()
    return Statement(rows.values_list("pk", flat=True))


def _in_sight(me: Capacity, at: datetime, name: str) -> Q:
    return FLOWS[name].sight(me)


def _waiting(me: Capacity, at: datetime, name: str) -> Q:
    return FLOWS[name].waits_for(me, at)


def _one_in_sight(me: Capacity, at: datetime, name: str) -> QuerySet[Any]:
    flow = FLOWS[name]
    rows: QuerySet[Any, Any] = flow.model._default_manager.filter(flow.sight(me), pk=Given("pk"))
    return rows.order_by().values_list("pk")


FLOWS: dict[str, Flow] = {}
ALSO: dict[tuple[str, str], list[Effect]] = {}


def register(flow: Flow) -> Flow:
    """Make ``flow`` known to desk, case pages, documentation and tests; returns it."""
    if flow.name in FLOWS:
        raise ValueError(f"flow {flow.name} registered twice")
    FLOWS[flow.name] = flow
    return flow


def flow_of(case: Any) -> Flow:
    """The flow of a case; raises KeyError for what is no case."""
    return FLOWS[case._meta.model_name]


def also(flow: Flow, *names: str) -> Callable[[Effect], Effect]:
    """Declare, beside the code of a higher app, what else happens when a lower app's step is taken.

    Raises KeyError for a step the flow does not have.
    """
    for name in names:
        flow.step(name)

    def declare(effect: Effect) -> Effect:
        for name in names:
            ALSO.setdefault((flow.name, name), []).append(effect)
        return effect

    return declare
