"""What is answered when a request fails for a reason of ours."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views import defaults

PLAIN = "系统暂时不能使用，请稍后再试。已保存的内容都还在。"


def server_error(request: HttpRequest) -> HttpResponse:
    """503 while the database is away (it comes back by itself), 500 for a fault; both pages ask nothing of it."""
    if _database_away(sys.exc_info()[1]):
        return _pause()
    return HttpResponse(_page("500.html"), status=500)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400; or 503 where all was well but the session could not be written, because the database has gone away."""
    return _pause() if _database_away(exception) else defaults.bad_request(request, exception)


def _database_away(fault: BaseException | None) -> bool:
    """Whether the fault, or what it came from, is that the database did not answer."""
    while fault is not None:
        if isinstance(fault, OperationalError | InterfaceError):
            return True
        fault = fault.__cause__ or fault.__context__
    return False


def _pause() -> HttpResponse:
    return HttpResponse(_page("503.html"), status=503, headers={"Retry-After": "60"})


def _page(template: str) -> str:
    """The page, or one sentence where the fault is such that not even the page can be drawn."""
    try:
        return render_to_string(template)
    except Exception:
        return PLAIN
