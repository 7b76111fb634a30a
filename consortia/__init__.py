"""Proven least-cost consortia that cover every competence a cross-cluster project needs.

The public names are resolved when first used, so that importing the package loads no solver.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from consortia.checking import check as check
    from consortia.consortium import Consortium as Consortium
    from consortia.consortium import Delivery as Delivery
    from consortia.errors import ConsortiaError as ConsortiaError
    from consortia.errors import InternalError as InternalError
    from consortia.errors import Problem as Problem
    from consortia.errors import SolverRefused as SolverRefused
    from consortia.errors import SolverUnavailable as SolverUnavailable
    from consortia.errors import SpecError as SpecError
    from consortia.explaining.conflicts import explain as explain
    from consortia.explaining.entries import prices as prices
    from consortia.explaining.fairness import shares as shares
    from consortia.explaining.fronts import front as front
    from consortia.explaining.others import alternatives as alternatives
    from consortia.explaining.profiles import missing as missing
    from consortia.explaining.repairs import repair as repair
    from consortia.files import read as read
    from consortia.frames import from_frames as from_frames
    from consortia.instance import Instance as Instance
    from consortia.many import solve_many as solve_many
    from consortia.outcome import Outcome as Outcome
    from consortia.outcome import Status as Status
    from consortia.posing import pose as pose
    from consortia.posing import prepare as prepare
    from consortia.progress import Progress as Progress
    from consortia.solving import solve as solve
    from consortia.spec.pool import Pool as Pool
    from consortia.spec.project import Project as Project

_HOMES = {
    "check": "consortia.checking",
    "Consortium": "consortia.consortium",
    "Delivery": "consortia.consortium",
    "ConsortiaError": "consortia.errors",
    "InternalError": "consortia.errors",
    "Problem": "consortia.errors",
    "SolverRefused": "consortia.errors",
    "SolverUnavailable": "consortia.errors",
    "SpecError": "consortia.errors",
    "front": "consortia.explaining.fronts",
    "explain": "consortia.explaining.conflicts",
    "repair": "consortia.explaining.repairs",
    "Instance": "consortia.instance",
    "missing": "consortia.explaining.profiles",
    "shares": "consortia.explaining.fairness",
    "solve_many": "consortia.many",
    "Outcome": "consortia.outcome",
    "Status": "consortia.outcome",
    "Progress": "consortia.progress",
    "pose": "consortia.posing",
    "prepare": "consortia.posing",
    "solve": "consortia.solving",
    "prices": "consortia.explaining.entries",
    "alternatives": "consortia.explaining.others",
    "read": "consortia.files",
    "from_frames": "consortia.frames",
    "Pool": "consortia.spec.pool",
    "Project": "consortia.spec.project",
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'consortia' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
