"""What the calendar asks of intake: nothing yet."""

from services.kernel.duties import Duty

DUTIES: tuple[Duty, ...] = ()
