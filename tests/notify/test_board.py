"""The board's sessions, as far as its members are reminded of them."""

from datetime import date

import pytest

from services.notify.board import Board
from tests.scenario import fact, given

JAN_15, MAY_15, SEPTEMBER_15 = date(2026, 1, 15), date(2026, 5, 15), date(2026, 9, 15)
opened = fact(Board.Opened)
met = fact(Board.Met, next_due=MAY_15, on=JAN_15)


def test_by_when_the_board_meets_next_is_remembered_once():
    given(opened).when(Board.meet, next_due=MAY_15, on=JAN_15).then(met)
    given(opened, met).when(Board.meet, next_due=MAY_15, on=JAN_15).then()
    asked = {"next_due": SEPTEMBER_15, "on": MAY_15}
    given(opened, met).when(Board.meet, **asked).then(fact(Board.Met, **asked))


@pytest.mark.parametrize(
    ("due", "has_met"),
    [(date(2026, 5, 14), True), (MAY_15, False), (date(2026, 5, 16), False)],
)
def test_the_board_has_met_when_its_next_session_is_due_later(due: date, has_met: bool):
    board = given(opened, met).aggregate()
    assert isinstance(board, Board)
    assert board.has_met(due) is has_met


def test_a_board_of_which_no_session_was_heard_has_not_met():
    board = given(opened).aggregate()
    assert isinstance(board, Board)
    assert not board.has_met(MAY_15)
