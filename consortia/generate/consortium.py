"""Questions as they are met: clusters, industries, countries, levels, prices, rules that bind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from consortia.generate.draws import Draws
from consortia.generate.family import Family, Generated, parameter
from consortia.generate.planting import Plant
from consortia.generate.pool import Pool


@dataclass(frozen=True)
class ConsortiumFamily(Family):
    """Partners of clusters with offers at levels and prices; held and delivered capabilities; rules.

    Industries share the competences out evenly; a third of the competences have a narrower variant. Within an industry,
    the popularity of competences falls with rank as a power: the first is offered by many, the last by few or nobody.
    Clusters belong to an industry and a country; a quarter of the partners belong to two, one in twenty to none. Rates
    follow country, kind and level. A planted consortium of a third as many partners as capabilities is given what it
    lacks, and the limits of the rules are where it stands, so that it obeys all of them without room: number of
    members, representatives of countries and of small enterprises' clusters, shares of countries, of partners and of
    small enterprises, a coordinator who has coordinated before. Conflicts and prerequisites spare it.

    Where it is asked to be infeasible, two capabilities are left to one supplier each, and the two are in conflict.
    """

    name: ClassVar[str] = "consortium"
    partners: int = parameter(60, "how many partners there are", 4)
    capabilities: int = parameter(40, "how many capabilities are asked for", 3)
    competences: int = parameter(0, "how many competences the pool knows; at least those that are asked for")
    clusters: int = parameter(9, "how many clusters there are", 2)
    industries: int = parameter(4, "how many industries there are", 2, 99)
    countries: int = parameter(5, "how many countries there are", 1, 26)
    levels: int = parameter(3, "how many levels competences have", 1, 9)
    offers: int = parameter(6, "how many offers a partner has on average", 1)
    skew: int = parameter(1, "the power by which popularity falls; 0 for even", 0, 3)
    specialisation: int = parameter(70, "percent of the offers that are of the partner's own industry", 0, 100)
    held: int = parameter(25, "percent of the capabilities that are held, not delivered", 0, 100)
    fee: int = parameter(2000, "the usual fee of a cluster; 0 for none")
    rules: bool = parameter(True, "whether rules are asked for, besides the level of cooperation")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.planted > self.partners:
            raise ValueError(f"partners must be at least {self.planted} for {self.capabilities} capabilities")

    @property
    def breadth(self) -> int:
        """How many competences the pool knows."""
        return max(self.competences, self.capabilities)

    @property
    def planted(self) -> int:
        """How many members the planted consortium has."""
        return max(min(4, self.capabilities), self.capabilities // 3)

    def draw(self, seed: int) -> Generated:
        draws = Draws(seed)
        pool = Pool(self, draws)
        plant = Plant(self, draws, pool)
        if self.infeasible:
            plant.make_infeasible()
        project: dict[str, Any] = {
            **self.heading(seed),
            "currency": "EUR",
            "cooperation": plant.cooperation(),
            "effort_step": 1,
            "capabilities": plant.capabilities,
            "rules": plant.rules,
            "pool": {"competences": pool.competences, "clusters": pool.clusters, "partners": pool.partners},
        }
        return Generated(project, None if self.infeasible else plant.consortium())
