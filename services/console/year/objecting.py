"""What a family may say against: a second look at a decision, complaints and their answers."""

from services.console.year.family import NotNow, Scene

ABOUT = ("committee", "provider", "organisation", "other")
"""Nobody of the microequipe, so that its lead may answer."""


def ask_for_a_second_look(scene: Scene) -> None:
    """The family asks that somebody who did not decide looks again; in time or not."""
    scene.pacts("ask_second_look", asked_on=scene.today, words="Parole di prova")


def complain(scene: Scene) -> None:
    """The family complains, if no complaint of it is open."""
    if scene.family.complaint is not None:
        raise NotNow
    about = scene.chance.choice(ABOUT)
    made = scene.pacts("record_complaint", about=about, words="Reclamo di prova")
    scene.family.complaint = int(made["complaint"])


def answer_a_complaint(scene: Scene) -> None:
    """The family is told what comes of its complaint, early or late."""
    if scene.family.complaint is None:
        raise NotNow
    number, words = scene.family.complaint, "Risposta di prova"
    scene.pacts("answer_complaint", complaint=number, words=words)
    scene.family.complaint = None
