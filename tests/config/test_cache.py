"""The cache in Redis, and without it."""

import socket
import time

import pytest
from django.conf import settings

from config.cache import ForgivingRedisCache
from tests.servers import free_port


def cache_at(address: str) -> ForgivingRedisCache:
    return ForgivingRedisCache(address, {"OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1}})


def test_what_was_put_into_redis_is_found_again():
    if not settings.REDIS_URL:
        pytest.skip("needs Redis: REDIS_URL is not set")
    cache = cache_at(settings.REDIS_URL)
    cache.set("greeting", "你好")
    assert cache.get("greeting") == "你好"
    assert cache.get_many(["greeting", "other"]) == {"greeting": "你好"}
    cache.delete("greeting")
    assert cache.get("greeting", "none") == "none"


def test_without_redis_the_cache_is_empty_and_raises_nothing():
    cache = cache_at(f"redis://127.0.0.1:{free_port()}/0")
    cache.set("greeting", "你好")
    cache.set_many({"greeting": "你好"})
    assert cache.get("greeting", "none") == "none"
    assert cache.get_many(["greeting"]) == {}
    assert cache.add("greeting", "你好") is True
    assert cache.get_or_set("greeting", lambda: "again") == "again"
    assert "greeting" not in cache
    assert cache.touch("greeting") is False
    assert cache.delete("greeting") is False
    cache.delete_many(["greeting"])
    with pytest.raises(ValueError, match="not found"):
        cache.incr("visits")


def test_a_redis_that_hangs_is_waited_for_once_and_then_left_alone():
    with socket.socket() as hanging:
        hanging.bind(("127.0.0.1", 0))
        hanging.listen()
        cache = ForgivingRedisCache(
            f"redis://127.0.0.1:{hanging.getsockname()[1]}/0",
            {"OPTIONS": {"socket_connect_timeout": 0.2, "socket_timeout": 0.2}},
        )
        assert cache.get("greeting", "none") == "none"
        began = time.monotonic()
        for _ in range(20):
            cache.set("greeting", "你好")
            assert cache.get("greeting", "none") == "none"
        assert time.monotonic() - began < 0.2
