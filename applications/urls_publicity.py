"""From the decided list to the plaque: publicity, objections, announcement; and their public pages."""

from django.urls import path

from applications.views import public
from applications.views.announcement import (
    AnnouncementList,
    EditAnnouncement,
    NewAnnouncement,
    PreviewAnnouncement,
)
from applications.views.objections import NewPaperObjection, ObjectionList, ObjectorView
from applications.views.publicity import EditPublicity, NewPublicity, PreviewPublicity, PublicityList

urlpatterns = [
    path("publicities/", PublicityList.as_view(), name="publicity-list"),
    path("calls/<str:number>/publicity/", NewPublicity.as_view(), name="publicity-new"),
    path("publicities/<int:pk>/edit/", EditPublicity.as_view(), name="publicity-edit"),
    path("publicities/<int:pk>/preview/", PreviewPublicity.as_view(), name="publicity-preview"),
    path("publicities/<int:pk>/objection/", NewPaperObjection.as_view(), name="objection-new"),
    path("objections/", ObjectionList.as_view(), name="objection-list"),
    path("objections/<str:number>/objector/", ObjectorView.as_view(), name="objection-objector"),
    path("announcements/", AnnouncementList.as_view(), name="announcement-list"),
    path("calls/<str:number>/announcement/", NewAnnouncement.as_view(), name="announcement-new"),
    path("announcements/<int:pk>/edit/", EditAnnouncement.as_view(), name="announcement-edit"),
    path("announcements/<int:pk>/preview/", PreviewAnnouncement.as_view(), name="announcement-preview"),
    path("public/publicity/<int:pk>/", public.publicity, name="public-publicity"),
    path("public/publicity/<int:pk>/objection/<str:number>/", public.Object.as_view(), name="public-object"),
    path("public/objection/", public.follow, name="public-follow"),
    path("public/objection/<str:number>/", public.objection, name="public-objection"),
]
