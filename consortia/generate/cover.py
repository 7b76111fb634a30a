"""Questions where it is enough to hold: set covering and multicovering."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from consortia.consortium import Consortium
from consortia.generate.draws import Draws
from consortia.generate.family import Family, Generated, numbered, parameter


@dataclass(frozen=True)
class Cover(Family):
    """Held capabilities only, each by one or several holders; partners have nothing but a joining cost.

    Every capability is held by `density` percent of the partners, drawn evenly, and by one more than are needed at
    least. Joining costs are even between 1 and `dearest`. The planted consortium is everybody who holds anything.
    Where it is asked to be infeasible, one capability has one holder too few.
    """

    name: ClassVar[str] = "cover"
    holders: int = parameter(1, "how many holders each capability needs", 1)
    density: int = parameter(20, "percent of the partners that hold a capability", 1, 100)
    dearest: int = parameter(100, "the highest joining cost", 1)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.holders > self.partners:
            raise ValueError(f"holders must be at most the number of partners, {self.partners}")

    def draw(self, seed: int) -> Generated:
        draws = Draws(seed)
        partners, capabilities = numbered("p", self.partners), numbered("c", self.capabilities)
        costs = [draws.between(1, self.dearest) for _ in partners]
        held: list[set[int]] = [set() for _ in partners]
        scarce = draws.below(self.capabilities) if self.infeasible else -1
        wanted = min(self.partners, max(self.holders + 1, self.partners * self.density // 100))
        for capability in range(self.capabilities):
            count = self.holders - 1 if capability == scarce else wanted
            for partner in draws.some_of(range(self.partners), count):
                held[partner].add(capability)
        planted = Consortium({partner: None for partner, has in zip(partners, held, strict=True) if has})
        providers = {} if self.holders == 1 else {"providers": {"min": self.holders}}
        project = {
            **self.heading(seed),
            "cooperation": "any",
            "capabilities": [{"id": name, **providers} for name in capabilities],
            "pool": {
                "competences": [{"id": name} for name in capabilities],
                "partners": [
                    {
                        "id": name,
                        "joining_cost": cost,
                        "offers": [{"competence": capabilities[place]} for place in sorted(has)],
                    }
                    for name, cost, has in zip(partners, costs, held, strict=True)
                ],
            },
        }
        return Generated(project, None if self.infeasible else planted)
