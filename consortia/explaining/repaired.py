"""The question after some of its demands were dropped or loosened, posed as a person would pose it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import numpy as np

from consortia.explaining.demands import Demand, TakenApart
from consortia.instance import Instance
from consortia.program import Integers
from consortia.rules import Exclude, Rule
from consortia.spec.project import Project

Relaxed = Rule | int | Decimal | None
"""What becomes of a demand: a looser rule, a lower number, a higher budget; None where it is dropped."""


def repaired(apart: TakenApart, state: Mapping[int, Relaxed]) -> Instance:
    """Pose the question with some demands relaxed.

    Parameters
    ----------
    apart : TakenApart
    state : mapping of int to Rule, int, Decimal or None
        By the positions of demands, what becomes of them; all others stay as they are.

    Returns
    -------
    Instance
    """
    changed = {place: apart.demands[place] for place in state}
    instance = apart.original
    project = apart.question.project
    if project is not None and any(_screens(demand) for demand in changed.values()):
        instance = apart.posed(_project(project, changed, state))
    rules = [state.get(place, demand.original) for place, demand in enumerate(apart.demands) if demand.kind == "rule"]
    optional = instance.optional
    optional = np.zeros(len(instance.capabilities), dtype=bool) if optional is None else optional.copy()
    choices = []
    kept = (place not in state for place, demand in enumerate(apart.demands) if demand.kind == "choice")
    for choice, stays in zip(instance.choices, kept, strict=True):
        if stays:
            choices.append(choice)
        else:
            optional[[instance.capability_at[name] for option in choice for name in option]] = True
    for demand in changed.values():
        if demand.kind == "capability":
            optional[instance.capability_at[demand.capability or ""]] = True
    return instance.replace(
        rules=tuple(rule for rule in rules if isinstance(rule, Rule)),
        optional=optional if optional.any() else None,
        choices=tuple(choices),
        least_providers=_numbers(instance, instance.least_providers, "suppliers", 1, changed, state),
        backups=_numbers(instance, instance.backups, "backups", 0, changed, state),
        budget=_budget(instance, changed, state),
        objectives=apart.bare.objectives,
    )


def _screens(demand: Demand) -> bool:
    """Tell whether leaving a demand out lets others in, for whom the pool has to be screened again."""
    return demand.kind in ("level", "accepted") or isinstance(demand.original, Exclude)


def _project(project: Project, changed: Mapping[int, Demand], state: Mapping[int, Relaxed]) -> Project:
    levels = {demand.capability: state[place] for place, demand in changed.items() if demand.kind == "level"}
    capabilities = tuple(
        capability.model_copy(update={"level": levels[capability.id] or 1}) if capability.id in levels else capability
        for capability in project.capabilities
    )
    opened = any(demand.kind == "accepted" for demand in changed.values())
    return project.model_copy(
        update={"capabilities": capabilities, "accepted_only": project.accepted_only and not opened}
    )


def _numbers(
    instance: Instance,
    wanted: Integers,
    kind: str,
    none: int,
    changed: Mapping[int, Demand],
    state: Mapping[int, Relaxed],
) -> Integers:
    made = wanted.copy()
    for place, demand in changed.items():
        if demand.kind == kind:
            number = state[place]
            made[instance.capability_at[demand.capability or ""]] = number if isinstance(number, int) else none
    return made


def _budget(instance: Instance, changed: Mapping[int, Demand], state: Mapping[int, Relaxed]) -> int | None:
    for place, demand in changed.items():
        if demand.kind == "budget":
            amount = state[place]
            return instance.units(amount)[0] if isinstance(amount, Decimal) else None
    return instance.budget
