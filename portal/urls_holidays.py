"""The addresses of the holiday schedule, included at /holidays/."""

from django.urls import path

from portal.holidays import HolidayList, RemoveHoliday

urlpatterns = [
    path("", HolidayList.as_view(), name="holidays"),
    path("<int:pk>/remove/", RemoveHoliday.as_view(), name="holiday-remove"),
]
