"""Jinja2 as the pages use it: what is at hand in every template.

A template reads what a view gives it and asks nothing more; what is not given says nothing.
"""

from __future__ import annotations

from typing import Any

from django.template.defaultfilters import length, linebreaks_filter, linebreaksbr
from django.template.defaulttags import querystring
from django.templatetags.static import static
from django.urls import reverse
from jinja2 import ChainableUndefined, Environment, Undefined, pass_context
from jinja2.runtime import Context

from office import words


class Nothing(ChainableUndefined):
    """What a page was not given: empty, however far it is asked on, as Django's own templates have it."""

    def __call__(self, *args: Any, **kwargs: Any) -> Nothing:  # type: ignore[override]
        return self


def url_for(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a named page; NoReverseMatch where there is none."""
    return reverse(name, args=args, kwargs=kwargs)


@pass_context
def query(context: Context, **changes: Any) -> str:
    """The query of the present address with ``changes``; None takes a name out of it."""
    return str(querystring(context, context["request"].GET, **changes))  # type: ignore[arg-type]


def is_none(value: Any) -> bool:
    """Whether there is no value; what was not given has none."""
    return value is None or isinstance(value, Undefined)


def environment(**options: Any) -> Environment:
    """The one environment of all templates (settings.TEMPLATES)."""
    jinja = Environment(**options | {"undefined": Nothing})
    jinja.globals |= {"url_for": url_for, "static": static, "query": query}
    jinja.globals |= {tag.__name__: tag for tag in words.TAGS}
    jinja.filters |= {"length": length, "linebreaks": linebreaks_filter, "linebreaksbr": linebreaksbr}
    jinja.filters |= {word.__name__: word for word in words.FILTERS}
    jinja.tests["none"] = is_none
    return jinja
