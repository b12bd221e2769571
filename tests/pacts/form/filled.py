"""A form as somebody filled it, by the names of its fields; plainly invented."""

from typing import Any

from tests.pacts.moments import LEAD, MEMBER

FILLED: dict[str, str] = {
    "starts": "01/06/2026",
    "ends": "31/05/2027",
    "with_family": "/on",
    "without_names": "/on",
    "goal_1_goal": "Un lavoro stabile",
    "goal_1_result": "Un contratto di almeno sei mesi",
    "assistance_1_description": "Spesa settimanale:\nfrutta, verdura e 350 € di bollette",
    "assistance_1_result": "La spesa basta fino a fine mese",
    "assistance_1_area": "emergency_aid",
    "assistance_1_provider": "CDA San Rocco",
    "assistance_1_responsible": str(LEAD),
    "assistance_1_until": "30/11/2026",
    "assistance_1_eur": "1.250,50 €",
    "promotion_1_description": "Corso serale della scuola «Nicolò D’Àvila-Šarić»",
    "promotion_1_result": "Attestato",
    "promotion_1_area": "work_and_training",
    "promotion_1_provider": "cfp-valle",
    "promotion_1_responsible": str(MEMBER),
    "promotion_1_committed": "2",
    "promotion_1_starts": "15/06/2026",
    "promotion_1_until": "15/12/2026",
    "promotion_1_hours": "12,5 ore",
    "restitution_1_description": "Cucina al centro estivo",
    "restitution_1_result": "Un pasto la settimana per venti bambini",
    "restitution_1_area": "complementary_services_and_education",
    "restitution_1_provider": "oratorio-centro",
    "restitution_1_responsible": str(MEMBER),
    "restitution_1_committed": "1",
    "restitution_1_starts": "01/07/2026",
    "restitution_1_until": "01/03/2027",
    "restitution_1_hours": "60",
    "capacity_1_description": "Cucina per molti",
    "capacity_1_kind": "informal",
    "capacity_1_person": "1",
    "capacity_1_action": "restitution_1",
    "resource_1_description": "Oratorio con la cucina",
    "resource_1_kind": "parish",
    "resource_1_hours": "20",
}


def filled(**changed: Any) -> dict[str, Any]:
    """The form of a family in April 2026, with some fields as *changed*."""
    return {**FILLED, **changed}
