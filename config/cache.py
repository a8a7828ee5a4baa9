"""A cache in Redis whose absence is a miss, never an error page."""

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from time import monotonic
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

# Seconds for which a Redis that did not answer is asked nothing: a page waits for it once, not at each question.
REST = 10.0
# By server, until when; shared by all threads of the process, which have a client each.
_resting: dict[str, float] = {}


def absent(answer: Callable[[], Any]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorates a method that asks Redis; when Redis cannot be asked, `answer()` is given instead."""

    def decorate(method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        def asked(client: "Client", *args: Any, **kwargs: Any) -> Any:
            try:
                return client.ask(method, *args, **kwargs)
            except RedisError:
                return answer()

        return asked

    return decorate


class Client(RedisCacheClient):
    """Answers as an empty cache that keeps nothing while Redis is away.

    The first question costs at most the socket timeout of the settings, those of the next ``REST`` seconds nothing.
    `incr` is left as it is in an empty cache: ValueError.
    """

    def ask(self, method: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """What ``method`` gives; raises RedisError at once while Redis is left to rest."""
        server: str = self._servers[0]  # type: ignore[attr-defined]  # known to Django, not to its stubs
        if monotonic() < _resting.get(server, 0.0):
            raise RedisError(f"{server} did not answer a moment ago")
        try:
            return method(self, *args, **kwargs)
        except RedisError:
            _resting[server] = monotonic() + REST
            raise

    @absent(lambda: True)
    def add(self, key: Any, value: Any, timeout: Any) -> Any:
        return super().add(key, value, timeout)

    def get(self, key: Any, default: Any) -> Any:
        try:
            return self.ask(RedisCacheClient.get, key, default)
        except RedisError:
            return default

    @absent(lambda: None)
    def set(self, key: Any, value: Any, timeout: Any) -> Any:
        return super().set(key, value, timeout)

    @absent(lambda: False)
    def touch(self, key: Any, timeout: Any) -> Any:
        return super().touch(key, timeout)

    @absent(lambda: False)
    def delete(self, key: Any) -> Any:
        return super().delete(key)

    @absent(dict)
    def get_many(self, keys: Iterable[Any]) -> Any:
        return super().get_many(keys)

    @absent(lambda: False)
    def has_key(self, key: Any) -> Any:
        return super().has_key(key)

    def incr(self, key: Any, delta: int) -> Any:
        try:
            return self.ask(RedisCacheClient.incr, key, delta)
        except RedisError as error:
            raise ValueError(f"Key {key!r} not found.") from error

    @absent(lambda: None)
    def set_many(self, data: Mapping[Any, Any], timeout: Any) -> Any:
        return super().set_many(data, timeout)

    @absent(lambda: None)
    def delete_many(self, keys: Iterable[Any]) -> Any:
        return super().delete_many(keys)

    @absent(lambda: False)
    def clear(self) -> Any:
        return super().clear()


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache with the client above."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = Client
