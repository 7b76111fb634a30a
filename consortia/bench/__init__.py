"""Solvers measured side by side: every solver and instance in a process of its own, one row a run.

``sources`` says what instances are made of, ``contestants`` who is measured, ``child`` is what happens in a run's own
process, ``runner`` starts, watches and records the runs, ``rows`` is what is written down. ``measures`` has the
arithmetic of comparisons, ``report`` the tables and ``plots`` the pictures.
"""
