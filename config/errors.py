"""What is answered when a request fails for a reason of ours."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

PLAIN = "系统暂时不能使用，请稍后再试。已保存的内容都还在。"


def server_error(request: HttpRequest) -> HttpResponse:
    """503 while the database is away (it comes back by itself), 500 for a fault; both pages ask nothing of it."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return HttpResponse(_page("503.html"), status=503, headers={"Retry-After": "60"})
    return HttpResponse(_page("500.html"), status=500)


def _page(template: str) -> str:
    """The page, or one sentence where the fault is such that not even the page can be drawn."""
    try:
        return render_to_string(template)
    except Exception:
        return PLAIN
