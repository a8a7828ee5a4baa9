"""The board of calls."""

from __future__ import annotations

from django.http import Http404
from django.urls import reverse

from accounts.capacity import Capacity
from accounts.models import Kind
from applications import board
from applications.flows import CALL
from applications.models import Call, CallState
from applications.scopes import STAFF
from office.boards import Board, Choice
from office.requests import Request
from office.views.board import BoardView


class CallBoard(BoardView):
    """看板: the call of the address (``?call=``), else the latest that runs, else the latest."""

    def open_to(self, me: Capacity) -> bool:
        return me.holds(*STAFF) and me.kind in (Kind.BUREAU, Kind.COUNTY)

    def board(self, request: Request) -> Board:
        opened = CALL.seen(request.me).exclude(state=CallState.DRAFT).select_related("programme__owner")
        calls = list(opened.order_by("-opens_at", "-pk"))
        call = _chosen(calls, request.GET.get("call", ""))
        empty = "申报批次发布以后，这里显示申报、推荐、评审到公布的进展。"
        if call is None:
            return Board("申报看板", "", (), empty=empty)
        return Board(
            "申报看板",
            call.name,
            board.parts(call, request.me, request.at),
            choice="call",
            choice_label="批次",
            choices=tuple(Choice(each.number, each.name) for each in calls),
            chosen=call.number,
            links=(("查看批次", call.get_absolute_url()), ("申报评审", _list(call))),
        )


def _chosen(calls: list[Call], number: str) -> Call | None:
    """The call of this number (Http404 where it is not to be seen), the latest that runs, the latest."""
    if number:
        named = next((call for call in calls if call.number == number), None)
        if named is None:
            raise Http404("没有这个申报批次。")
        return named
    running = (call for call in calls if call.state in CallState.running)
    return next(running, calls[0] if calls else None)


def _list(call: Call) -> str:
    return f"{reverse('application-list')}?call={call.number}"
