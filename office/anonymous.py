"""Pages that are the same for everybody: kept for a moment for whoever comes without a session."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

from office.requests import Request

View = Callable[..., HttpResponse]
Stamp = Callable[..., str]

SECONDS = 60


def briefly(stamp: Stamp | None = None) -> Callable[[View], View]:
    """Keep the answer to an anonymous GET for ``SECONDS``; people who log in always get a page of their own.

    ``stamp`` (with the view's arguments) says in a word what the page depends on: the kept page is used only
    while the word stays the same, so that a page comes down when it should. It may raise Http404. A browser that
    has the page already is told so (304).
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def asked(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
            word = stamp(request, *args, **kwargs) if stamp else ""
            if request.method not in ("GET", "HEAD") or settings.SESSION_COOKIE_NAME in request.COOKIES:
                response = view(request, *args, **kwargs)
                response.setdefault("Cache-Control", "private, no-cache")
                return response
            key = f"page:{sha256(f'{request.get_full_path()} {word}'.encode()).hexdigest()}"
            kept = cache.get(key)
            if kept is None:
                response = view(request, *args, **kwargs)
                if response.status_code != 200:
                    return response
                kept = response.content
                cache.set(key, kept, SECONDS)
            mark = quote_etag(sha256(kept).hexdigest()[:32])
            headers = {"Cache-Control": "no-cache", "Vary": "Cookie", "ETag": mark}
            response = HttpResponse(kept, headers=headers)
            return get_conditional_response(request, etag=mark, response=response) or response

        return asked

    return decorate
