"""What people decides when others speak: nothing."""

from services.kernel.words import Policies

UNDER_AGREEMENTS = True

POLICIES: Policies = {}
