"""The codes that people stores. Values are for ever; names may change."""

from enum import StrEnum


class Role(StrEnum):
    """What somebody may do for an organisation [2]."""

    ACCESS_POINT_OPERATOR = "access_point_operator"
    VERIFIER = "verifier"
    MICROEQUIPE_MEMBER = "microequipe_member"
    MICROEQUIPE_LEAD = "microequipe_lead"
    CASE_MANAGER = "case_manager"
    PROJECT_MANAGER = "project_manager"
    WORK_PLACEMENT_HEAD = "work_placement_head"
    LEGAL_REPRESENTATIVE = "legal_representative"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


OF_A_BODY = (Role.WORK_PLACEMENT_HEAD,)
"""Roles that somebody has for a body, which the role names by its code [1]."""


class OrganisationKind(StrEnum):
    """What a partner is [1]."""

    CARITAS = "caritas"
    PARISH = "parrocchia"
    MUNICIPALITY = "comune"
    ASSOCIATION = "associazione"
    COOPERATIVE = "cooperativa"
    FOUNDATION = "fondazione"
    HEALTH_BODY = "ente_sanitario"
    WORK_PLACEMENT_BODY = "ente_inserimento_lavorativo"
    OTHER = "altro"


class AddressKind(StrEnum):
    """Which kind of address is known of a person [3]."""

    MAIL = "mail"
    PEC = "pec"


class Covers(StrEnum):
    """What two organisations may exchange under an agreement [3].

    ``PROGRAMME`` is what their services say to each other: roles, proposals, decisions, erasures.
    ``RECOGNITION`` is asking each other whether somebody is followed already, by yes or no.
    """

    PROGRAMME = "programme"
    RECOGNITION = "recognition"


class EndedBecause(StrEnum):
    """Why an agreement ends before the day that was agreed, or without one [3]."""

    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    LEFT_THE_PROGRAMME = "left_the_programme"
