"""Questions across notices, letters, deadlines, roles, addresses, mails and preferences."""

from services.kernel.views import View
from services.notify.views.addresses import ADDRESSES
from services.notify.views.deadlines import DEADLINES
from services.notify.views.holders import HOLDERS
from services.notify.views.letters import LETTERS
from services.notify.views.mails import MAILS
from services.notify.views.mails_of import MAILS_OF
from services.notify.views.notices import NOTICES
from services.notify.views.preferences import PREFERENCES

VIEWS: tuple[View, ...] = (
    *(NOTICES, DEADLINES, HOLDERS, ADDRESSES, LETTERS, MAILS, MAILS_OF),
    PREFERENCES,
)
