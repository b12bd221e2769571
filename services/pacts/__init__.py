"""Pacts: the patto generativo d'inclusione of a family, from its draft to its end."""
