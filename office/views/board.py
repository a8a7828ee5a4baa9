"""A board as a page, and each of its parts as an Excel sheet."""

from __future__ import annotations

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views import View

from accounts.capacity import Capacity
from office.boards import Board
from office.requests import Request
from office.sheets import download


class BoardView(LoginRequiredMixin, View):
    """GET: the page of ``board``; ``?part=<key>&export=xlsx``: the sheet of exactly that part. 403 who has no board."""

    http_method_names = ["get"]

    def open_to(self, me: Capacity) -> bool:
        """Whether this capacity finds the board in its menu."""
        raise NotImplementedError

    def board(self, request: Request) -> Board:
        """The figures as ``request.me`` may see them; raises Http404 for a choice that is not visible."""
        raise NotImplementedError

    def get(self, request: Request) -> HttpResponse | FileResponse:
        if not self.open_to(request.me):
            raise PermissionDenied
        board = self.board(request)
        if request.GET.get("export") != "xlsx":
            return render(request, "patterns/board.html", {"board": board, "at": request.at})
        part = board.part(request.GET.get("part", ""))
        if part is None:
            raise Http404("看板没有这张表。")
        name = f"{board.subtitle}{part.title}{timezone.localdate(request.at):%Y%m%d}"
        return download(name, part.title, part.columns, part.sheet())
