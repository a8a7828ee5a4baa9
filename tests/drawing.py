"""Django's test client keeps the context of a page when its template tells of being drawn; Jinja2's tell nobody."""

from __future__ import annotations

from typing import Any

import jinja2
from django.test.signals import template_rendered

_render = jinja2.Template.render


def told(template: jinja2.Template, *given: Any, **named: Any) -> str:
    """Draw the template and tell the signal that the test client listens to."""
    context = dict(*given, **named)
    template_rendered.send(sender=template, template=template, context=context)
    return _render(template, context)


def tell() -> None:
    """From now on every template of this process that is drawn is told of."""
    jinja2.Template.render = told  # type: ignore[method-assign, assignment]
