"""What a core of partners already covers, what it lacks, and who could bring that at what cost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from consortia.errors import Problem, SpecError
from consortia.indexing import index
from consortia.instance import Instance
from consortia.market import Bringer, Market
from consortia.outcome import Outcome
from consortia.posing import pose
from consortia.sentence import Sentence, say
from consortia.shortages import effort_together, most_effort, suppliers


@dataclass(frozen=True)
class Coverage:
    """Where the core stands towards one capability.

    Parameters
    ----------
    capability, competence : str
    level : int or None
        The least level that will do; None where the question came as arrays.
    delivered : bool
        Whether it is to be delivered; else it is enough that members hold it.
    by : tuple of str
        Those of the core that hold it or could deliver it.
    required : int
        How many have to, backups included.
    effort, possible : Decimal
        Person-months asked for, and those of them that the core could deliver if it did nothing else.
    bringers : tuple of Bringer
        Who could bring what is missing: first those who bring all of it, cheapest first; then the others.
    """

    capability: str
    competence: str
    level: int | None
    delivered: bool
    by: tuple[str, ...]
    required: int
    effort: Decimal
    possible: Decimal
    bringers: tuple[Bringer, ...] = ()

    @property
    def missing_suppliers(self) -> int:
        """How many suppliers the core is short of."""
        return max(0, self.required - len(self.by))

    @property
    def missing_effort(self) -> Decimal:
        """Person-months that the core is short of."""
        return self.effort - self.possible

    @property
    def covered(self) -> bool:
        """Whether the core supplies it, as far as this capability by itself goes."""
        return not self.missing_suppliers and not self.missing_effort


@dataclass(frozen=True)
class Gap:
    """What a core covers and what it lacks.

    Attributes
    ----------
    instance : Instance
        The question, with the core required.
    core : tuple of str
    barred : mapping of str to Sentence
        Those of the core that may not join, and why.
    coverage : tuple of Coverage
        In the order of the project's capabilities.
    effort, possible : Decimal
        Person-months that the project asks for in all, and those that the core can deliver at the same time.
    """

    instance: Instance
    core: tuple[str, ...]
    barred: dict[str, Sentence]
    coverage: tuple[Coverage, ...]
    effort: Decimal
    possible: Decimal

    @property
    def missing(self) -> tuple[Coverage, ...]:
        """The capabilities that the core does not cover."""
        return tuple(entry for entry in self.coverage if not entry.covered)

    def complete(self, **limits: Any) -> Outcome:
        """Find the least-cost consortium with the whole core in it; `limits` are those of :func:`consortia.solve`."""
        from consortia.solving import solve

        return solve(self.instance, **limits)


def find_gap(project: Any, pool: Any = None, *, core: Iterable[str]) -> Gap:
    """Tell what a core of partners covers, what it lacks, and who could bring that.

    Parameters
    ----------
    project, pool
        The question, as for :func:`consortia.solve`.
    core : iterable of str
        Ids of the partners that are in already.

    Returns
    -------
    Gap

    Raises
    ------
    SpecError
        If the input is wrong or the core names somebody who is not in the pool.

    Examples
    --------
    >>> gap = find_gap(
    ...     {"title": "Labels", "cooperation": "any",
    ...      "capabilities": [{"id": "printing", "effort": 2}, {"id": "food safety", "level": 2}]},
    ...     {"partners": [
    ...         {"id": "ink", "offers": [{"competence": "printing", "rate": 900}]},
    ...         {"id": "lab", "joining_cost": 50, "offers": [{"competence": "food safety", "level": 3}]},
    ...     ]},
    ...     core=["ink"],
    ... )
    >>> [(entry.capability, entry.level, [who.partner for who in entry.bringers]) for entry in gap.missing]
    [('food safety', 2, ['lab'])]
    """
    names = tuple(dict.fromkeys((core,) if isinstance(core, str) else core))
    if not names:
        raise SpecError([Problem("core", "", say("the core is empty"), say("Name at least one partner"))])
    levels: dict[str, tuple[str, int]] = {}
    if isinstance(project, Instance):
        instance = pose(project, pool, require=names)
    else:
        from consortia.files import read

        spec, partners, notes = read(project, pool)
        _all_known(names, [partner.id for partner in partners.partners])
        instance = index(spec, partners, require=names, notes=notes)
        levels = {entry.id: (entry.wanted, entry.level) for entry in spec.capabilities}
    return _Finding(instance, names, levels).gap()


def _all_known(names: Iterable[str], partners: Iterable[str]) -> None:
    known = set(partners)
    text = "there is no partner {partner}"
    problems = [Problem("core", "", Sentence(text, {"partner": name})) for name in names if name not in known]
    if problems:
        raise SpecError(problems)


class _Finding:
    """The steps from a core to its gap, sharing what they look up."""

    def __init__(self, instance: Instance, core: tuple[str, ...], levels: dict[str, tuple[str, int]]) -> None:
        self.instance, self.core, self.levels = instance, core, levels
        self.present = [name for name in core if name in instance.partner_at]
        self.able = suppliers(instance, self.present)
        self.possible = most_effort(instance, self.present)
        self.market = Market(instance, self.present)

    def gap(self) -> Gap:
        """Put the answer together."""
        instance = self.instance
        reasons = {entry.partner: entry.reason for entry in instance.exclusions if entry.capability is None}
        missing = [place for place in range(len(instance.capabilities)) if self._lacks(place)]
        return Gap(
            instance=instance,
            core=self.core,
            barred={name: reasons[name] for name in self.core if name not in instance.partner_at and name in reasons},
            coverage=tuple(self._coverage(place, missing) for place in range(len(instance.capabilities))),
            effort=instance.months(int(instance.effort.sum())),
            possible=instance.months(effort_together(instance, self.present)),
        )

    def _required(self, place: int) -> int:
        return int(self.instance.least_providers[place] + self.instance.backups[place])

    def _lacks(self, place: int) -> bool:
        return bool(self.able[place] < self._required(place) or self.possible[place] < self.instance.effort[place])

    def _coverage(self, place: int, missing: list[int]) -> Coverage:
        instance = self.instance
        capability = instance.capabilities[place]
        competence, level = self.levels.get(capability, (capability, None))
        short = int(instance.effort[place] - self.possible[place])
        able = {name for name in self.present if name in self.market.suppliers(place)}
        return Coverage(
            capability=capability,
            competence=competence,
            level=level,
            delivered=bool(instance.delivered[place]),
            by=tuple(name for name in self.present if name in able),
            required=self._required(place),
            effort=instance.months(int(instance.effort[place])),
            possible=instance.months(int(self.possible[place])),
            bringers=self.market.bringers(place, short, missing) if place in missing else (),
        )
