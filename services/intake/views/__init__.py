"""Questions across families and microequipes. Codes and ids only, never a name."""

from services.intake.views.families import FAMILIES
from services.intake.views.memberships import MEMBERSHIPS
from services.kernel.views import View

VIEWS: tuple[View, ...] = (FAMILIES, MEMBERSHIPS)
