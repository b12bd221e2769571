"""The auditor's room: whether a log is what was signed of it, and of what others hold of it.

Imports the kernel only; reads no vault, and needs neither a service nor a broker.
"""
