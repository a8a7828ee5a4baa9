"""The access matrix: every address × every role (and none) × own, neighbour's and foreign object × GET and POST.

The addresses come from the URLconf, the expected answers from ``expected``; a view without an entry fails,
and so does an entry without a view. Every request happens in a transaction of its own that is rolled back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import Principal
from tests.access import cast
from tests.access.expected import MATRIX
from tests.access.places import arguments
from tests.access.rules import Page, Rule, Rules

LET_IN = {"get": (200,), "post": (200, 302, 409, 422)}
IDENTITY = re.compile(rb"(?<!\d)\d{17}[\dX](?![\dA-Za-z])")
UNMASKING = {"application-identity", "correction-numbers", "own", "own-export", "registry:principal_reveal"}


def names(resolver: URLResolver, space: str = "") -> Iterator[str]:
    """The name of every address, with its namespace."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from names(pattern, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}"


ADDRESSES = list(dict.fromkeys(names(get_resolver())))


def ask(name: str, place: str, role: str, method: str, rule: Rule | None) -> HttpResponse:
    """The answer to one request, which leaves nothing behind."""
    with transaction.atomic():
        address = reverse(name, args=arguments(name, place))
        client = cast.browser(role)
        if method == "get":
            response = client.get(address)
        else:
            headers = rule.headers if rule else {}
            response = client.post(address, rule.data() if rule else {}, headers=headers)
        response.body = b"".join(response.streaming_content) if response.streaming else response.content
        transaction.set_rollback(True)
    return response


def to_login(response: HttpResponse) -> bool:
    return response.status_code == 302 and response["Location"].startswith(reverse("login"))


def as_expected(response: HttpResponse, expected: str, method: str, rule: Rule) -> bool:
    """Whether the answer is the one of the table."""
    if expected == "login":
        return to_login(response)
    if expected == "ok":
        return not to_login(response) and response.status_code in (rule.status or LET_IN[method])
    return response.status_code == int(expected)


def places(rules: Rules) -> dict[str, Rule]:
    return {"": rules} if isinstance(rules, Rule) else rules


def test_every_address_has_its_entry_and_every_entry_its_address() -> None:
    assert sorted(set(ADDRESSES) - set(MATRIX)) == []
    assert sorted(set(MATRIX) - set(ADDRESSES)) == []


def some_place(page: Page) -> str:
    return next(iter(places(page.get or page.post or Rule())))


@pytest.mark.parametrize("name", [name for name in ADDRESSES if name in MATRIX])
def test_each_role_meets_the_expected_answer(untouched: None, name: str) -> None:
    """Own, neighbour's and foreign objects, GET and POST; and no identity number in full on any page."""
    page, wrong = MATRIX[name], []
    for method in ("get", "post"):
        rules = getattr(page, method)
        for place, rule in places(rules).items() if rules else ():
            for role in (*cast.ROLES, cast.ANONYMOUS):
                response = ask(name, place, role, method, rule)
                expected = rule.answer(role)
                if not as_expected(response, expected, method, rule):
                    wrong.append(f"{method} {place} {role}: {response.status_code}, not {expected}")
                if name not in UNMASKING and (found := IDENTITY.search(response.body)):
                    wrong.append(f"{method} {place} {role}: shows an identity number {found[0]!r}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", [name for name in ADDRESSES if name in MATRIX])
def test_a_method_that_is_not_offered_is_not_allowed(untouched: None, name: str) -> None:
    """405 for whoever may see the page, and never an answer for anybody else."""
    page, wrong = MATRIX[name], []
    for method in ("get", "post"):
        if getattr(page, method):
            continue
        other = next(iter(places(page.get or page.post or Rule()).values()))
        for role in (*cast.ROLES, cast.ANONYMOUS):
            response = ask(name, some_place(page), role, method, None)
            allowed = other.answer(role) == "ok"
            if not (response.status_code == 405 or (not allowed and is_closed(response))):
                wrong.append(f"{method} {role}: {response.status_code}, not 405")
    assert not wrong, "\n".join(wrong)


def is_closed(response: HttpResponse) -> bool:
    return to_login(response) or response.status_code in (403, 404, 405)


def test_a_form_sent_without_its_token_is_refused(untouched: None) -> None:
    """POST from another site's page is 403, whoever is logged in."""
    for name in [name for name in ADDRESSES if name in MATRIX and MATRIX[name].post]:
        page = MATRIX[name]
        with transaction.atomic():
            address = reverse(name, args=arguments(name, next(iter(places(page.post or Rule())))))
            for role in ("bureau", cast.ANONYMOUS):
                assert cast.browser(role, csrf=True).post(address).status_code == 403, (name, role)
            transaction.set_rollback(True)


def test_no_page_of_the_demonstration_is_without_a_principal_to_protect(untouched: None) -> None:
    """The search for identity numbers would find one: they are there, in full, in the database."""
    number = Principal.objects.exclude(identity="").order_by("pk")[0].identity
    assert IDENTITY.search(number.encode())
