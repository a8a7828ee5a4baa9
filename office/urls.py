"""The addresses of every flow's cases, of desk and notices.

Included after the apps' own addresses: ``/applications/new/`` is a page of the app, not a case called new.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import URLPattern, path

from office.filing.pages import PAGES
from office.filing.views import FormView
from office.flow import FLOWS, Flow
from office.views.batch import BatchView
from office.views.case import CaseView, StepView
from office.views.choices import NoticeChoices
from office.views.consult import ConsultView
from office.views.desk import DeskView, WaitingBadge
from office.views.mails import MailList, SendAgain
from office.views.notices import NoticeList, OpenNotice, ReadAll, UnreadBadge
from office.views.remind import RemindView
from office.views.told import ToldView


def case_urls(flow: Flow) -> Iterator[URLPattern]:
    """The case page, the steps and the batches of one flow; the form where its cases are filled in by one."""
    base = flow.path.strip("/")
    if page := PAGES.get(flow.name):
        yield path(
            f"{base}/<str:key>/form/<slug:section>/", FormView.as_view(page=page), name=f"form-{flow.name}"
        )
    yield path(f"{base}/batch/<slug:step>/", BatchView.as_view(flow=flow), name=f"batch-{flow.name}")
    yield path(f"{base}/<str:key>/", CaseView.as_view(flow=flow), name=f"case-{flow.name}")
    yield path(f"{base}/<str:key>/steps/<slug:step>/", StepView.as_view(flow=flow), name=f"step-{flow.name}")
    if flow.grant:
        yield path(f"{base}/<str:key>/consult/", ConsultView.as_view(flow=flow), name=f"consult-{flow.name}")
    if flow.hands:
        yield path(f"{base}/<str:key>/remind/", RemindView.as_view(flow=flow), name=f"remind-{flow.name}")


urlpatterns = [
    path("desk/", DeskView.as_view(), name="desk"),
    path("desk/waiting/", WaitingBadge.as_view(), name="desk-waiting"),
    path("notices/", NoticeList.as_view(), name="notices"),
    path("notices/unread/", UnreadBadge.as_view(), name="notices-unread"),
    path("notices/read/", ReadAll.as_view(), name="notices-read"),
    path("notices/<int:pk>/open/", OpenNotice.as_view(), name="notice-open"),
    path("me/notices/", NoticeChoices.as_view(), name="notice-choices"),
    path("mails/", MailList.as_view(), name="mails"),
    path("mails/<int:pk>/again/", SendAgain.as_view(), name="mail-again"),
    path("told/<slug:flow_name>/<str:key>/", ToldView.as_view(), name="told"),
    *(pattern for flow in FLOWS.values() for pattern in case_urls(flow)),
]
