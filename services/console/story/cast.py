"""Who takes part in the story."""

from services.console.year.cast import Roles

ROLES: Roles = {
    "lead": (
        ("project manager", "project_manager", None),
        ("case manager 1", "case_manager", None),
        ("case manager 2", "case_manager", None),
        ("work placement", "work_placement_head", "cooperativa-prova"),
        ("legal", "legal_representative", None),
        ("operator", "access_point_operator", None),
        ("verifier", "verifier", None),
        ("microequipe lead", "microequipe_lead", None),
        ("social worker", "microequipe_member", None),
    ),
    "partner": (
        ("work placement", "work_placement_head", "officina-prova"),
        ("legal", "legal_representative", None),
        ("operator", "access_point_operator", None),
        ("verifier", "verifier", None),
        ("microequipe lead", "microequipe_lead", None),
        ("social worker", "microequipe_member", None),
    ),
}
