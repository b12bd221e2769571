"""Questions across families and microequipes. Codes and ids only, never a name."""

from services.intake.views.entrusted import ENTRUSTED
from services.intake.views.families import FAMILIES
from services.intake.views.memberships import MEMBERSHIPS
from services.intake.views.pairs import PAIRS
from services.intake.views.persons import PERSONS
from services.intake.views.untold import FIGURES_UNTOLD
from services.kernel.views import View

VIEWS: tuple[View, ...] = (FAMILIES, MEMBERSHIPS, PERSONS, PAIRS, FIGURES_UNTOLD, ENTRUSTED)
