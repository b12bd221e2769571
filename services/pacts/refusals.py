"""What the rules of pacts refuse. The numbers in brackets are the sources listed in README.md."""

from services.kernel.refusal import Refused


class NotOfTheMicroequipe(Refused):
    """Only the microequipe of this family, and the case manager who assists it, may do this [3]."""


class OnlyAReferenceFigure(Refused):
    """A reference figure sees the actions it takes part in, and nothing else of the pact [3]."""


class NotAReferenceFigure(Refused):
    """A part in an action, to be seen by that, has a reference figure of this microequipe [3].

    Who leads it or is of it otherwise sees the whole pact anyway.
    """


class FigureTakesPartAlready(Refused):
    """A reference figure has a part in an action once: it answers for it, or it helps [3]."""


class FigureTakesNoPart(Refused):
    """Only a figure that helps in an action is released from it [3]."""


class TakesPartInNothing(Refused):
    """On the sheet of a figure stand the actions in which it has a part, and there are none [3]."""


class PactIsOver(Refused):
    """Who helps in an action is said as long as the pact has not ended [2]."""


class ContactRestricted(Refused):
    """Under the mark *contatto sicuro* nothing goes to the family but by the way recorded [2]."""


class NotTheLead(Refused):
    """Only the lead of this family's microequipe may do this [2]."""


class PactStillRunning(Refused):
    """A family has one running pact; a new one is drafted when the former has ended [2]."""


class PactNotDraft(Refused):
    """What a pact says can be changed and proposed only as a draft or when it was returned [2].

    There is a form, besides, for the amendment of an active one.
    """


class PactNotProposed(Refused):
    """The committee decides on a pact that is proposed and not yet decided [2]."""


class PactNotApproved(Refused):
    """A pact is on paper, and its figures see their actions, once the committee approved it [2]."""


class PactNotAwaitingSignature(Refused):
    """A pact is signed, or lapses, between its approval and the last signature [2]."""


class PactNotDeclinable(Refused):
    """The family can decline a pact that is neither before the committee nor signed by all [2]."""


class PactNotSigned(Refused):
    """A pact becomes active when everybody has signed it [2]."""


class PactNotActive(Refused):
    """This is done only while the pact is active [2]."""


class PactNotSuspended(Refused):
    """Only a suspended pact is resumed [2]."""


class PactNotUnderWay(Refused):
    """Only a pact that is active or suspended is verified or interrupted [2]."""


class NoSuchItem(Refused):
    """The pact has no goal, action, capacity or resource with this number."""


class DatesReversed(Refused):
    """A last day lies before its first day."""


class PeriodTooLong(Refused):
    """A pact lasts at most the months that the guidelines give; longer is an amendment [2]."""


class NobodyCommits(Refused):
    """A promotion or restitution names who of the family commits [2]."""


class QuantityNotPositive(Refused):
    """A quantity that is stated is above zero."""


class NotReadyToPropose(Refused):
    """A pact is proposed with an action in each dimension, a linked capacity and a resource [2].

    ``missing`` names everything that it lacks: the dimensions, ``linked_capacity``,
    ``community_resource``, ``period``.
    """


class NameInClear(Refused):
    """The committee sees a family code, not the name: no action that it reads says one [3].

    ``actions`` names those that seem to; who wrote them writes the role instead.
    """


class DraftDoesNotFitTheForm(Refused):
    """The form has room for so much; a draft that holds more is proposed without it.

    So is the amendment of a pact that holds more.

    ``what`` names what there is too much of, ``most`` how much fits.
    """


class ActionsOutsideThePeriod(Refused):
    """Every action lies within the period of the pact [2]."""


class PactHasGoneOn(Refused):
    """A corrected decision is followed while nothing rests on the former one [4].

    What was done on it stays: a signature, a change of what was returned, another pact of the
    family, and whatever comes after. ``because`` names it; ``state`` is where the pact stands.
    """


class ProposalNotCurrent(Refused):
    """A decision takes effect on the proposal that it is about, never on a later one [2]."""


class NotFromTheLeadOrganisation(Refused):
    """Committee, board and dedicated mailbox are the lead organisation's to speak for [4]."""


class NotFromOurOrganisation(Refused):
    """A family is followed by its own organisation; no other says who its microequipe is [3]."""


class NotFromItsOrganisation(Refused):
    """Only the organisation that follows a family says what becomes of it [3]."""


class NotAParty(Refused):
    """A pact is signed by the adults of the family who commit, and by the lead [2]."""


class AlreadySigned(Refused):
    """Each party signs a pact once [2]."""


class SignatureLate(Refused):
    """A pact is signed within the days that the guidelines give, else it lapses [2]."""


class NotYetLapsed(Refused):
    """The last day for signing has not passed [2]."""


class PositionsFixed(Refused):
    """Who signs for whom, and who is heard, is told before the signatures [2]."""


class SignaturesBegun(Refused):
    """The positions of the signatories are told before the first signature [2]."""


class RepresentativeNotNamed(Refused):
    """Who signs for somebody is another person, named together with the right to do so [2]."""


class NotAMinorToBeHeard(Refused):
    """Minors from 14 on are heard, if the microequipe told that they are [2]."""


class AlreadyHeard(Refused):
    """A minor is heard once before the signatures [2]."""


class MinorNotHeard(Refused):
    """Minors from 14 on are heard before the last signature; ``persons`` were not [2]."""


class NobodySigns(Refused):
    """Somebody signs for the family: an adult who commits, or who represents one [2]."""


class PactNotDecided(Refused):
    """A second look is asked at what the committee decided and has not before it again [4]."""


class NothingDecided(Refused):
    """The committee has not decided on this pact [4]."""


class SecondLookAsked(Refused):
    """The family asks once for a second look at the decision on one proposal [4]."""


class SecondLookNotAsked(Refused):
    """Only a second look for which the family asked is answered [4]."""


class SecondLookNotInTime(Refused):
    """A second look is asked within the days that the guidelines give, from the day on [4]."""


class ComplaintAlreadyAnswered(Refused):
    """A complaint is answered once; whoever is not content makes another [4]."""


class ConcernedByTheComplaint(Refused):
    """A complaint is answered by somebody whom it is not about [4]."""


class PactNotEnded(Refused):
    """Somebody looks back on a pact that was concluded or interrupted [2]."""


class VisitInThePast(Refused):
    """A visit is planned for today or a day to come; one that was held is recorded [2]."""


class VisitNotPlanned(Refused):
    """Only a planned visit is held or called off [2]."""


class VisitorNotOfTheMicroequipe(Refused):
    """A family is visited by its microequipe, or the case manager who assists it [2, 3]."""


class NobodyPresent(Refused):
    """A visit is held with somebody of the family; else it is called off [2]."""


class FinallyVerified(Refused):
    """Why a final verification could not be held is said only where none was [2]."""


class LookBackNotDue(Refused):
    """Somebody looks back some months after the end, not before [2]."""


class AlreadyLookedBack(Refused):
    """Somebody looks back once on a pact [2]."""


class OutsideThePeriod(Refused):
    """A pact becomes active within its period [2]."""


class ActionNotPlanned(Refused):
    """Only a planned action is started [2]."""


class ActionNotStarted(Refused):
    """Only an action that was started is completed [2]."""


class ActionOver(Refused):
    """An action that was completed or dropped is not dropped [2]."""


class NotAnActiveCommitment(Refused):
    """Active commitment is logged on promotion and restitution, never on assistance [2]."""


class NotAssistance(Refused):
    """Help received is logged on assistance [2]."""


class NothingLogged(Refused):
    """A log says how much: help in EUR or hours, active commitment in hours, EUR or works [2]."""


class NotInThePact(Refused):
    """What is logged happened between the day the pact became active and today [2]."""


class GoalsNotRated(Refused):
    """A verification rates every goal of the pact, and no other [2]."""


class RatingOutOfRange(Refused):
    """A goal is rated from -2 to +2 [2]."""


class NoFinalVerification(Refused):
    """A pact ends with a final verification, or it is told why none could be held [2]."""


class NothingAmended(Refused):
    """An amendment changes something of the pact [2]."""


class AmendmentBeforeTheCommittee(Refused):
    """The committee has one amendment of a pact at a time; it decides, or it is withdrawn [2]."""


class NoAmendmentPending(Refused):
    """Only an amendment that awaits the committee's decision is withdrawn or decided [2]."""


class DimensionFixed(Refused):
    """An action keeps its dimension, since what was logged on it counts there [2]."""


class CapacityWithoutAction(Refused):
    """A capacity is brought to an action that the pact has, amended or not [2]."""


class AmendmentDecided(Refused):
    """A corrected decision takes the place of one after which the pact went on unchanged [4].

    An amendment that has taken effect is undone by another amendment.
    """


class NotAManagerOfTheFamily(Refused):
    """Urgent aid is authorised by the family's case manager or by the project manager [2]."""


class UrgentAidTooLate(Refused):
    """Urgent aid is for a family whose pact is not yet in force [2]."""


class UrgentAidCeiling(Refused):
    """Urgent aid has a ceiling for each family, over all its pacts [2]."""


class EmergencyAidCeiling(Refused):
    """Emergency aid has a ceiling for each family and calendar year, if the guidelines set one [2].

    Help on actions of emergency aid counts by its day, urgent aid by its authorisation.
    """


class MoreThanAuthorised(Refused):
    """No more urgent aid is given than was authorised [2]."""


class OutsideTheAid(Refused):
    """Urgent aid is given between its authorisation and today [2]."""


class PactNeverActive(Refused):
    """Bills are settled on a pact that is, or once was, active [2]."""


class SupplierNotNamed(Refused):
    """A supplier who is to be paid is named; beside a family that is paid there is none [2]."""


class FamiliesAreNotPaid(Refused):
    """Suppliers are paid, not families, unless the guidelines allow it [2]."""


class AlreadyCommitted(Refused):
    """An expense is committed once; more is another expense [2]."""


class MoreThanPlanned(Refused):
    """No more is committed than was planned; more is another expense [2]."""


class NotCommitted(Refused):
    """Only what was committed is paid, or corrected [2]."""


class NotDownwards(Refused):
    """What was committed is corrected downwards only [2]."""


class BelowWhatWasPaid(Refused):
    """What was committed does not fall below what was paid of it [2]."""


class MoreThanCommitted(Refused):
    """No more is paid than was committed [2]."""


class AlreadyCorrected(Refused):
    """A payment is corrected once; the next correction is linked to the last one [2]."""


class RestitutionInMoney(Refused):
    """Restitution is hours or works, never money [2]."""


class ReplacesWork(Refused):
    """Restitution serves the community and never replaces work [2]."""


class RelationalWithoutHealthLimits(Refused):
    """Restitution may be relational where health limits [2]."""


class RestitutionCeiling(Refused):
    """Restitution has a ceiling of hours a month [2]."""
