"""What notify tells other services: nothing yet; it tells people."""

from services.kernel.words import Published

PUBLISHED: Published = {}
