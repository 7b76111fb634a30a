"""Solvers by themselves, on the rows that this library hands to its own back ends: no presolve, no heuristics of ours.

Each module has ``solve(compiled, seconds, seed, tell, **settings) -> Reply`` and ``versions()``. Costs and bounds in it
are those of ``compiled.objective @ x``, whose values are whole numbers.
"""
