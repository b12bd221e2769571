"""What the people of the story write and say: personal words, which stay in the vault."""

from typing import Any

CONTENTS = {
    "starts": "20/04/2026",
    "ends": "31/03/2027",
    "with_family": "/on",
    "without_names": "/on",
    "goal_1_goal": "Lavoro stabile",
    "goal_1_result": "Contratto di almeno sei mesi",
    "goal_2_goal": "Rete di vicinato",
    "goal_2_result": "Due famiglie con cui contare",
    "assistance_1_description": "Bollette arretrate pagate al fornitore",
    "assistance_1_result": "Nessun distacco della luce",
    "assistance_1_area": "emergency_aid",
    "assistance_1_provider": "cda-borgoprova",
    "assistance_1_starts": "27/04/2026",
    "assistance_1_until": "31/12/2026",
    "assistance_1_eur": "350,00",
    "promotion_1_description": "Corso di saldatura serale",
    "promotion_1_result": "Attestato di frequenza",
    "promotion_1_area": "work_and_training",
    "promotion_1_provider": "cooperativa-prova",
    "promotion_1_committed": "1",
    "promotion_1_starts": "27/04/2026",
    "promotion_1_until": "31/12/2026",
    "promotion_1_hours": "60",
    "restitution_1_description": "Cura dell'orto di quartiere il sabato mattina",
    "restitution_1_result": "Due ore alla settimana insieme ai vicini",
    "restitution_1_area": "complementary_services_and_education",
    "restitution_1_provider": "associazione-orti-prova",
    "restitution_1_committed": "1",
    "restitution_1_starts": "27/04/2026",
    "restitution_1_until": "31/12/2026",
    "restitution_1_hours": "24",
    "capacity_1_description": "Ha già saldato in officina",
    "capacity_1_kind": "professional",
    "capacity_1_person": "1",
    "capacity_1_action": "promotion_1",
    "resource_1_description": "Orti di quartiere",
    "resource_1_kind": "association",
    "resource_1_hours": "40",
}
"""What the microequipes write on their forms, by the names of the fields."""

TO_BE_MENDED = {
    **{name: words for name, words in CONTENTS.items() if not name.startswith("restitution_")},
    "promotion_1_until": "fine anno",
    "with_family": "/Off",
}
"""The same in haste: no restitution, a day that is none, a tick forgotten."""

ONE_MORE_GOAL = {
    "goal_3_goal": "Corso scelto insieme",
    "goal_3_result": "Iscrizione entro un mese",
    "with_family": "/on",
    "without_names": "/on",
}
"""What the committee asked for; the new form has all the rest on it already."""

SECOND_REFERRAL: dict[str, Any] = {
    "person": "Prova Due Esempio-Alfa",
    "tax_code": "SMPPVD83L42H501G",
    "note": "racconto inventato alfa: chiede un aiuto al consultorio",
}
"""What the consultorio tells of a mother whom the listening centre knows already."""

NEWBORN: dict[str, Any] = {
    "name": "Prova Quattro Esempio-Alfa",
    "relation": "child",
    "birth_date": "2026-05-03",
    "occupation": "below_school_age",
    "dependent": True,
}

NEW_ISEE = {
    "kind": "corrente",
    "value": "6118.52",
    "protocol": "INPS-ISEE-2026-ALFA00002-00",
    "issued_on": "2026-05-22",
}
"""Asked for after the birth; it takes the place of the one that was verified."""

WITH_THE_NEWBORN: dict[str, Any] = {
    "dimension": "promotion",
    "area": "complementary_services_and_education",
    "description": "Spazio genitori e bambini due mattine alla settimana",
    "provider": "consultorio-prova",
    "starts": "2026-06-22",
    "until": "2026-12-31",
    "expected_result": "Altre famiglie conosciute",
}
"""The action that the amendment adds."""

FEWER_HOURS = "12.00"
"""Of restitution, in all, now that there is a baby at home."""

REASONS = {
    "urgent aid": "Motivo di prova: la luce viene staccata venerdì",
    "approve": "Motivo di prova: patto equilibrato",
    "return": "Motivo di prova: il corso va scelto con la persona",
    "conflict": "Motivo di prova: affianco questa microequipe",
    "second look": "Parole di prova della famiglia: il corso di sera non si concilia con i figli",
    "confirmed": "Motivo di prova: la famiglia ha ragione sugli orari, il corso si sceglie insieme",
    "visit": "Nota di prova: la bambina sta bene",
    "changes": "Cambiamento di prova: la figlia maggiore aiuta in casa",
}
"""Why people decided as they did, and what was said at home."""

GUIDELINES_TEXT = "Le verifiche periodiche si fanno ogni due mesi."
"""Of the second version; no word about anybody."""


def personal() -> list[str]:
    """Every text about persons that stands here; a day alone says nothing about anybody."""
    fields = [
        words
        for name, words in (CONTENTS | ONE_MORE_GOAL).items()
        if name.endswith(("_goal", "_result", "_description"))
    ]
    told = [SECOND_REFERRAL["note"], NEWBORN["name"]]
    shown = [NEW_ISEE["value"], NEW_ISEE["protocol"]]
    added = [WITH_THE_NEWBORN["description"], WITH_THE_NEWBORN["expected_result"]]
    return [*fields, *told, *shown, *added, *REASONS.values()]
