"""A report's words for people: what each table, column and line is called in Italian."""

from dataclasses import dataclass
from datetime import date

from services.console.report.tables import Column, Value

HIDDEN = "riservato"
TOTAL = "totale"


@dataclass(frozen=True)
class About:
    """One table in words.

    Attributes:
        note: what is counted, and by which rule.
        lines: by their codes.
    """

    title: str
    note: str
    lines: dict[str, str]


COLUMNS = {
    Column.FAMILIES: "famiglie",
    Column.PERSONS: "persone",
    Column.WOMEN: "femmine",
    Column.MEN: "maschi",
    Column.SEX_NOT_STATED: "sesso non indicato",
    Column.STEPS: "passaggi",
    Column.PROPOSALS: "proposte",
    Column.PACTS: "patti",
    Column.GOALS: "obiettivi",
    Column.RESOURCES: "risorse",
    Column.WORKS: "opere",
    Column.MEDIAN: "mediana, giorni",
    Column.LONGEST: "attesa più lunga, giorni",
    Column.HOURS: "ore",
    Column.EUR: "EUR",
    Column.PLANNED: "previsto, EUR",
    Column.COMMITTED: "impegnato, EUR",
    Column.PAID: "pagato, EUR",
}

AMOUNTS = {Column.HOURS, Column.EUR, Column.PLANNED, Column.COMMITTED, Column.PAID}

AGES = {
    "0-5": "0–5 anni",
    "6-14": "6–14 anni",
    "15-17": "15–17 anni",
    "18-29": "18–29 anni",
    "30-54": "30–54 anni",
    "55-64": "55–64 anni",
    "65+": "65 anni e più",
    "unknown": "età non nota",
}
TABLES = {
    "access_points": About(
        "Famiglie seguite, per punto di accesso",
        "Famiglie che nel periodo hanno compiuto almeno un passo del percorso o avevano un patto "
        "in corso. Ogni famiglia conta una volta sola.",
        {
            "cda": "CDA, centro di ascolto",
            "servizi_sociali": "servizi sociali",
            "cav": "CAV, centro di aiuto alla vita",
            "piattaforma": "piattaforma",
            "consultorio": "consultorio",
            "unknown": "non noto",
        },
    ),
    "entries": About(
        "Famiglie seguite, nuove e già conosciute",
        "È nuova la famiglia segnalata nel periodo.",
        {"new": "segnalate nel periodo", "before": "segnalate prima"},
    ),
    "phases": About(
        "Famiglie seguite, per fase raggiunta",
        "La fase in cui la famiglia si trova l’ultimo giorno del periodo.",
        {
            "referred": "segnalata, in attesa della verifica idoneità",
            "directed_elsewhere": "indirizzata altrove prima della verifica",
            "not_eligible": "requisiti non presenti",
            "eligible": "requisiti presenti, in attesa della microequipe",
            "microequipe": "microequipe formata",
            "draft": "patto in preparazione o da integrare",
            "proposed": "proposta al comitato",
            "to_sign": "patto approvato, da firmare o da attivare",
            "under_way": "patto attivo o sospeso",
            "over": "patto terminato",
        },
    ),
    "persons": About(
        "Persone delle famiglie seguite, per età",
        "Componenti del nucleo l’ultimo giorno del periodo, per età compiuta in quel giorno. L’età "
        "non è nota se non è stata detta o se i dati della famiglia sono stati cancellati.",
        AGES,
    ),
    "sexes": About(
        "Persone delle famiglie seguite, per sesso",
        "Il sesso è quello che la famiglia ha indicato: non si ricava dal codice fiscale. Non è "
        "indicato se non è stato chiesto, se la persona non ha risposto o se i dati della famiglia "
        "sono stati cancellati.",
        {"f": "femmine", "m": "maschi", "not_stated": "non indicato"},
    ),
    "ages_and_sexes": About(
        "Persone delle famiglie seguite, per età e sesso",
        "Le stesse persone. Una riga è riservata per intero, se uno dei suoi numeri è piccolo o "
        "lascerebbe ricavare un numero piccolo di un’altra riga.",
        AGES,
    ),
    "verifications": About(
        "Verifica idoneità",
        "Famiglie seguite, per l’esito dell’ultima verifica fatta nel periodo.",
        {
            "eligible": "requisiti presenti",
            "not_eligible": "requisiti non presenti",
            "suspended": "sospesa, documenti da integrare",
            "not_verified": "non verificate nel periodo",
        },
    ),
    "waiting": About(
        "Tempi di attesa",
        "Passaggi compiuti nel periodo e giorni trascorsi dal passo precedente.",
        {
            "referral_to_verification": "dalla segnalazione alla verifica idoneità",
            "verification_to_microequipe": "dalla verifica idoneità alla microequipe",
            "microequipe_to_draft": "dalla microequipe alla bozza del patto",
            "draft_to_proposal": "dalla bozza alla proposta",
            "proposal_to_decision": "dalla proposta alla decisione",
            "decision_to_signature": "dalla decisione alla firma di tutti",
            "signature_to_activation": "dalla firma all’attivazione",
        },
    ),
    "proposals": About(
        "Proposte inviate al comitato",
        "In ritardo è la proposta che il comitato ha ricevuto come tale.",
        {
            "on_time": "nei tempi",
            "late": "in ritardo",
            "not_placed": "non ancora prese in carico dal comitato",
        },
    ),
    "decisions": About(
        "Decisioni del comitato",
        "Proposte decise nel periodo. Una decisione corretta nel periodo conta una volta, con "
        "l’esito corretto.",
        {
            "approved": "approvato",
            "approved_with_conditions": "approvato con condizioni",
            "returned": "da integrare",
            "not_approved": "non approvato",
        },
    ),
    "exits": About(
        "Patti terminati, per motivo",
        "Patti conclusi, interrotti, non accettati o decaduti nel periodo.",
        {
            "concluded.goals_reached": "concluso: obiettivi raggiunti",
            "concluded.goals_partly_reached": "concluso: obiettivi raggiunti in parte",
            "concluded.period_ended": "concluso: fine del periodo previsto",
            "interrupted.family_withdrew": "interrotto: la famiglia si è ritirata",
            "interrupted.moved_away": "interrotto: trasferimento",
            "interrupted.commitments_not_kept": "interrotto: impegni non portati avanti",
            "interrupted.taken_in_charge_elsewhere": "interrotto: seguita da un altro servizio",
            "interrupted.unreachable": "interrotto: famiglia non rintracciabile",
            "interrupted.death": "interrotto: decesso",
            "declined.not_said": "non accettato: motivo non detto",
            "declined.disagrees": "non accettato: non condivide il patto",
            "declined.commitment_too_great": "non accettato: impegno troppo grande",
            "declined.help_found_elsewhere": "non accettato: aiuto trovato altrove",
            "declined.moved_away": "non accettato: trasferimento",
            "lapsed": "decaduto: non firmato in tempo",
        },
    ),
    "resources": About(
        "Risorse della comunità",
        "Risorse attivate nei patti in corso nel periodo, con le ore messe a disposizione.",
        {
            "volunteer": "volontari",
            "association": "associazioni",
            "parish": "parrocchie",
            "firm": "imprese",
        },
    ),
    "goals": About(
        "Obiettivi, per valutazione",
        "L’ultima valutazione di ogni obiettivo nelle verifiche periodiche del periodo.",
        {
            "-2": "−2, molto meno del previsto",
            "-1": "−1, meno del previsto",
            "0": "0, come previsto",
            "1": "+1, più del previsto",
            "2": "+2, molto più del previsto",
        },
    ),
    "look_backs": About(
        "Come sta la famiglia dopo la fine del patto",
        "Colloqui fatti nel periodo, qualche mese dopo la fine, per esito; e quelli ancora da fare "
        "l’ultimo giorno del periodo.",
        {
            "better": "meglio che alla fine del patto",
            "as_at_the_end": "come alla fine del patto",
            "worse": "peggio che alla fine del patto",
            "not_reached": "famiglia non rintracciata",
            "to_do": "ancora da fare",
        },
    ),
    "reciprocity": About(
        "Aiuto ricevuto e impegno attivo",
        "Quanto registrato nel periodo. Aiuto ricevuto e impegno attivo si guardano uno accanto "
        "all’altro: non si sommano e non si sottraggono.",
        {
            "assistance": "aiuto ricevuto",
            "urgent_aid": "aiuto urgente ricevuto",
            "promotion": "impegno attivo: promozione",
            "restitution": "impegno attivo: restituzione alla comunità",
        },
    ),
    "support": About(
        "Altri sostegni",
        "Sostegni ricevuti nel periodo da fuori del programma: non entrano nell’aiuto ricevuto.",
        {"other_support": "sostegni da altri enti o misure"},
    ),
    "expenses": About(
        "Spese per voce di bilancio",
        "Movimenti del periodo; una correzione conta nel giorno in cui è stata fatta. Una famiglia "
        "con spese su più voci è contata in ciascuna.",
        {},
    ),
}


def line_words(table: str, line: str) -> str:
    """What the line *line* of the table *table* is called; one of a budget by its code."""
    if line == "total":
        return TOTAL
    return f"voce {line}" if table == "expenses" else TABLES[table].lines[line]


def number(column: Column, value: Value, group: str = "") -> str:
    """*value* with a decimal comma; amounts and hours with two decimals; nothing to tell: empty.

    Args:
        group: what stands between thousands.
    """
    if value is None:
        return ""
    places = 2 if column in AMOUNTS else 1 if column is Column.MEDIAN else 0
    whole, point, decimals = f"{value:,.{places}f}".partition(".")
    return whole.replace(",", group) + point.replace(".", ",") + decimals


def day(of: date) -> str:
    """As ``30/06/2026``."""
    return f"{of:%d/%m/%Y}"
