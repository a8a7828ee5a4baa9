"""What is answered when something of ours fails."""

import pytest
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import OperationalError
from django.http import HttpRequest
from django.test import RequestFactory

from config.errors import bad_request, server_error


def answer_to(fault: Exception, rf: RequestFactory) -> tuple[int, str]:
    request: HttpRequest = rf.get("/desk/")
    try:
        raise fault
    except Exception:
        page = server_error(request)
    return page.status_code, page.content.decode()


def test_a_database_that_is_away_is_a_pause_not_a_fault(rf: RequestFactory) -> None:
    status, text = answer_to(OperationalError("server closed the connection"), rf)
    assert status == 503
    assert "系统暂时不能使用" in text


def test_a_session_that_could_not_be_written_because_the_database_went_away_is_a_pause_too(
    rf: RequestFactory,
) -> None:
    interrupted = SessionInterrupted("the session was deleted before the request completed")
    interrupted.__context__ = OperationalError("server closed the connection")
    assert bad_request(rf.get("/desk/"), interrupted).status_code == 503
    assert bad_request(rf.get("/desk/"), SessionInterrupted("logged out elsewhere")).status_code == 400


def test_a_fault_is_told_without_a_query(rf: RequestFactory) -> None:
    status, text = answer_to(ValueError("nothing a visitor should read"), rf)
    assert status == 500
    assert "nothing a visitor" not in text
    assert "系统出了故障" in text


@pytest.mark.parametrize("fault", [ValueError("x"), OperationalError("x")])
def test_even_without_templates_there_is_a_sentence(
    fault: Exception, rf: RequestFactory, settings: object
) -> None:
    settings.TEMPLATES = []  # type: ignore[attr-defined]
    assert answer_to(fault, rf)[1] == "系统暂时不能使用，请稍后再试。已保存的内容都还在。"
