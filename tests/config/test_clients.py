"""Where a request came from, seen through proxies."""

import pytest
from django.test import RequestFactory

from config.clients import client_ip

OWN_PROXY, VISITOR, MADE_UP = "10.0.0.1", "203.0.113.7", "198.51.100.9"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "", OWN_PROXY),
        (0, MADE_UP, OWN_PROXY),
        (1, VISITOR, VISITOR),
        (1, f"{MADE_UP}, {VISITOR}", VISITOR),
        (2, f"{MADE_UP}, {VISITOR}, 10.0.0.2", VISITOR),
        (2, VISITOR, OWN_PROXY),
        (1, "", OWN_PROXY),
    ],
)
def test_a_client_is_believed_as_far_as_our_own_proxies_vouch(settings, proxies, forwarded, expected):
    settings.TRUSTED_PROXIES = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR=OWN_PROXY)
    assert client_ip(request) == expected
