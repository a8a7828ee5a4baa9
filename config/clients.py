"""Where a request came from."""

from django.conf import settings
from django.http import HttpRequest


def client_ip(request: HttpRequest) -> str:
    """The client's address, believed only as far as settings.TRUSTED_PROXIES says.

    With n proxies of our own in front, the n-th entry from the right of X-Forwarded-For was written by
    the outermost of them; everything to its left can be made up by the client. A header with fewer
    entries did not pass all of them and is not believed.
    """
    peer: str = request.META.get("REMOTE_ADDR", "")
    depth: int = settings.TRUSTED_PROXIES
    if not depth:
        return peer
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    return hops[-depth] if len(hops) >= depth and hops[-depth] else peer
