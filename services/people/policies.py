"""What people decides when others speak: nothing."""

from services.kernel.words import Policies

POLICIES: Policies = {}
