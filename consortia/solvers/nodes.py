"""Nodes of the search tree, and what visiting them gives."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from consortia.linear import Integers
from consortia.solvers.choosing import Seen
from consortia.solvers.lagrangian import Box, Floats, Point
from consortia.solvers.linear_program import Basis, Solved


@dataclass(frozen=True)
class Step:
    """How a node was branched off: above or up to `floor` in which column, how far that is, from which objective."""

    column: int
    floor: int
    up: bool
    distance: float
    objective: float


@dataclass(order=True)
class Node:
    bound: int
    number: int
    columns: npt.NDArray[np.int32] = field(compare=False)  # where the box differs from the root's, before the step
    lower: Integers = field(compare=False)
    upper: Integers = field(compare=False)
    prices: Floats | None = field(compare=False)  # inherited multipliers
    basis: Basis | None = field(compare=False)  # of the linear relaxation above it
    tried: int = field(compare=False)  # how many columns were free when an exact solver last gave up above it
    step: Step | None = field(compare=False, default=None)


@dataclass(frozen=True)
class Visit:
    """What solving a node gave; `point` is None where nothing certified came out."""

    node: Node
    box: Box
    solved: Solved
    point: Point | None
    empty: bool = False
    bound: int | None = None  # by an exact solver, in the units of the relaxation
    tried: int = 0
    found: tuple[Integers, ...] = ()  # solutions
    dived: bool = False
    lift: int | None = None  # what raising added, where it was tried
    column: int = -1  # to branch on
    seen: tuple[Seen, ...] = ()
