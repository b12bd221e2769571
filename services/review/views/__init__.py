"""Questions across proposals, and the board's dates."""

from services.kernel.views import View
from services.review.views.board import BOARD_DATES
from services.review.views.proposals import PROPOSALS
from services.review.views.second_looks import SECOND_LOOKS
from services.review.views.urgent_aid import URGENT_AID

VIEWS: tuple[View, ...] = (PROPOSALS, BOARD_DATES, URGENT_AID, SECOND_LOOKS)
