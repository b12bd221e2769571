"""The codes that intake stores. Values are for ever; names may change."""

from enum import StrEnum


class AccessPoint(StrEnum):
    """Where a family is intercepted [1]."""

    CDA = "cda"
    SOCIAL_SERVICES = "servizi_sociali"
    CAV = "cav"
    PLATFORM = "piattaforma"
    CONSULTORIO = "consultorio"


MAY_VERIFY = (AccessPoint.CDA, AccessPoint.SOCIAL_SERVICES, AccessPoint.PLATFORM)
"""The access points that may verify eligibility [1]; every one of the five may refer."""


class NoticeState(StrEnum):
    """Whether the family has the information on the use of its data, or is still owed it [8]."""

    GIVEN = "given"
    OWED = "owed"


class Relation(StrEnum):
    """What a member is to the person whom the household is registered under."""

    APPLICANT = "applicant"
    PARTNER = "partner"
    CHILD = "child"
    FOSTER_CHILD = "foster_child"
    PARENT = "parent"
    GRANDPARENT = "grandparent"
    GRANDCHILD = "grandchild"
    SIBLING = "sibling"
    OTHER_RELATIVE = "other_relative"
    OTHER = "other"


CHILDREN = (Relation.CHILD, Relation.FOSTER_CHILD)
"""The relations that the criterion of the dependent child looks at [2]."""


class Coming(StrEnum):
    """How somebody comes to a household [2]."""

    BORN = "born"
    MOVED_IN = "moved_in"


class Going(StrEnum):
    """How somebody is no longer of a household; for a split see `changing.py` [2]."""

    DIED = "died"
    MOVED_OUT = "moved_out"


class Occupation(StrEnum):
    """What a member does. ``NEET`` is not employed and not in education or training [7]."""

    EMPLOYED = "employed"
    UNEMPLOYED = "unemployed"
    STUDENT = "student"
    NEET = "neet"
    BELOW_SCHOOL_AGE = "below_school_age"
    RETIRED = "retired"
    UNABLE_TO_WORK = "unable_to_work"


class Sex(StrEnum):
    """A member's sex as the family tells it, for the funder's counts; no criterion uses it [15].

    ``NOT_STATED`` is somebody who was asked and did not wish to say.
    """

    FEMALE = "f"
    MALE = "m"
    NOT_STATED = "not_stated"


class DisabilityProof(StrEnum):
    """The kind of document that proves a disability; never the diagnosis [2]."""

    CIVIL_INVALIDITY = "invalidita_civile"
    LAW_104 = "legge_104"
    LAW_68 = "legge_68"
    CIVIL_BLINDNESS = "cecita_civile"
    CIVIL_DEAFNESS = "sordita_civile"
    OTHER = "altro"


class IseeKind(StrEnum):
    """The kinds of ISEE; which of them are accepted is a guidelines parameter [2] [5]."""

    ORDINARIO = "ordinario"
    CORRENTE = "corrente"
    MINORENNI = "minorenni"
    UNIVERSITA = "universita"
    SOCIOSANITARIO = "sociosanitario"
    RESIDENZE = "residenze"


class Element(StrEnum):
    """The other elements of vulnerability: four named ones, and others in words [1]."""

    UNSTABLE_HOUSING = "unstable_housing"
    HOME_AND_BUDGET = "home_and_budget"
    FRAGILE_NETWORK = "fragile_network"
    NO_SUPPORT_WITH_CHILDREN = "no_support_with_children"
    OTHER = "other"


class CapacityKind(StrEnum):
    """What kind of capacity somebody of the family brings [1]."""

    PERSONAL = "personal"
    PROFESSIONAL = "professional"
    INFORMAL = "informal"


class Outcome(StrEnum):
    """What a verification of eligibility comes to [2]."""

    ELIGIBLE = "eligible"
    NOT_ELIGIBLE = "not_eligible"
    SUSPENDED = "suspended"


class Direction(StrEnum):
    """Where a family that is not eligible was directed instead [2]."""

    SOCIAL_SERVICES = "servizi_sociali"
    CDA = "cda"
    CAV = "cav"
    CONSULTORIO = "consultorio"
    EMPLOYMENT_CENTRE = "centro_per_impiego"
    CAF = "caf_patronato"
    HEALTH_SERVICE = "servizio_sanitario"
    OTHER = "altro_ente"


class Dormancy(StrEnum):
    """What has not happened to a family for too long [11]."""

    WITHOUT_MICROEQUIPE = "without_microequipe"


class Elsewhere(StrEnum):
    """What another organisation answers, asked whether it follows somebody [2].

    The first two are answers; the others say why nothing was looked up: too much was asked that
    day or at once, nothing is agreed there, or what was asked was destroyed on its way.
    """

    FOLLOWED = "followed"
    NOT_FOLLOWED = "not_followed"
    TOO_MANY = "too_many_today"
    NO_AGREEMENT = "no_agreement"
    ERASED_MEANWHILE = "erased_meanwhile"


class ErasureReason(StrEnum):
    """Why a family's personal data was erased [4]."""

    ASKED_BY_FAMILY = "asked_by_family"
    RETENTION_ENDED = "retention_ended"
    RECORDED_BY_MISTAKE = "recorded_by_mistake"


class LegalHold(StrEnum):
    """Why a family's personal data must be kept for now, whoever asks for its erasure [14]."""

    AUTHORITY = "authority"
    CLAIM = "claim"
    FUNDER_CONTROL = "funder_control"


class MemberKind(StrEnum):
    """In what capacity somebody belongs to a microequipe [3]."""

    SOCIAL_WORKER = "social_worker"
    CDA_HEAD = "cda_head"
    REFERENCE_FIGURE = "reference_figure"


class FigureRole(StrEnum):
    """What a reference figure is to the family [3]."""

    TEACHER = "teacher"
    NEIGHBOUR = "neighbour"
    PARISH = "parish"
    EMPLOYER = "employer"
    VOLUNTEER = "volunteer"
    RELATIVE = "relative"
    OTHER = "other"
