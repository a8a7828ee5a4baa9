"""What a watchdog is told."""

import pytest
from django.db import connection


@pytest.mark.core
def test_a_program_whose_database_answers_is_healthy(client, db):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")


@pytest.mark.core
def test_health_is_asked_not_told(client, db):
    assert client.post("/healthz").status_code == 405


@pytest.mark.django_db(transaction=True)
def test_a_program_without_its_database_says_so(client):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite is a file and cannot be away")
    port = connection.settings_dict["PORT"]
    connection.close()
    connection.settings_dict["PORT"] = 1
    try:
        assert client.get("/healthz").status_code == 503
    finally:
        connection.settings_dict["PORT"] = port
        connection.close()
