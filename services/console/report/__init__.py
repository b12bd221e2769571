"""The period report (rendiconto): numbers for who funds, from the facts of one organisation.

Facts → :mod:`telling` → :mod:`counting` → :mod:`hiding` → :mod:`sheet` and :mod:`document`: all but
the last is a pure function; :mod:`reading` and :mod:`making` alone know a store.
"""
