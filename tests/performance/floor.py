"""What Django itself costs: one query and a bare table of 50 rows for whoever is logged in."""

from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine

from accounts.models import Organisation

ROWS = 50
PAGE = Engine(autoescape=True).from_string(
    "<!doctype html><title>floor</title><p>{{ user.name }}<table>"
    "{% for row in rows %}<tr><td>{{ row.name }}<td>{{ row.kind }}<td>{{ row.area }}<td>{{ row.sort_key }}</tr>"
    "{% endfor %}</table>"
)


def floor(request: HttpRequest) -> HttpResponse:
    """Session, account and one query of 50 rows."""
    rows = list(Organisation.objects.order_by("pk")[:ROWS])
    return HttpResponse(PAGE.render(Context({"rows": rows, "user": request.user})))
