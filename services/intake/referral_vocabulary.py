"""How access points write: the spellings of columns and words that their files use."""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from services.intake.codes import (
    AccessPoint,
    CapacityKind,
    DisabilityProof,
    Element,
    IseeKind,
    NoticeState,
    Occupation,
    Relation,
    Sex,
)


def plain(text: str) -> str:
    """*text* without case, accents, punctuation, stray blanks: ``" N. Scheda"`` is ``n scheda``."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(
        "".join(c if c.isalnum() else " " for c in bare if not unicodedata.combining(c)).split()
    )


class Field(StrEnum):
    """What a column tells; the value is the column's usual title, as problems name it."""

    FILE = "N. scheda"
    ACCESS_POINT = "Punto di accesso"
    ON = "Data segnalazione"
    NOTICE = "Informativa"
    NOTICE_ON = "Data informativa"
    SURNAME = "Cognome"
    NAME = "Nome"
    FULL_NAME = "Nominativo"
    RELATION = "Parentela"
    BIRTH_DATE = "Data di nascita"
    SEX = "Sesso"
    TAX_CODE = "Codice fiscale"
    OCCUPATION = "Condizione"
    DEPENDENT = "A carico"
    DISABILITY = "Disabilità"
    PROOF_ON = "Data certificazione"
    ADDRESS = "Indirizzo"
    PHONE = "Telefono"
    EMAIL = "E-mail"
    ISEE_KIND = "Tipo ISEE"
    ISEE_VALUE = "Valore ISEE"
    ISEE_PROTOCOL = "Protocollo ISEE"
    ISEE_ON = "Data ISEE"
    ISEE_CHANGE = "Variazione"
    ISEE_OMISSIONS = "Omissioni/difformità"
    HOUSING = "Abitazione instabile"
    HOME_AND_BUDGET = "Gestione domestica e budget"
    NETWORK = "Rete fragile"
    CHILDREN_SUPPORT = "Supporto figli"
    OTHER_ELEMENT = "Altre vulnerabilità"
    PERSONAL = "Capacità personali"
    PROFESSIONAL = "Capacità professionali"
    INFORMAL = "Capacità informali"
    NOTE = "Note"


OTHER_TITLES: dict[Field, tuple[str, ...]] = {
    Field.FILE: ("scheda", "numero scheda", "pratica", "n pratica", "fascicolo", "cartella"),
    Field.ACCESS_POINT: ("accesso", "sportello", "ente segnalante"),
    Field.ON: ("data", "data accesso", "data colloquio", "data contatto", "primo contatto"),
    Field.NOTICE: ("informativa privacy", "privacy"),
    Field.NOTICE_ON: ("data privacy", "data consegna informativa"),
    Field.FULL_NAME: ("cognome e nome", "nome e cognome", "componente"),
    Field.RELATION: ("relazione", "rapporto", "ruolo nel nucleo", "grado di parentela"),
    Field.BIRTH_DATE: ("data nascita", "nato il", "nato a il", "nascita"),
    Field.SEX: ("sesso m f", "sesso f m", "genere"),
    Field.TAX_CODE: ("cf", "c f", "cod fiscale"),
    Field.OCCUPATION: ("occupazione", "condizione professionale", "condizione lavorativa"),
    Field.DEPENDENT: ("carico", "fiscalmente a carico"),
    Field.DISABILITY: ("invalidita", "persona con disabilita"),
    Field.PROOF_ON: ("data verbale", "data certificato"),
    Field.ADDRESS: ("residenza", "domicilio", "via"),
    Field.PHONE: ("tel", "cellulare", "cell", "recapito", "recapito telefonico"),
    Field.EMAIL: ("email", "mail", "posta elettronica"),
    Field.ISEE_KIND: ("isee tipo", "tipo di isee"),
    Field.ISEE_VALUE: ("isee", "isee valore", "importo isee", "isee euro"),
    Field.ISEE_PROTOCOL: ("isee protocollo", "protocollo dsu", "n attestazione", "protocollo"),
    Field.ISEE_ON: ("data rilascio isee", "data attestazione", "isee data", "rilasciato il"),
    Field.ISEE_CHANGE: ("variazione isee corrente", "isee corrente per"),
    Field.ISEE_OMISSIONS: ("omissioni", "difformita"),
    Field.HOUSING: ("situazione abitativa instabile", "casa", "situazione abitativa"),
    Field.HOME_AND_BUDGET: ("gestione domestica", "budget familiare", "gestione casa e budget"),
    Field.NETWORK: ("rete familiare fragile", "rete", "rete familiare e amicale"),
    Field.CHILDREN_SUPPORT: ("gestione figli", "supporto nella gestione dei figli"),
    Field.OTHER_ELEMENT: ("altro", "altre fragilita"),
    Field.INFORMAL: ("competenze", "capacita", "sa fare"),
    Field.PROFESSIONAL: ("mestiere", "esperienze di lavoro"),
    Field.NOTE: ("annotazioni", "osservazioni", "motivo", "motivo della segnalazione"),
}
TITLES = {plain(field.value): field for field in Field} | {
    title: field for field, titles in OTHER_TITLES.items() for title in titles
}
"""Every spelling of a title, made plain."""

ELEMENTS = {
    Field.HOUSING: Element.UNSTABLE_HOUSING,
    Field.HOME_AND_BUDGET: Element.HOME_AND_BUDGET,
    Field.NETWORK: Element.FRAGILE_NETWORK,
    Field.CHILDREN_SUPPORT: Element.NO_SUPPORT_WITH_CHILDREN,
    Field.OTHER_ELEMENT: Element.OTHER,
}
CAPACITIES = {
    Field.PERSONAL: CapacityKind.PERSONAL,
    Field.PROFESSIONAL: CapacityKind.PROFESSIONAL,
    Field.INFORMAL: CapacityKind.INFORMAL,
}

YES_OR_NO = dict.fromkeys(("si", "s", "x", "vero", "1"), True) | dict.fromkeys(
    ("no", "n", "falso", "0", "nessuno", "nessuna"), False
)
INCOME_ONLY = {
    "reddito": True,
    "solo reddito": True,
    "patrimonio": False,
    "reddito e patrimonio": False,
}
NOTICES = dict.fromkeys(
    ("consegnata", "data", "firmata", "si", "x", "resa"), NoticeState.GIVEN
) | dict.fromkeys(("da consegnare", "da dare", "dovuta", "no"), NoticeState.OWED)
ACCESS_POINTS = {plain(point.value): point for point in AccessPoint} | {
    "centro di ascolto": AccessPoint.CDA,
    "centro ascolto": AccessPoint.CDA,
    "servizi sociali": AccessPoint.SOCIAL_SERVICES,
    "servizio sociale": AccessPoint.SOCIAL_SERVICES,
    "centro di aiuto alla vita": AccessPoint.CAV,
    "consultorio familiare": AccessPoint.CONSULTORIO,
}


@dataclass(frozen=True)
class Spellings:
    """The words for one code."""

    code: StrEnum
    words: tuple[str, ...]


def _by_word(*spellings: Spellings) -> dict[str, str]:
    return {word: each.code.value for each in spellings for word in each.words}


RELATIONS = _by_word(
    Spellings(
        Relation.APPLICANT,
        ("intestatario", "intestataria", "richiedente", "dichiarante", "capofamiglia", "referente"),
    ),
    Spellings(
        Relation.PARTNER,
        ("coniuge", "marito", "moglie", "convivente", "compagno", "compagna", "partner"),
    ),
    Spellings(Relation.CHILD, ("figlio", "figlia", "figlio a")),
    Spellings(Relation.FOSTER_CHILD, ("minore in affido", "in affido", "affidato", "affidata")),
    Spellings(Relation.PARENT, ("padre", "madre", "genitore", "suocero", "suocera")),
    Spellings(Relation.GRANDPARENT, ("nonno", "nonna")),
    Spellings(Relation.SIBLING, ("fratello", "sorella")),
    Spellings(Relation.OTHER_RELATIVE, ("nipote", "zio", "zia", "altro parente", "parente")),
    Spellings(Relation.OTHER, ("altro", "altra", "non parente")),
)
SEXES = _by_word(
    Spellings(Sex.FEMALE, ("f", "femmina", "femminile", "donna")),
    Spellings(Sex.MALE, ("m", "maschio", "maschile", "uomo")),
    Spellings(
        Sex.NOT_STATED, ("non indicato", "non dichiarato", "n i", "preferisce non rispondere")
    ),
)
OCCUPATIONS = _by_word(
    Spellings(Occupation.EMPLOYED, ("occupato", "occupata", "lavora", "lavoratore", "lavoratrice")),
    Spellings(
        Occupation.UNEMPLOYED,
        ("disoccupato", "disoccupata", "inoccupato", "inoccupata", "in cerca di lavoro"),
    ),
    Spellings(Occupation.STUDENT, ("studente", "studentessa", "alunno", "alunna", "a scuola")),
    Spellings(Occupation.NEET, ("neet", "non studia e non lavora")),
    Spellings(
        Occupation.BELOW_SCHOOL_AGE, ("prescolare", "eta prescolare", "nido", "non in eta scolare")
    ),
    Spellings(Occupation.RETIRED, ("pensionato", "pensionata", "in pensione")),
    Spellings(Occupation.UNABLE_TO_WORK, ("inabile", "inabile al lavoro")),
)
PROOFS = _by_word(
    Spellings(DisabilityProof.CIVIL_INVALIDITY, ("invalidita civile", "invalido civile", "ic")),
    Spellings(DisabilityProof.LAW_104, ("legge 104", "l 104", "104", "l 104 92")),
    Spellings(DisabilityProof.LAW_68, ("legge 68", "l 68", "68", "l 68 99")),
    Spellings(DisabilityProof.CIVIL_BLINDNESS, ("cecita civile",)),
    Spellings(DisabilityProof.CIVIL_DEAFNESS, ("sordita civile",)),
    Spellings(DisabilityProof.OTHER, ("altra certificazione",)),
)
ISEE_KINDS = _by_word(
    Spellings(IseeKind.ORDINARIO, ("ordinario", "standard")),
    Spellings(IseeKind.CORRENTE, ("corrente",)),
    Spellings(IseeKind.MINORENNI, ("minorenni", "minori")),
    Spellings(IseeKind.UNIVERSITA, ("universita", "universitario")),
    Spellings(IseeKind.SOCIOSANITARIO, ("sociosanitario", "socio sanitario")),
    Spellings(IseeKind.RESIDENZE, ("residenze", "residenziale")),
)
