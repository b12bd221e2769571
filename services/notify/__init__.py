"""Notify: who is to be told what, when, once for each cause. Every organisation runs its own."""
