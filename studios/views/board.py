"""The board of studios."""

from __future__ import annotations

from django.urls import reverse
from django.utils.timezone import localdate

from accounts.capacity import Capacity
from accounts.models import Kind, Role
from office.boards import Board, Choice
from office.requests import Request
from office.views.board import BoardView
from studios.board import parts
from studios.health import overview


class StudioBoard(BoardView):
    """工作室看板 of a calendar year (``?year=``): for officer and leader of the owner and of the counties."""

    def open_to(self, me: Capacity) -> bool:
        return me.holds(Role.OFFICER, Role.LEADER) and me.kind in (Kind.BUREAU, Kind.COUNTY)

    def board(self, request: Request) -> Board:
        this_year = localdate(request.at).year
        found = overview(request.me, request.at)
        first = min((standing.first.year for standing in found.studios if standing.first), default=this_year)
        years = range(this_year, min(first, this_year) - 1, -1)
        asked = request.GET.get("year", "")
        year = int(asked) if asked.isdecimal() and int(asked) in years else this_year
        return Board(
            "工作室看板",
            f"{year}年",
            parts(request.me, year, request.at, found),
            choice="year",
            choice_label="年度",
            choices=tuple(Choice(str(each), f"{each}年") for each in years),
            chosen=str(year),
            links=(("工作室", reverse("studio-list")), ("年度工作计划", reverse("county-plan"))),
        )
