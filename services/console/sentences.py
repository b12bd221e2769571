"""Each fact as an Italian sentence: how a family's path is told to people.

A sentence may use the event's own words (``{family}``); amounts, names and texts are not in events.
"""

import re
from collections.abc import Callable
from typing import Any

from services.notify.mending import sentence as to_mend

SENTENCES: dict[str, str] = {
    "intake.FamilyReferred": "segnalata dal punto di accesso {access_point} (contatto del {on})",
    "intake.ReferralCompleted": "segnalazione completata",
    "intake.InformationNoticeRecorded": "informativa sull'uso dei dati: {state}",
    "intake.HouseholdRecorded": "nucleo familiare registrato",
    "intake.MemberCame": "una persona in più nel nucleo familiare: {came}, dal {on}",
    "intake.MemberGone": "una persona in meno nel nucleo familiare: {gone}, dal {on}",
    "intake.HouseholdSplit": "il nucleo familiare si è diviso il {on}",
    "intake.CameFromSplit": "nucleo familiare nato dalla divisione di {origin}",
    "intake.ContactMarked": "contatto sicuro: la famiglia si raggiunge solo nel modo concordato",
    "intake.ContactMarkLifted": "contatto sicuro tolto dal {on}",
    "intake.KnownPersonsOpened": "persone conosciute: se ne tiene conto per le segnalazioni doppie",
    "intake.PersonIdentified": "persona riconoscibile in un'altra segnalazione",
    "intake.DuplicateProposed": "forse la stessa famiglia: {first} e {second}",
    "intake.DuplicateConfirmed": "segnalazioni della stessa famiglia: si prosegue con {goes_on}",
    "intake.DuplicateRefused": "segnalazioni di due famiglie diverse",
    "intake.DuplicateUndone": "la risposta sulle due segnalazioni è annullata",
    "intake.FamilyJoined": "seguita come {into}",
    "intake.FamilyJoiningUndone": "seguita di nuovo con il proprio codice",
    "intake.KnownNamesOpened": "nomi da non scrivere nei moduli: se ne tiene conto",
    "intake.NamesTold": "nomi da non scrivere nei moduli, detti ai patti",
    "intake.IseeRecorded": "ISEE {kind} registrato, valido fino al {valid_until}",
    "intake.IseeAssessed": "ISEE n. {certificate} valutato da chi verifica: {accepted}",
    "intake.VulnerabilityRecorded": "altro elemento di vulnerabilità: {element}",
    "intake.CapacityRecorded": "capacità registrata: {kind}",
    "intake.DirectedElsewhere": "indirizzata altrove prima della verifica: {to}",
    "intake.AskedElsewhere": "chiesto a {organisation} se la segue già",
    "intake.AnsweredElsewhere": "risposta di {organisation}: {answer}",
    "intake.AskingsOpened": "domande di {organisation} su chi è già seguito: se ne tiene conto",
    "intake.AskingAnswered": "risposta a chi ha chiesto se seguiamo già la famiglia {family}: "
    "{answer}",
    "intake.TooManyAsked": "più domande su chi è già seguito di quante se ne guardano in un giorno",
    "intake.EligibilityVerified": "verifica idoneità: {outcome} "
    "(linee guida n. {guidelines}){failed}",
    "intake.FamilyDormant": "requisiti presenti dal {since}: {kind}",
    "intake.InformationNoticeOverdue": "informativa sull'uso dei dati in ritardo: era da "
    "consegnare entro il {due}",
    "intake.LegalHoldPlaced": "dati da conservare per legge: {hold}",
    "intake.LegalHoldLifted": "obbligo di conservare i dati cessato: {hold}",
    "intake.FamilyErased": "dati personali cancellati per sempre; la storia resta",
    "intake.MicroequipeFormed": "microequipe formata",
    "intake.MicroequipeJoined": "una persona entra nella microequipe",
    "intake.MicroequipeLeft": "una persona lascia la microequipe",
    "intake.LeadHandedOver": "nuovo responsabile della microequipe",
    "intake.CaseManagerNamed": "case manager che affianca la microequipe",
    "intake.FiguresTold": "figure di riferimento della microequipe, dette ai patti",
    "pacts.ContactOpened": "contatti con la famiglia: se ne tiene conto",
    "pacts.ContactHeard": "contatto sicuro, per visite, carte e risposte: {restricted}",
    "pacts.SafeWayTaken": "raggiunta nel modo concordato: {what}",
    "pacts.Drafted": "bozza del patto n. {number}, dal {starts} al {ends}",
    "pacts.MicroequipeChanged": "la microequipe del patto è cambiata",
    "pacts.TextsErased": "testi del patto cancellati per sempre; la storia resta",
    "pacts.PeriodSet": "periodo del patto: dal {starts} al {ends}",
    "pacts.GoalAdded": "obiettivo n. {number} aggiunto",
    "pacts.GoalRemoved": "obiettivo n. {number} tolto",
    "pacts.ActionAdded": "azione n. {number} aggiunta: {dimension}, {area}",
    "pacts.ActionRemoved": "azione n. {number} tolta",
    "pacts.CapacityLinked": "capacità collegata a un'azione",
    "pacts.CapacityUnlinked": "capacità scollegata",
    "pacts.ResourceNamed": "risorsa della comunità n. {number}",
    "pacts.ResourceRemoved": "risorsa della comunità n. {number} tolta",
    "pacts.SignatoriesNamed": "persone che firmano indicate",
    "pacts.Proposed": "proposta di patto n. {proposal} inviata al comitato",
    "pacts.KnownNamesOpened": "nomi da non scrivere nei moduli: se ne tiene conto",
    "pacts.NamesLearnt": "nomi da non scrivere nei moduli, conosciuti",
    "pacts.FormAccepted": "il modulo arrivato per mail è la proposta n. {proposal}",
    "pacts.FormRefused": "il modulo arrivato per mail è da sistemare:{to_mend}",
    "pacts.Approved": "patto approvato (ciclo {cycle}); da firmare entro il {sign_by}",
    "pacts.ApprovedWithConditions": "patto approvato con condizioni (ciclo {cycle})",
    "pacts.Returned": "proposta n. {proposal} da integrare (ciclo {cycle})",
    "pacts.NotApproved": "patto non approvato (ciclo {cycle})",
    "pacts.DecisionTakenBack": "il comitato corregge la decisione sulla proposta n. {proposal}",
    "pacts.ProposalSetAside": "proposta n. {proposal} accantonata dal comitato: {because}; "
    "il patto è di nuovo in bozza",
    "pacts.Signed": "firma: {party}",
    "pacts.SignedByAll": "patto firmato da tutti",
    "pacts.Declined": "la famiglia non aderisce al patto",
    "pacts.Lapsed": "patto decaduto: non firmato entro il {sign_by}",
    "pacts.Activated": "patto attivo; verifica periodica entro il {verify_by}",
    "pacts.Suspended": "patto sospeso: {reason}",
    "pacts.Resumed": "patto ripreso; verifica periodica entro il {verify_by}",
    "pacts.FigureEngaged": "una figura di riferimento collabora all'azione n. {action}",
    "pacts.FigureReleased": "una figura di riferimento non collabora più all'azione n. {action}",
    "pacts.ActionStarted": "azione n. {action} avviata",
    "pacts.ActionCompleted": "azione n. {action} compiuta",
    "pacts.ActionDropped": "azione n. {action} lasciata: {reason}",
    "pacts.HelpLogged": "aiuto ricevuto: {amounts}",
    "pacts.CommitmentLogged": "impegno attivo: {amounts}",
    "pacts.Verified": "{verified}",
    "pacts.VerificationOverdue": "verifica periodica in ritardo: era attesa entro il {due}",
    "pacts.Concluded": "patto concluso: {reason}",
    "pacts.Interrupted": "patto interrotto: {reason}",
    "pacts.AmendmentProposed": "modifica del patto proposta al comitato (proposta n. {proposal}): "
    "{difference}",
    "pacts.AmendmentWithdrawn": "modifica ritirata (proposta n. {proposal}); il patto prosegue",
    "pacts.AmendmentSetAside": "modifica accantonata dal comitato (proposta n. {proposal}): "
    "{because}; il patto prosegue",
    "pacts.AmendmentReturned": "modifica da integrare (proposta n. {proposal}, ciclo {cycle}); "
    "il patto prosegue",
    "pacts.AmendmentNotApproved": "modifica non approvata (proposta n. {proposal}, "
    "ciclo {cycle}); il patto prosegue",
    "pacts.Amended": "patto modificato (proposta n. {proposal}, ciclo {cycle}): {difference}",
    "pacts.UrgentAidAuthorised": "aiuto urgente n. {number} autorizzato: fino a {eur} EUR "
    "({authorised_as})",
    "pacts.UrgentAidGiven": "aiuto urgente ricevuto: {amounts}",
    "pacts.VisitPlanned": "visita n. {visit} in programma per il {day}: {place}",
    "pacts.VisitHeld": "visita n. {visit} fatta il {day}: {place}",
    "pacts.VisitCalledOff": "visita n. {visit} non fatta: {reason}",
    "pacts.TiesCounted": "legami di prossimità contati",
    "pacts.CapacitiesUsed": "capacità messe in gioco, viste alla verifica periodica",
    "pacts.FinalVerificationNotHeld": "verifica finale non fatta: {reason}",
    "pacts.CertificatesOpened": "ISEE della famiglia: se ne segue la scadenza",
    "pacts.CertificateHeard": "ISEE n. {number} valido fino al {valid_until}",
    "pacts.CertificateReliedOn": "verifica con ISEE: il comitato può approvare fino al {until}",
    "pacts.IseeReliedOn": "ISEE della proposta n. {proposal}: il comitato può approvare fino al "
    "{until}",
    "pacts.CertificateExpiring": "ISEE in scadenza: vale fino al {valid_until}",
    "pacts.CertificateExpired": "ISEE scaduto il {valid_until}: se ne parla alla prossima verifica",
    "pacts.DecisionHeardLater": "la decisione sulla proposta n. {proposal} è arrivata il {on}",
    "pacts.FamilyDormant": "famiglia ferma dal {since}: {kind}",
    "pacts.SecondLookAnswered": "riesame della proposta n. {proposal}: {outcome}",
    "pacts.PositionTold": "posizione di chi partecipa al patto: {position} {representation}",
    "pacts.MinorHeard": "ascoltata una persona minorenne, dai 14 anni",
    "pacts.SecondLookAsked": "la famiglia chiede di riesaminare la decisione sulla proposta "
    "n. {proposal}",
    "pacts.ComplaintRecorded": "reclamo n. {complaint} ({about}): risposta attesa entro il "
    "{answer_by}",
    "pacts.ComplaintAnswered": "risposta al reclamo n. {complaint}",
    "pacts.ComplaintOverdue": "nessuna risposta al reclamo n. {complaint} entro il {due}",
    "pacts.LookBackSet": "dopo la fine: a risentire la famiglia dal {due} al {until}",
    "pacts.LookBackDue": "è il momento di risentire la famiglia (dal {due})",
    "pacts.LookBackOverdue": "la famiglia non è stata risentita entro il {until}",
    "pacts.LookedBack": "la famiglia risentita dopo la fine del patto: {outcome}",
    "pacts.ExpensePlanned": "spesa n. {number} prevista: {eur} EUR (voce {budget_line})",
    "pacts.ExpenseCommitted": "spesa n. {number} impegnata: {eur} EUR",
    "pacts.CommitmentReduced": "impegno di spesa n. {number} ridotto da {before} a {eur} EUR",
    "pacts.ExpensePaid": "spesa n. {number} pagata: {eur} EUR (documento {document})",
    "pacts.PaymentCorrected": "pagamento della spesa n. {number} corretto da {before} a {eur} EUR "
    "({reason})",
    "pacts.OtherSupportLogged": "sostegno da fuori del programma: {amounts}",
    "pacts.RestitutionLogged": "impegno attivo per la comunità: {amounts} ({kind})",
    "review.ProposalReceived": "proposta ricevuta per il ciclo {cycle}{late}; decisione entro il "
    "{decide_by}",
    "review.PutOnDocket": "all'ordine del giorno del ciclo {cycle}",
    "review.Voted": "voto: {choice}",
    "review.VoteChanged": "voto cambiato: {choice}",
    "review.DeputyVoted": "voto della persona delegata: {choice}",
    "review.Recused": "astensione per conflitto",
    "review.ProposalDecided": "decisione del comitato: {outcome} (linee guida n. {guidelines})",
    "review.CorrectionOpened": "il voto si riapre per correggere un errore",
    "review.ProposalOverdue": "non decisa entro il {decide_by}: passa al ciclo {carried_to}",
    "review.ProposalWithdrawn": "proposta ritirata da chi l'ha inviata: non si decide più",
    "review.IseeReliedOn": "ISEE della famiglia: si può approvare fino al {until}",
    "review.ProposalSetAside": "proposta accantonata senza decisione: {because}",
    "review.ProposalPostponed": "il comitato non si riunisce nel ciclo {cycle}: passa al ciclo "
    "{postponed_to}, decisione entro il {decide_by}",
    "review.MicroequipeChanged": "altro responsabile o case manager per la proposta",
    "review.MicroequipeOpened": "la microequipe di questa famiglia è nota al comitato",
    "review.MicroequipeTold": "il comitato sa chi guida la microequipe e chi la assiste",
    "review.TextsErased": "testi della proposta cancellati per sempre; la storia resta",
    "review.DocketSet": "ordine del giorno del ciclo {cycle}",
    "review.DocketSupplemented": "ordine del giorno integrato",
    "review.UrgentAidReported": "aiuto emergenziale di {eur} EUR, da riferire al comitato",
    "review.UrgentAidListed": "aiuto emergenziale riferito al comitato del ciclo {cycle}",
    "review.MinutesOpened": "verbali del ciclo {cycle}",
    "review.MinutesDrawnUp": "verbale n. {number} redatto, riunione del {held_on}",
    "review.MinutesApproved": "verbale n. {number} approvato",
    "review.SecondLookOpened": "la famiglia chiede un riesame della decisione ({asked_on})",
    "review.SecondLookAnswered": "riesame della decisione: {outcome}",
    "review.SecondLookOverdue": "riesame in ritardo: la famiglia lo ha chiesto il {asked_on}",
    "review.CommitteeOpened": "comitato ristretto di progetto istituito",
    "review.Seated": "seggio nel comitato: {role}",
    "review.SeatAwaited": "in attesa di un seggio nel comitato, dal {first}: {role}",
    "review.Unseated": "fine del seggio nel comitato: {role}",
    "review.DeputyNamed": "delega per un seggio del comitato dal {first} al {last}",
    "review.SteeringBoardOpened": "cabina di regia istituita",
    "review.SessionHeld": "seduta n. {number} della cabina di regia; "
    "la prossima entro il {next_due}",
    "review.BoardMembersOpened": "componenti della cabina di regia",
    "review.BoardMemberJoined": "nella cabina di regia dal {first}: {role}",
    "review.BoardMemberLeft": "nella cabina di regia fino al {last}: {role}",
    "review.AttendanceRecorded": "presenze alla seduta n. {session} della cabina di regia",
    "review.AcknowledgementsOpened": "prese visione delle linee guida n. {number}",
    "review.GuidelinesAcknowledged": "presa visione delle linee guida: {role}",
    "review.SessionAnnounced": "seduta della cabina di regia attesa entro il {due}",
    "review.SessionMissed": "seduta della cabina di regia non tenuta entro il {due}",
    "review.GuidelinesIssued": "linee guida n. {number} in vigore dal {in_force_from}",
    "notify.NoticeRecorded": "avviso a {recipient}: {what}",
    "notify.AddresseesOpened": "destinatari degli avvisi di questa famiglia",
    "notify.ReferrerKnown": "chi ha segnalato riceverà gli avvisi",
    "notify.LeadKnown": "il responsabile della microequipe riceverà gli avvisi",
    "notify.MicroequipeKnown": "la microequipe e chi la assiste riceveranno gli avvisi",
    "notify.ContactKnown": "contatto sicuro, nelle lettere che la riguardano: {restricted}",
    "notify.FamilyErased": "famiglia cancellata: nessun promemoria la riguarda più",
    "notify.HoldersOpened": "destinatari con il ruolo {role}",
    "notify.HolderBegan": "nuovo destinatario, dal {first}",
    "notify.HolderEnded": "un destinatario non lo è più dal {last}",
    "notify.DeadlineSet": "scadenza: {awaited} entro il {due}, promemoria dal {remind_from}",
    "notify.DeadlineMoved": "scadenza spostata al {due}, promemoria dal {remind_from}",
    "notify.DeadlineMet": "scadenza rispettata",
    "notify.DeadlineEnded": "di questo non si attende più nulla",
    "notify.DeadlineReminded": "promemoria per la scadenza del {due}",
    "notify.NoticeAddressed": "avviso indirizzato a chi va avvisato",
    "notify.AddressesOpened": "si comincia a conoscere i recapiti di una persona",
    "notify.AddressLearnt": "recapito conosciuto ({channel})",
    "notify.ReceiptOpened": "attesa della ricevuta per la proposta n. {number}",
    "notify.ProposalBroughtByMail": "la proposta è arrivata per mail",
    "notify.ProposingLeadKnown": "si sa chi è responsabile della microequipe che propone",
    "notify.ProposalIseeKnown": "la proposta si può approvare con l'ISEE fino al {until}",
    "notify.ProposalPlaced": "la proposta sarà valutata entro il {decide_by} (ciclo {cycle})",
    "notify.ProposalCarried": "la proposta passa al ciclo {cycle}, entro il {decide_by}",
    "notify.ProposalTakenBack": "la proposta è stata ritirata",
    "notify.LetterDue": "lettera da inviare a {person}: {what}",
    "notify.BoardOpened": "sedute della cabina di regia: se ne seguono le date",
    "notify.BoardMet": "seduta della cabina di regia tenuta: la prossima entro il {next_due}",
    "notify.PreferencesOpened": "una persona sceglie come ricevere i promemoria",
    "notify.RemindersChosen": "promemoria a {person}: {reminders}",
    "notify.LetterGathered": "promemoria messo nella lettera del giorno, con gli altri",
    "notify.LetterDropped": "promemoria non inviato: {because}",
    "notify.LetterHeldBack": "lettera in attesa: {because}",
    "notify.LetterDeferred": "lettera rinviata, tentativo n. {attempt} non riuscito ({code})",
    "notify.LetterSent": "lettera inviata",
    "notify.LetterUncertain": "non si sa se la lettera è partita: una persona verifica",
    "notify.LetterGivenUp": "lettera non inviata: {because} ({code})",
    "notify.LetterFoundSent": "una persona ha verificato: la lettera era partita",
    "notify.LetterSendAgainAsked": "una persona chiede di inviare di nuovo la lettera",
    "notify.MailReceived": "mail arrivata all'indirizzo dedicato ({route}, {size} byte)",
    "notify.FormReceived": "mail con un modulo di {organisation}: {reference}",
    "notify.MailSetAside": "mail registrata, senza risposta: {why}",
    "notify.MailLeftToAPerson": "mail da guardare: {why}",
    "notify.MailFormsFound": "la mail contiene più moduli, o moduli non accolti",
    "notify.MailErased": "mail cancellata per sempre insieme ai dati della famiglia",
    "notify.MailSettled": "mail guardata da una persona",
    "people.OrganisationRegistered": "ente registrato",
    "people.AgreementRecorded": "accordo tra enti registrato",
    "people.AgreementEnded": "accordo tra enti terminato: vale fino al {last}",
    "people.PersonRegistered": "persona registrata",
    "people.AddressRecorded": "recapito registrato",
    "people.RoleAssigned": "ruolo assegnato: {role}",
    "people.RoleEnded": "fine del ruolo: {role}",
    "kernel.CalendarOpened": "il servizio comincia a contare i giorni",
    "kernel.DayClosed": "giorno {day} chiuso",
    "kernel.ParametersOpened": "linee guida: prima versione in arrivo",
    "kernel.ParametersHeard": "linee guida n. {number} ricevute, in vigore dal {in_force_from}",
    "kernel.AgreementsOpened": "accordi con altri enti: se ne tiene conto",
    "kernel.AgreementHeard": "accordo con {partner} dal {since} al {until}: si scambiano parole",
    "kernel.AgreementEndHeard": "un accordo vale fino al {last}",
    "kernel.LineOpened": "prima parola non seguita da {log_id}",
    "kernel.WordsRefused": "parola n. {seq} rifiutata da una regola: {refusal}",
    "kernel.WordsSkipped": "parola n. {seq} scavalcata da un operatore",
}
"""One sentence per topic; a test compares the keys with the frozen list of topics."""


def sentence(topic: str, state: dict[str, Any]) -> str:
    """The fact in Italian; a topic without a sentence is named as it is stored."""
    pattern = SENTENCES.get(topic)
    return pattern.format_map(_Words(state)) if pattern else topic


class _Words(dict[str, Any]):
    """The event's words as people read them; nested ones by their own name; missing: a dash."""

    def __missing__(self, key: str) -> str:
        return "–"

    def __getitem__(self, key: str) -> str:
        if key in FIGURES:
            return FIGURES[key](self)
        value = self.get(key)
        if value is None:
            nested = (each for each in self.values() if isinstance(each, dict) and key in each)
            value = next((each[key] for each in nested), None)
        if value is None:
            return self.__missing__(key)
        return said(value)


def said(value: Any) -> str:
    """A stored word in Italian: codes by their name, days and amounts as people write them."""
    text = str(value)
    if DAY.fullmatch(text):
        return f"{text[8:]}/{text[5:7]}/{text[:4]}"
    if AMOUNT.fullmatch(text):
        return text.replace(".", ",")
    if PERSON.fullmatch(text):
        return f"persona {text[:8]}"
    organisation, found, role = text.partition(":")
    if found and role in ROLES:
        return f"{ROLES[role]} ({organisation})"
    return CODES.get(text) or ROLES.get(text, text)


def _failed(words: dict[str, Any]) -> str:
    """The criteria that are not met, and the evidence that is missing."""
    failed = [each["code"] for each in words.get("criteria", ()) if not each["met"]]
    missing = list(words.get("missing") or ())
    told = [said(code) for code in (*failed, *missing)]
    return f": manca {', '.join(told)}" if told else ""


def _amounts(words: dict[str, Any]) -> str:
    """Hours and EUR of a contribution, beside each other."""
    nested = words.get("given") or words.get("received") or words.get("support") or {}
    hours, eur = nested.get("hours"), nested.get("eur")
    told = [f"{hours} ore" if hours else "", f"{eur} EUR" if eur else ""]
    return " e ".join(filter(None, told)).replace(".", ",") or "opere"


def _to_mend(words: dict[str, Any]) -> str:
    """Everything that is to be mended in a form, one below the other."""
    reasons = words.get("reasons") or ()
    return "".join(f"\n- {to_mend(each['kind'], each['facts'])}" for each in reasons)


def _verified(words: dict[str, Any]) -> str:
    """Which verification it was; after a final one none is awaited."""
    if (words.get("verification") or {}).get("final"):
        return "verifica finale con la famiglia"
    return f"verifica periodica con la famiglia; la prossima entro il {said(words['next_by'])}"


KINDS = {
    "goals": "obiettivi",
    "actions": "azioni",
    "capacities": "capacità",
    "resources": "risorse della comunità",
}
CHANGES = {"added": "+", "changed": "~", "removed": "−"}


def _difference(words: dict[str, Any]) -> str:
    """What an amendment adds (+), changes (~) and takes out (−), and the pact's new last day."""
    made = words.get("difference") or {}
    told = []
    for kind, name in KINDS.items():
        marks = [f"{CHANGES[each['what']]}{each['number']}" for each in made.get(kind, ())]
        told += [f"{name} {' '.join(marks)}"] * bool(marks)
    if made.get("ends") != made.get("ends_before"):
        told.append(f"fine dal {said(made['ends_before'])} al {said(made['ends'])}")
    return ", ".join(told)


FIGURES: dict[str, Callable[[dict[str, Any]], str]] = {
    "to_mend": _to_mend,
    "failed": _failed,
    "amounts": _amounts,
    "difference": _difference,
    "verified": _verified,
    "accepted": lambda words: "accolto" if words.get("accepted") else "non accolto",
    "late": lambda words: ", in ritardo (dopo il 10)" if words.get("late") else "",
}

AMOUNT = re.compile(r"\d+\.\d\d")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
PERSON = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

ROLES = {
    "access_point_operator": "operatore del punto di accesso",
    "verifier": "chi verifica l'idoneità",
    "microequipe_member": "membro della microequipe",
    "microequipe_lead": "responsabile della microequipe",
    "case_manager": "case manager",
    "project_manager": "responsabile di progetto",
    "work_placement_head": "responsabile inserimento lavorativo",
    "legal_representative": "legale rappresentante",
    "auditor": "auditor",
    "administrator": "amministratore",
}
"""Roles as people say them."""

CODES = {
    "confirmed": "decisione confermata",
    "reopened": "il voto si riapre",
    "cda": "CDA",
    "servizi_sociali": "servizi sociali",
    "followed": "già seguita",
    "not_followed": "non seguita",
    "too_many_today": "troppe domande per oggi",
    "no_agreement": "manca l'accordo",
    "erased_meanwhile": "dati cancellati nel frattempo",
    "cav": "CAV",
    "given": "consegnata",
    "owed": "da consegnare",
    "eligible": "requisiti presenti",
    "born": "nascita",
    "moved_in": "arrivo",
    "died": "decesso",
    "moved_out": "uscita",
    "authority": "lo chiede un'autorità",
    "claim": "c'è una causa in corso",
    "funder_control": "chi finanzia fa un controllo",
    "centro_per_impiego": "centro per l'impiego",
    "caf_patronato": "CAF o patronato",
    "servizio_sanitario": "servizio sanitario",
    "altro_ente": "altro ente",
    "without_microequipe": "la microequipe non c'è ancora",
    "not_eligible": "requisiti non presenti",
    "suspended": "sospesa",
    "dependent_child_or_vulnerable_person": "figlio a carico o persona vulnerabile",
    "valid_isee_in_range": "ISEE valido tra le soglie",
    "proposal": "proposta",
    "decision": "decisione",
    "verification": "verifica periodica",
    "requirements_met": "requisiti presenti",
    "requirements_not_met": "requisiti non presenti",
    "verification_suspended": "verifica sospesa",
    "microequipe_formed": "microequipe formata",
    "pact_drafted": "bozza del patto",
    "proposal_received": "proposta ricevuta, sarà valutata entro il giorno indicato",
    "proposal_received_late": "proposta ricevuta dopo il 10",
    "docket_set": "ordine del giorno",
    "proposal_approved": "patto approvato",
    "proposal_approved_with_conditions": "patto approvato con condizioni",
    "proposal_returned": "proposta da integrare",
    "proposal_not_approved": "patto non approvato",
    "proposal_overdue": "proposta non decisa in tempo",
    "pact_signed": "patto firmato",
    "pact_activated": "patto attivo",
    "pact_verified": "verifica periodica fatta",
    "verification_overdue": "verifica periodica in ritardo",
    "guidelines_issued": "nuove linee guida",
    "reminder_proposal": "promemoria: inviare la proposta",
    "reminder_decision": "promemoria: decidere la proposta",
    "reminder_verification": "promemoria: verifica periodica",
    "form_refused": "modulo da correggere",
    "form_not_read": "mail senza un modulo leggibile",
    "mail_waiting": "posta da guardare",
    "certificate_expiring": "promemoria: ISEE in scadenza",
    "certificate_expired": "ISEE scaduto",
    "family_without_microequipe": "famiglia senza microequipe",
    "information_notice_overdue": "informativa non consegnata in tempo",
    "look_back_due": "risentire la famiglia dopo la fine del patto",
    "board_session_due": "riunione della cabina di regia",
    "board_session_missed": "riunione della cabina di regia non tenuta in tempo",
    "second_look_asked": "la famiglia chiede un riesame",
    "second_look_confirmed": "riesame: decisione confermata",
    "second_look_reopened": "riesame: il comitato decide di nuovo",
    "complaint_recorded": "reclamo della famiglia",
    "complaint_overdue": "reclamo senza risposta nei tempi",
    "family_without_proposal": "bozza di patto ferma da tempo",
    "family_without_fact": "patto attivo di cui da tempo non si scrive nulla",
    "contact_restricted": "contatto sicuro: ogni contatto è limitato",
    "contact_no_longer_restricted": "contatto sicuro non più richiesto",
    "minutes_approved": "verbale del comitato approvato",
    "minutes_corrected": "verbale del comitato corretto",
    "isee_runs_out": "ISEE da rinnovare prima della decisione del comitato",
    "answered_elsewhere": "risposta di un'altra organizzazione",
    "too_many_askings": "un'altra organizzazione chiede troppo",
    "agreement_ending": "accordo con un'altra organizzazione in scadenza",
    "agreement_ended": "accordo con un'altra organizzazione finito",
    "no_address": "manca un indirizzo",
    "address_unusable": "l'indirizzo non si può usare",
    "refused": "il server di posta l'ha rifiutata",
    "done": "è già stato fatto, o non serve più",
    "moved": "la scadenza è cambiata",
    "gone_by": "la scadenza è passata",
    "not_wanted": "questa persona non vuole promemoria",
    "daily": "una lettera al giorno",
    "at_once": "uno per lettera, subito",
    "none": "nessuno",
    "role_ended": "non è più compito di questa persona",
    "too_long": "tre giorni di tentativi non riusciti",
    "mail": "mail",
    "pec": "PEC",
    "own_address": "scritta da noi",
    "bounce": "avviso di mancata consegna",
    "auto_reply": "risposta automatica",
    "list": "lista di distribuzione",
    "pec_receipt": "ricevuta PEC",
    "too_much": "troppo grande o troppo complicata",
    "unreadable": "illeggibile",
    "no_form": "nessun modulo allegato",
    "several_forms": "più moduli in una mail",
    "form_unreadable": "modulo illeggibile",
    "reference_unreadable": "modulo senza riferimento valido",
    "unknown_organisation": "modulo di un ente che non partecipa",
    "unknown_sender": "mittente non conosciuto",
    "not_authentic": "mittente non autentico",
    "automatic_with_form": "mail automatica con un modulo",
    "family_erased": "famiglia i cui dati sono stati cancellati",
    "unstable_housing": "situazione abitativa instabile",
    "home_and_budget": "difficoltà nella gestione della casa e del bilancio",
    "fragile_network": "rete familiare e amicale fragile",
    "no_support_with_children": "nessun sostegno nella cura dei figli",
    "other": "altro",
    "personal": "personale",
    "professional": "professionale",
    "informal": "informale",
    "assistance": "assistenza",
    "promotion": "promozione",
    "restitution": "restituzione",
    "emergency_aid": "aiuto emergenziale",
    "work_and_training": "lavoro e formazione",
    "complementary_services_and_education": "servizi complementari ed educazione",
    "family": "famiglia",
    "community_service": "servizio alla comunità",
    "skills_shared": "competenze messe in comune",
    "relational": "presenza e relazione",
    "in_place_of_work": "al posto di un lavoro",
    "wrong_amount": "importo sbagliato",
    "recorded_twice": "registrato due volte",
    "not_made": "non avvenuto",
    "refunded": "rimborsato",
    "lead": "responsabile della microequipe",
    "approve": "approvare",
    "approve_with_conditions": "approvare con condizioni",
    "return": "da integrare",
    "not_approve": "non approvare",
    "approved": "approvato",
    "approved_with_conditions": "approvato con condizioni",
    "returned": "da integrare",
    "not_approved": "non approvato",
    "proposed": "è dal comitato",
    "signed": "firmato",
    "active": "attivo",
    "concluded": "concluso",
    "interrupted": "interrotto",
    "declined": "non accettato dalla famiglia",
    "lapsed": "decaduto",
    "AlreadyBegun": "esiste già",
    "microequipe": "microequipe",
    "committee": "comitato",
    "provider": "chi svolge un'azione",
    "organisation": "ente",
    "adult": "adulto",
    "minor_from_14": "minorenne dai 14 anni",
    "minor_under_14": "minorenne sotto i 14 anni",
    "tutor": "con tutore",
    "amministratore_di_sostegno": "con amministratore di sostegno",
    "parent": "rappresentato da un genitore",
    "without_proposal": "nessuna proposta di patto",
    "without_fact": "nessun fatto registrato",
    "visit": "visita",
    "answer": "risposta a un reclamo",
    "home": "a casa",
    "access_point": "al punto di accesso",
    "where_an_action_is": "dove si svolge un'azione",
    "school": "a scuola",
    "at_a_distance": "a distanza",
    "elsewhere": "altrove",
    "asked_by_the_family": "chiesto dalla famiglia",
    "visitor_unavailable": "chi doveva andare non poteva",
    "nobody_there": "nessuno in casa",
    "family_unreachable": "famiglia irraggiungibile",
    "family_does_not_want_it": "la famiglia non la vuole",
    "moved_away": "trasferita altrove",
    "goals_reached": "obiettivi raggiunti",
    "goals_partly_reached": "obiettivi raggiunti in parte",
    "period_ended": "fine del periodo previsto",
    "family_withdrew": "la famiglia si è ritirata",
    "commitments_not_kept": "impegni non portati avanti",
    "taken_in_charge_elsewhere": "seguita da un altro servizio",
    "unreachable": "famiglia non rintracciabile",
    "no_longer_needed": "non serve più",
    "replaced": "sostituita da un'altra",
    "provider_unavailable": "chi doveva svolgerla non può",
    "family_gave_up": "la famiglia ha rinunciato",
    "health": "salute",
    "care_of_a_relative": "cura di un familiare",
    "away": "famiglia lontana per un periodo",
    "work": "lavoro",
    "service_unavailable": "servizio non disponibile",
    "death": "decesso",
    "better": "sta meglio",
    "as_at_the_end": "sta come alla fine",
    "worse": "sta peggio",
    "not_reached": "non raggiunta",
}
"""Stored codes and how people say them."""
