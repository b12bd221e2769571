"""Mails to the dedicated address: forms well filled, badly filled, twice in one mail, or none."""

import base64
from typing import Any

from services.console.mailing import filled
from services.console.year.amending import later_end, pending
from services.console.year.drafting import GOAL, entries, write
from services.console.year.family import NotNow, Scene
from services.pacts.form.fields import GOALS

TOO_SLOW = "TimeoutExpired"
"""On a busy machine setting a form may take longer than the service waits; it is asked again."""
TRIES = 5
"""How often, at most."""


def write_and_send_by_mail(scene: Scene) -> None:
    """A blank draft's form is filled and sent to the dedicated address; else it is written."""
    if scene.mail is None or scene.chance.randrange(100) >= scene.by_mail:
        write(scene)
        return
    _send(scene, _form(scene, entries(scene)))


def send_a_form_with_mistakes(scene: Scene) -> None:
    """A form without half of what is needed; the answer says what to mend."""
    needed = entries(scene)
    _send(scene, _form(scene, {name: needed[name] for name in ("starts", "ends")}))


def send_an_amendment(scene: Scene) -> None:
    """The form of an active pact: it is to last longer, with one goal more if there is room."""
    goals = len(scene.pact["goals"])
    if scene.mail is None or pending(scene) or goals > GOALS:
        raise NotNow
    told = {"ends": f"{later_end(scene):%d/%m/%Y}", "with_family": "/on", "without_names": "/on"}
    if goals < GOALS:
        place = f"goal_{goals + 1}"
        told |= {f"{place}_goal": GOAL[0], f"{place}_result": GOAL[1]}
    _send(scene, _form(scene, told))


def send_two_forms(scene: Scene) -> None:
    """One mail with two forms: nobody can tell which one counts, and a person has to look."""
    form = _form(scene, {})
    _send(scene, form | {f"copia-{name}": pdf for name, pdf in form.items()})


def send_no_form(scene: Scene) -> None:
    """A mail in which the form was forgotten."""
    _send(scene, {})


def _form(scene: Scene, entered: dict[str, str]) -> dict[str, bytes]:
    if scene.mail is None:
        raise NotNow
    made = _set(scene)
    return {made["name"]: filled(base64.b64decode(made["pdf"]), entered)}


def _set(scene: Scene, tries: int = TRIES) -> dict[str, Any]:
    """The form of the family's draft or pact, asked for again if it was too slow.

    Were something else done instead, a year would not be like another of its seed.
    """
    try:
        made: dict[str, Any] = scene.pacts("form")
    except Exception as failed:  # told by a library that only the kernel knows
        if getattr(failed, "exc_type", None) != TOO_SLOW or tries == 1:
            raise
        return _set(scene, tries - 1)
    return made


def _send(scene: Scene, files: dict[str, bytes]) -> None:
    if scene.mail is None:
        raise NotNow
    scene.mail(scene.lead().address, files)
    scene.family.mailed |= bool(files)
