"""What to mend in a form or in a mail, one Italian sentence for each kind of problem.

The kinds are those of ``pacts/form_refused.v2``; a test compares both sets. A kind of a newer
version than ours gets the general sentence: who mends the form is never left without an answer.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from babel.dates import format_date

GENERAL = "Il modulo ha un problema che questo messaggio non sa descrivere (codice «{kind}»)."

SENTENCES: Mapping[str, str] = {
    "form_erased": "I dati della famiglia sono stati cancellati: il modulo non si può più usare.",
    "form_unreadable": "Il modulo non si riesce a leggere: invia il file PDF compilato, non una "
    "scansione o una stampa.",
    "form_of_another_organisation": "Il modulo è stato preparato da un altro ente: chiedilo "
    "all’ente che segue la famiglia.",
    "form_altered": "Il codice del modulo non corrisponde: chiedi un modulo nuovo e compila "
    "quello, senza cambiarne i codici.",
    "form_version_old": "Il modulo è di una versione non più in uso: chiedi un modulo nuovo.",
    "form_of_another_proposal": "Il modulo riguarda una proposta precedente del patto: chiedi un "
    "modulo nuovo.",
    "pact_unknown": "Il patto indicato nel modulo non esiste.",
    "pact_not_draft": "Il patto non è in preparazione: in questo momento non si può inviare una "
    "proposta.",
    "sender_unknown": "Il messaggio non viene da un indirizzo conosciuto.",
    "sender_not_of_the_microequipe": "La proposta deve arrivare da un componente della microequipe "
    "della famiglia, che non sia soltanto figura di riferimento.",
    "no_guidelines": "Non ci sono ancora linee guida in vigore: la proposta si potrà inviare dopo.",
    "field_empty": "«{label}»: il campo è vuoto.",
    "field_not_ticked": "«{label}»: la casella va spuntata.",
    "text_too_long": "«{label}»: il testo ha {length} caratteri, al massimo {longest}.",
    "text_unreadable": "«{label}»: il testo contiene caratteri che non si possono leggere.",
    "name_in_clear": "«{label}»: sembra esserci il nome di una persona della famiglia. Scrivi il "
    "ruolo, per esempio «la madre».",
    "day_unreadable": "«{label}»: scrivi la data come 10/07/2026.",
    "amount_unreadable": "«{label}»: scrivi un numero, per esempio 12,50.",
    "amount_not_positive": "«{label}»: il numero deve essere maggiore di zero.",
    "choice_unknown": "«{label}»: scegli una delle voci proposte.",
    "dates_reversed": "«{label}»: l’ultimo giorno ({last}) viene prima del primo ({first}).",
    "period_too_long": "«{label}»: il patto può durare al massimo fino al {longest}.",
    "action_outside_the_period": "«{label}»: il giorno è fuori dal periodo del patto, che va dal "
    "{starts} al {ends}.",
    "action_not_written": "«{label}»: rimanda a «{action}», che nel modulo non è compilata.",
    "dimension_without_action": "Manca almeno un’azione di {dimension}.",
    "no_capacity": "Manca almeno una capacità della famiglia collegata a un’azione.",
    "no_resource": "Manca almeno una risorsa della comunità.",
    "pact_not_active": "Il patto in questo momento non è attivo (è sospeso, oppure è finito): non "
    "si può proporre una modifica.",
    "form_of_an_older_pact": "Il modulo parte da una versione del patto che non è più quella in "
    "vigore: chiedi un modulo nuovo.",
    "amendment_before_the_committee": "Una modifica di questo patto è già davanti al comitato: "
    "aspetta la decisione, oppure fai ritirare quella, poi chiedi un modulo nuovo.",
    "nothing_amended": "Il modulo dice esattamente quello che il patto dice già: forse è stato "
    "spedito senza salvare le modifiche.",
    "ends_before_the_proposal": "«{label}»: il patto non può finire ({last}) prima del giorno in "
    "cui arriva la proposta di modifica ({first}).",
    "action_taken_out": "«{label}»: rimanda a «{action}», che è da togliere. Scegli un’altra "
    "azione, oppure togli anche questa capacità.",
}

NO_FORM_SENTENCES: Mapping[str, str] = {
    "no_form": "Al messaggio non è allegato nessun file.",
    "pdf": "Il PDF allegato non ha campi compilati: forse è una scansione, una stampa in PDF o un "
    "altro documento. Serve il modulo compilato al computer e salvato.",
    "other_form": "Il PDF allegato è un modulo, ma non quello della proposta di patto.",
    "jpeg": "È allegata una foto o una scansione: da un’immagine non possiamo leggere le risposte.",
    "zip": "È allegato un documento di testo (per esempio Word) o un archivio compresso (zip): "
    "allega direttamente il PDF.",
    "office": "È allegato un documento di Office: allega il modulo in PDF.",
    "signed": "Il file allegato è firmato digitalmente (p7m) e non si può aprire da qui: allega il "
    "PDF senza firma digitale.",
    "other": "Il file allegato non è un PDF.",
    "several_forms": "Ci sono più moduli nello stesso messaggio e non sappiamo quale vale: invia "
    "un messaggio per ogni modulo.",
    "form_unreadable": "Il PDF allegato non si riesce a leggere.",
    "encrypted": "Il PDF allegato è protetto da una password: salvalo senza password.",
    "broken": "Il PDF allegato è danneggiato o incompleto: riapri il modulo, salvalo e allegalo di "
    "nuovo.",
    "empty": "Il file allegato è vuoto: forse non era ancora salvato quando l’hai allegato.",
    "too_large": "Il PDF allegato è troppo grande: invia solo il modulo, senza altri documenti.",
    "reference_unreadable": "Nel modulo manca il codice che dice a quale patto si riferisce, o è "
    "stato cambiato: chiedi un modulo nuovo e compila quello.",
    "unknown_organisation": "Il modulo è di un ente che non risulta nella rete: chiedi un modulo "
    "nuovo all’ente che segue la famiglia.",
}
"""Why no form could be read in a mail, by code, or by doubt where there is none of the code."""

ALIKE = {
    "png": "jpeg",
    "rar": "zip",
    "7z": "zip",
    "gzip": "zip",
    "program": "other",
    "xml": "other",
}
"""Codes of which people are told the same."""

DIMENSIONS = {
    "assistance": "assistenza",
    "promotion": "promozione",
    "restitution": "restituzione",
}


def sentence(kind: str, facts: Mapping[str, Any]) -> str:
    """What is to be mended; *facts* are codes, numbers, ISO days and labels of the form."""
    words = {name: _italian(value) for name, value in facts.items()}
    try:
        return SENTENCES[kind].format(**words)
    except (KeyError, IndexError):
        return GENERAL.format(kind=kind)


def why_not_read(kind: str, facts: Mapping[str, Any]) -> str:
    """Why no form could be read: *kind* is the doubt, ``code`` among *facts* what exactly."""
    code = str(facts.get("code"))
    said = NO_FORM_SENTENCES.get(ALIKE.get(code, code)) or NO_FORM_SENTENCES.get(kind)
    return said or GENERAL.format(kind=kind)


def _italian(value: Any) -> str:
    text = DIMENSIONS.get(str(value), str(value))
    try:
        return format_date(date.fromisoformat(text), "d MMMM y", locale="it_IT")
    except ValueError:
        return text
