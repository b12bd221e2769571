"""Mail in: the dedicated address. What came is kept first, read in a limited child, then decided.

A process of its own, ``python -m services.notify.post_in``.
"""
