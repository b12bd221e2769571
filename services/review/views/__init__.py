"""Questions across proposals, and the board's dates."""

from services.kernel.views import View
from services.review.views.board import BOARD_DATES
from services.review.views.proposals import PROPOSALS

VIEWS: tuple[View, ...] = (PROPOSALS, BOARD_DATES)
