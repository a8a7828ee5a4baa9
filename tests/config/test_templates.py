"""Templates: what they may leave out, and what they must not forget. Every one is read, drawn or not."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.paginator import Page
from django.forms import BaseForm, BaseFormSet, BoundField
from django.http import QueryDict
from django.template import engines
from jinja2 import Environment, nodes

FOLDER = Path(settings.BASE_DIR) / "templates"
TEMPLATES = sorted(
    str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*") if path.suffix in {".html", ".txt"}
)
# Read as an attribute too: the value of a choice, the files of an upload, the sections of a plan, and so on.
ALSO_VALUES = {"value", "errors", "count", "index", "accept", "get", "items"}


@pytest.fixture(scope="module")
def jinja() -> Environment:
    return engines["jinja2"].env  # type: ignore[no-any-return]


def classes() -> Iterator[type]:
    """What templates are given: our cases and records, forms, pages."""
    yield from apps.get_models()
    yield from (BaseForm, BaseFormSet, BoundField, Page, QueryDict)


def needs_nothing(method: Callable[..., object]) -> bool:
    """Whether it can be called without arguments; what asks for some is never read as an attribute."""
    given = list(inspect.signature(method).parameters.values())
    open_ended = {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD}
    return all(each.default is not each.empty or each.kind in open_ended for each in given[1:])


@cache
def methods() -> set[str]:
    """What is called without anything but itself, and is nowhere a value of the same name."""
    found, values = set(), set(ALSO_VALUES)
    for owner in classes():
        for name, what in inspect.getmembers(owner):
            if name.startswith("_"):
                continue
            if not callable(what) or isinstance(what, type):
                values.add(name)
            elif inspect.isfunction(what) and needs_nothing(what):
                found.add(name)
        if hasattr(owner, "_meta"):
            values |= {field.name for field in owner._meta.get_fields()}
    return found - values


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_method_stands_uncalled(jinja: Environment, name: str) -> None:
    """``{% if row.has_changed %}`` would always be true."""
    tree = jinja.parse((FOLDER / name).read_text(encoding="utf-8"))
    called = {id(call.node) for call in tree.find_all(nodes.Call)}
    forgotten = [
        f"{name}:{read.lineno} .{read.attr}"
        for read in tree.find_all(nodes.Getattr)
        if id(read) not in called and read.attr in methods()
    ]
    assert forgotten == []


def test_what_was_not_given_says_nothing(jinja: Environment) -> None:
    page = jinja.from_string(
        "[{{ deadline }}{{ row.studio.name }}{{ row.get_state_display() }}{% for each in rows %}x{% endfor %}"
        "{% if tab.count is not none %}x{% endif %}{% if offers %}x{% endif %}]"
    )
    assert page.render() == "[]"


def test_what_a_person_wrote_is_escaped(jinja: Environment) -> None:
    page = jinja.from_string(
        "{{ words }} {{ words|linebreaks }} {{ words|linebreaksbr }}{{ badge(words, 'red') }}"
    )
    assert "<script>" not in page.render(words="<script>alert(1)</script>")
