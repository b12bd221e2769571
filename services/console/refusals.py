"""Refusals that an operator meets at the console, in Italian; others by their name and facts."""

from services.kernel.refusal import Refused

WORDS = {
    "OnlyAReferenceFigure": "chi è soltanto figura di riferimento vede le azioni a cui partecipa, "
    "e nient’altro del patto o della famiglia.",
    "NotAReferenceFigure": "questa persona non è figura di riferimento nella microequipe di questa "
    "famiglia, oppure ne è responsabile e vede già tutto il patto.",
    "FigureTakesPartAlready": "questa figura di riferimento partecipa già all’azione n. {action}.",
    "TakesPartInNothing": "questa figura di riferimento non partecipa a nessuna azione: sul foglio "
    "non ci sarebbe nulla. Prima si dice a quale azione collabora.",
    "FigureTakesNoPart": "questa figura di riferimento non collabora all’azione n. {action}. Chi "
    "ne risponde è scritto nel patto.",
    "PactIsOver": "il patto è finito: chi collabora alle azioni non cambia più.",
    "PactNotDraft": "il modulo si fa per una bozza, per una proposta rinviata o per modificare un "
    "patto attivo; questo non lo è adesso.",
    "AmendmentBeforeTheCommittee": "la modifica n. {proposal} di questo patto è già davanti al "
    "comitato. Si aspetta la decisione, o la si ritira, e poi si fa un modulo nuovo.",
    "ContactRestricted": "per la famiglia {family} vale il contatto sicuro: si contatta soltanto "
    "nel modo concordato con lei. Chiedi a chi verifica i requisiti come fare; se avviene in quel "
    "modo, ripeti la richiesta dicendolo (--safely).",
}


def refusal_words(refused: Refused) -> str:
    """Why it was refused."""
    facts = ", ".join(f"{name} {value}" for name, value in refused.facts.items())
    named = f"{refused.kind} ({facts})"
    words = WORDS.get(refused.kind)
    return named if words is None else f"{named}: {words.format(**refused.facts)}"
