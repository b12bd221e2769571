"""Review: the committee's monthly cycle and decisions, and the steering board's guidelines.

Runs at the lead organisation only.
"""
