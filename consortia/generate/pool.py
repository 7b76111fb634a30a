"""The pool of the family `consortium`: taxonomy, clusters, partners and their offers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from consortia.generate.draws import Draws, Weights
from consortia.generate.family import numbered

if TYPE_CHECKING:
    from consortia.generate.consortium import ConsortiumFamily

KINDS = ("sme", "large", "university", "research", "public")
_HOW_MANY = Weights((55, 15, 15, 10, 5))
_DEARNESS = {"sme": 105, "large": 125, "university": 80, "research": 85, "public": 95}
_USUAL_RATE = 2400


class Pool:
    """Taxonomy, clusters and partners, as plain data.

    Attributes
    ----------
    capabilities : list of str
        The competences that a project may ask for, by position.
    industry_of : list of int
        The industry of each.
    variants : dict of str to str
        Narrower competences of some of them.
    homes : list of int
        The industry of each partner.
    """

    def __init__(self, family: ConsortiumFamily, draws: Draws) -> None:
        self.family, self.draws = family, draws
        self.industries = numbered("i", family.industries)
        self.countries = [f"X{chr(ord('A') + place)}" for place in range(family.countries)]
        self.capabilities = numbered("c", family.breadth)
        self.industry_of = [place * family.industries // family.breadth for place in range(family.breadth)]
        self.variants = {name: f"{name}.1" for name in self.capabilities if draws.happens(33)}
        self.competences = self._taxonomy()
        self.clusters = self._clusters()
        self._popular = draws.some_of(range(family.breadth), family.breadth)
        self._of_industry = [
            [place for place in self._popular if self.industry_of[place] == industry]
            for industry in range(family.industries)
        ]
        self._weights = {size: self._falling(size) for size in {len(self._popular), *map(len, self._of_industry)}}
        self.homes: list[int] = []
        self.partners = [self._partner(name) for name in numbered("p", family.partners)]

    def _taxonomy(self) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = [{"id": name} for name in self.industries]
        for place, name in enumerate(self.capabilities):
            entries.append({"id": name, "broader": [self.industries[self.industry_of[place]]]})
            if name in self.variants:
                entries.append({"id": self.variants[name], "broader": [name]})
        return entries

    def _clusters(self) -> list[dict[str, Any]]:
        industries = self.draws.some_of(self.industries, len(self.industries))
        countries = self.draws.some_of(self.countries, len(self.countries))
        found = []
        for place, name in enumerate(numbered("k", self.family.clusters)):
            # the shift keeps industries and countries from going hand in hand where their numbers are alike
            shift = place // len(countries)
            cluster: dict[str, Any] = {
                "id": name,
                "country": countries[place % len(countries)],
                "industry": industries[(place + shift) % len(industries)],
            }
            if self.family.fee:
                cluster["fee"] = self.family.fee * self.draws.between(50, 150, 5) // 100
            found.append(cluster)
        return found

    def _falling(self, size: int) -> Weights:
        """Weights that fall with rank as a power, in whole numbers."""
        return Weights([max(1, 10**9 // (rank + 1) ** self.family.skew) for rank in range(size)])

    def _partner(self, name: str) -> dict[str, Any]:
        draws = self.draws
        industry = draws.below(self.family.industries)
        self.homes.append(industry)
        kind = KINDS[draws.place(_HOW_MANY)]
        clusters = self._memberships(self.industries[industry])
        country = clusters[0]["country"] if clusters and draws.happens(90) else draws.one_of(self.countries)
        partner: dict[str, Any] = {
            "id": name,
            "clusters": [cluster["id"] for cluster in clusters],
            "country": country,
            "industry": self.industries[industry],
            "kind": kind,
            "joining_cost": draws.between(200, 3000, 50),
            "capacity": draws.between(8, 24),
        }
        if draws.happens(5):
            partner["role"] = "associated"
        if draws.happens(10):
            partner["owner"] = f"owner {draws.below(self.family.partners // 20 + 1) + 1}"
        if draws.happens(20):
            partner["attributes"] = {"coordinated": True}
        partner["offers"] = self._offers(partner, industry)
        return partner

    def _memberships(self, industry: str) -> list[dict[str, Any]]:
        """Return no cluster for one partner in twenty, two for a quarter; those of its industry come first."""
        own = [cluster for cluster in self.clusters if cluster["industry"] == industry]
        count = (0, 2, 1)[self.draws.place(Weights((5, 25, 70)))]
        first = [self.draws.one_of(own or self.clusters)] if count else []
        others = [cluster for cluster in self.clusters if cluster not in first]
        return first + (self.draws.some_of(others, 1) if count == 2 else [])

    def _offers(self, partner: dict[str, Any], industry: int) -> list[dict[str, Any]]:
        draws, wanted = self.draws, self.draws.between(1, 2 * self.family.offers - 1)
        found: dict[int, dict[str, Any]] = {}
        for _ in range(2 * wanted):  # popular competences are drawn again and again, so this ends in any case
            own = self._of_industry[industry]
            ranked = own if own and draws.happens(self.family.specialisation) else self._popular
            place = ranked[draws.place(self._weights[len(ranked)])]
            if place not in found and len(found) < wanted:
                found[place] = self.offer(partner, place, draws.between(1, self.family.levels))
        return [found[place] for place in sorted(found)]

    def offer(self, partner: dict[str, Any], place: int, level: int) -> dict[str, Any]:
        """Make an offer of a partner, of a competence by position or its narrower variant."""
        draws, name = self.draws, self.capabilities[place]
        if name in self.variants and draws.happens(30):
            name = self.variants[name]
        dearness = (
            _DEARNESS[partner["kind"]] * self._dearness_of(partner["country"]) * (75 + 10 * level + draws.below(21))
        )
        offer: dict[str, Any] = {"competence": name, "level": level, "rate": _USUAL_RATE * dearness // 10**7 * 10}
        if draws.happens(15):
            offer["fixed"] = draws.between(100, 900, 50)
        if draws.happens(50):
            offer["capacity"] = draws.between(3, 10)
        return offer

    def _dearness_of(self, country: str) -> int:
        """Percent of the usual rate: from 70 in the first country to 130 in the last."""
        return 70 + 60 * self.countries.index(country) // max(1, len(self.countries) - 1)
