"""Questions across pacts; a screen about one pact loads the pact."""

from services.kernel.views import View
from services.pacts.views.by_family import PACTS_BY_FAMILY
from services.pacts.views.complaints import OPEN_COMPLAINTS
from services.pacts.views.drafts import OPEN_DRAFTS
from services.pacts.views.expiry import NEWEST_CERTIFICATES
from services.pacts.views.looking_back import LOOK_BACKS
from services.pacts.views.people import PEOPLE
from services.pacts.views.silence import QUIET_PACTS
from services.pacts.views.unsigned import UNSIGNED_PACTS
from services.pacts.views.verification import VERIFICATIONS_DUE

VIEWS: tuple[View, ...] = (
    PACTS_BY_FAMILY,
    OPEN_DRAFTS,
    UNSIGNED_PACTS,
    VERIFICATIONS_DUE,
    LOOK_BACKS,
    OPEN_COMPLAINTS,
    NEWEST_CERTIFICATES,
    QUIET_PACTS,
    PEOPLE,
)
