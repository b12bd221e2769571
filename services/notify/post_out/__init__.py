"""Mail out: letters to whoever is to be told, each handed over once, by one process at a time."""
