"""The period report (rendiconto): numbers for who funds, from the facts of one organisation.

Facts → :mod:`paths` → :mod:`report` → :mod:`hiding` → :mod:`sheet` and :mod:`document`. Everything
up to the last two is a pure function; :mod:`reading` and :mod:`making` alone know a store.
"""
