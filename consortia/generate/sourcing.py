"""Questions where everything is delivered and capacities bind: capacitated facility location."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import isqrt
from typing import Any, ClassVar

from consortia.consortium import Consortium, Delivery
from consortia.generate.draws import Draws
from consortia.generate.family import Family, Generated, numbered, parameter


@dataclass(frozen=True)
class Sourcing(Family):
    """Delivered capabilities with efforts, by partners with capacities; near ones are cheap.

    Partners and capabilities lie on a square of 100 by 100. A partner offers the capabilities within `reach`; its rate
    is 100 and 3 for each unit of distance. It also offers two in a hundred of those that lie farther. Efforts are
    even between 5 and 35. Capacities are drawn so that all together have `slack` percent more than is asked for, at
    least; a third of the partners could do everything by a planted assignment. Joining costs grow with capacity.
    Where it is asked to be infeasible, all capacities together are one person-month too few.
    """

    name: ClassVar[str] = "sourcing"
    partners: int = parameter(30, "how many partners there are", 2)
    split: bool = parameter(False, "whether deliveries may be split among up to three partners")
    reach: int = parameter(60, "the distance up to which a partner offers a capability", 1, 142)
    slack: int = parameter(200, "percent by which capacity exceeds effort at least", 0)

    def draw(self, seed: int) -> Generated:
        draws = Draws(seed)
        partners, capabilities = numbered("p", self.partners), numbered("c", self.capabilities)
        homes = [(draws.below(101), draws.below(101)) for _ in partners]
        places = [(draws.below(101), draws.below(101)) for _ in capabilities]
        efforts = [draws.between(5, 35) for _ in capabilities]
        assigned = self._plant(draws)
        capacities = self._capacities(draws, efforts, assigned)
        pool = []
        for who, name in enumerate(partners):
            offers = []
            for what, place in enumerate(places):
                distance = _distance(homes[who], place)
                if distance <= self.reach or assigned[what] == who or draws.happens(2):
                    offers.append({"competence": capabilities[what], "rate": 100 + 3 * distance})
            joining = 400 + 25 * capacities[who] + draws.between(0, 600, 10)
            pool.append({"id": name, "joining_cost": joining, "capacity": capacities[who], "offers": offers})
        providers: Any = {"max": 3} if self.split else 1
        project = {
            **self.heading(seed),
            "cooperation": "any",
            "effort_step": 1,
            "capabilities": [
                {"id": name, "effort": effort, "providers": providers}
                for name, effort in zip(capabilities, efforts, strict=True)
            ],
            "pool": {"competences": [{"id": name} for name in capabilities], "partners": pool},
        }
        members = dict.fromkeys(partners[who] for who in sorted(set(assigned)))
        deliveries = tuple(
            Delivery(partners[who], name, name, Decimal(effort))
            for who, name, effort in zip(assigned, capabilities, efforts, strict=True)
        )
        return Generated(project, None if self.infeasible else Consortium(members, deliveries))

    def _plant(self, draws: Draws) -> list[int]:
        """Assign each capability to one of a third of the partners."""
        chosen = draws.some_of(range(self.partners), max(1, self.partners // 3))
        return [draws.one_of(chosen) for _ in range(self.capabilities)]

    def _capacities(self, draws: Draws, efforts: list[int], assigned: list[int]) -> list[int]:
        """Draw capacities that hold the planted assignment, or all together one too little."""
        total = sum(efforts)
        load = [0] * self.partners
        for who, effort in zip(assigned, efforts, strict=True):
            load[who] += effort
        usual = total * (100 + self.slack) // (100 * self.partners) + 1
        found = [max(load[who], draws.between(usual, usual + usual // 2)) for who in range(self.partners)]
        if not self.infeasible:
            return found
        everything = sum(found)
        short = [capacity * (total - 1) // everything for capacity in found]
        short[0] += total - 1 - sum(short)
        return short


def _distance(one: tuple[int, int], other: tuple[int, int]) -> int:
    return isqrt((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2)
