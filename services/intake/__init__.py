"""Intake: a family is referred, verified and given its microequipe."""
