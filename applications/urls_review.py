"""Calls and expert review: the board, the form of a call, the pool, panels, progress, sheets, results."""

from django.urls import path

from applications.views.board import CallBoard
from applications.views.calls import CallEdit, CallList, CallNew
from applications.views.division import DivisionPage
from applications.views.experts import ExpertEdit, ExpertList, ExpertNew
from applications.views.notices import NoticePreview, SupplementPage, SupplementPreview
from applications.views.panels import PanelPage
from applications.views.progress import Assign, ProgressPage
from applications.views.results import ResultsPage
from applications.views.reviews import ReviewList
from applications.views.score_sheet import CellSave, CommentSave, SheetPage
from applications.views.summaries import SummaryView

urlpatterns = [
    path("board/", CallBoard.as_view(), name="call-board"),
    path("calls/", CallList.as_view(), name="call-list"),
    path("calls/new/", CallNew.as_view(), name="call-new"),
    path("calls/<str:number>/edit/", CallEdit.as_view(), name="call-edit"),
    path("calls/<str:number>/division/", DivisionPage.as_view(), name="call-division"),
    path("calls/<str:number>/notice/", NoticePreview.as_view(), name="call-notice"),
    path("calls/<str:number>/supplement/", SupplementPage.as_view(), name="call-supplement"),
    path(
        "calls/<str:number>/supplement/preview/",
        SupplementPreview.as_view(),
        name="call-supplement-preview",
    ),
    path("calls/<str:number>/panels/<slug:stage>/", PanelPage.as_view(), name="call-panel"),
    path("calls/<str:number>/progress/", ProgressPage.as_view(), name="call-progress"),
    path("calls/<str:number>/assign/", Assign.as_view(), name="call-assign"),
    path("calls/<str:number>/results/", ResultsPage.as_view(), name="call-results"),
    path("calls/<str:number>/tables/<slug:table>/", SummaryView.as_view(), name="call-table"),
    path("experts/", ExpertList.as_view(), name="expert-list"),
    path("experts/new/", ExpertNew.as_view(), name="expert-new"),
    path("experts/<int:pk>/", ExpertEdit.as_view(), name="expert-edit"),
    path("reviews/", ReviewList.as_view(), name="review-list"),
    path("reviews/<int:pk>/sheet/", SheetPage.as_view(), name="review-sheet"),
    path("reviews/<int:pk>/sheet/<int:indicator>/", CellSave.as_view(), name="review-cell"),
    path("reviews/<int:pk>/comment/", CommentSave.as_view(), name="review-comment"),
]
