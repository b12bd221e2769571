"""What the calendar asks of people: nothing."""

from services.kernel.duties import Duty

DUTIES: tuple[Duty, ...] = ()
