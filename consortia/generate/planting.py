"""The question of the family `consortium`: capabilities, a planted consortium, and rules that it just obeys."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from consortia.consortium import Consortium, Delivery
from consortia.generate.draws import Draws, Weights
from consortia.generate.family import percent

if TYPE_CHECKING:
    from consortia.generate.consortium import ConsortiumFamily
    from consortia.generate.pool import Pool

_SINGLE, _SPLIT, _DOUBLE = range(3)
_MANNERS = Weights((40, 40, 20))


class Plant:
    """Capabilities, who of the planted consortium supplies them, and the rules.

    Attributes
    ----------
    capabilities, rules : list of dict
        As a project file writes them.
    members : list of int
        Positions of the planted members in the pool.
    """

    def __init__(self, family: ConsortiumFamily, draws: Draws, pool: Pool) -> None:
        self.family, self.draws, self.pool = family, draws, pool
        self.members = self._choose()
        for member in self.members:
            pool.partners[member].pop("owner", None)
        self._tasks = dict.fromkeys(self.members, 0)
        self._work: dict[int, int] = defaultdict(int)
        self._deliveries: list[tuple[int, int, str, int]] = []
        # spread over all industries where the pool knows more than is asked for
        self._asked = [number * family.breadth // family.capabilities for number in range(family.capabilities)]
        self.capabilities = [self._capability(number) for number in range(family.capabilities)]
        for member, effort in self._work.items():
            partner = pool.partners[member]
            partner["capacity"] = max(partner["capacity"], effort)
        self.rules = self._rules() if family.rules else []

    def _choose(self) -> list[int]:
        """Draw the members: of all countries in turn, three in five of them small enterprises."""
        partners = self.pool.partners
        pile = [
            place for place in self.draws.some_of(range(len(partners)), len(partners)) if "role" not in partners[place]
        ]
        pile += [place for place in range(len(partners)) if "role" in partners[place]]
        chosen: list[int] = []
        for number in range(self.family.planted):
            country = self.pool.countries[number % self.family.countries]
            small = number % 5 < 3
            best = min(
                pile,
                key=lambda place: (
                    "role" in partners[place],
                    partners[place]["country"] != country,
                    (partners[place]["kind"] == "sme") != small,
                ),
            )
            pile.remove(best)
            partners[best].pop("role", None)
            chosen.append(best)
        return sorted(chosen)

    # --- capabilities ----------------------------------------------------------------------------------------

    def _capability(self, number: int) -> dict[str, Any]:
        """Make a capability, and see to it that planted members supply it."""
        draws, place = self.draws, self._asked[number]
        name = self.pool.capabilities[place]
        level = min(draws.between(1, self.family.levels), draws.between(1, self.family.levels))
        capability: dict[str, Any] = {"id": name, "level": level}
        if number and draws.happens(self.family.held):
            count = 2 if number > 2 and draws.happens(20) else 1
            if count > 1:
                capability["providers"] = {"min": count}
            for member in self._suppliers(place, count):
                self._enable(member, place, level)
            return capability
        # the first is coordination; the first three need one provider, so that a question can be made infeasible
        manner = _SINGLE if number == 0 else draws.place(_MANNERS) if number > 2 else draws.below(2)
        providers = 2 if manner == _DOUBLE else 1
        effort = providers * draws.between(2, 10 // providers)
        capability["effort"] = effort
        capability["providers"] = (1, {"max": 2}, {"min": 2, "max": 3})[manner]
        if manner != _SINGLE:
            capability["least_share"] = "25 %"
        backups = int(number > 2 and manner == _SINGLE and draws.happens(20))
        if backups:
            capability["backups"] = backups
        suppliers = self._suppliers(place, providers, backups)
        for rank, member in enumerate(suppliers):
            offer = self._enable(member, place, level, effort // providers)
            if rank < providers:
                self._work[member] += effort // providers
                self._deliveries.append((member, place, offer, effort // providers))
            else:  # a backup could do it, although no capacity is reserved
                self._work[member] = max(self._work[member], effort)
        return capability

    def _suppliers(self, place: int, count: int, spare: int = 0) -> list[int]:
        """Return those who have least to do, of the capability's own industry where that is as good.

        Spare ones come last; it is no task of theirs, since who is but a backup takes no part.
        """
        industry = self.pool.industry_of[place]
        least = min(self._tasks.values())
        ranked = sorted(
            self._tasks, key=lambda one: (self._tasks[one] > least, self.pool.homes[one] != industry, self._tasks[one])
        )
        for member in ranked[:count]:
            self._tasks[member] += 1
        return ranked[: count + spare]

    def _enable(self, member: int, place: int, level: int, effort: int = 0) -> str:
        """Give a member an offer that suits, and return its competence."""
        partner = self.pool.partners[member]
        offer = next((one for one in partner["offers"] if self._about(one, place)), None)
        if offer is None:
            offer = self.pool.offer(partner, place, self.draws.between(level, self.family.levels))
            partner["offers"].append(offer)
        offer["level"] = max(offer["level"], level)
        if "capacity" in offer:
            offer["capacity"] = max(offer["capacity"], effort)
        return str(offer["competence"])

    def _about(self, offer: dict[str, Any], place: int) -> bool:
        name = self.pool.capabilities[place]
        return offer["competence"] in (name, self.pool.variants.get(name))

    # --- the planted consortium ------------------------------------------------------------------------------

    def consortium(self) -> Consortium:
        """Return the planted consortium; members enter through their first clusters."""
        partners = self.pool.partners
        return Consortium(
            {partners[m]["id"]: self._entry(m) for m in self.members},
            tuple(
                Delivery(partners[member]["id"], self.pool.capabilities[place], offer, Decimal(effort))
                for member, place, offer, effort in self._deliveries
            ),
            partners[self._deliveries[0][0]]["id"] if self.rules else None,
        )

    def _entry(self, member: int) -> str | None:
        return next(iter(self.pool.partners[member]["clusters"]), None)

    def cooperation(self) -> str:
        """Return the level of cooperation: cross-cluster where the planted consortium is."""
        entries = {self._entry(member) for member in self.members} - {None}
        industries = {self.pool.homes[member] for member in self.members}
        return "cross-cluster" if min(len(entries), len(industries)) > 1 else "any"

    def _own_costs(self) -> dict[int, int]:
        costs = {member: self.pool.partners[member]["joining_cost"] for member in self.members}
        for member, _, competence, effort in self._deliveries:
            offers = self.pool.partners[member]["offers"]
            offer = next(one for one in offers if one["competence"] == competence)
            costs[member] += offer.get("fixed", 0) + offer["rate"] * effort
        return costs

    # --- rules -----------------------------------------------------------------------------------------------

    def _rules(self) -> list[dict[str, Any]]:
        """Rules with their limits where the planted consortium stands."""
        partners, costs = self.pool.partners, self._own_costs()
        whole = sum(costs.values())
        of_country: dict[str, int] = defaultdict(int)
        for member, cost in costs.items():
            of_country[partners[member]["country"]] += cost
        small = [member for member in self.members if partners[member]["kind"] == "sme"]
        entries = {self._entry(member) for member in small} - {None}
        first = self._deliveries[0][0]
        partners[first]["attributes"] = {"coordinated": True}
        found: list[dict[str, Any]] = [
            {"rule": "coordinator", "capability": self.pool.capabilities[0], "filter": {"coordinated": True}},
            {"rule": "count", "max": len(self.members)},
            {"rule": "representatives", "attribute": "country", "min": len(of_country)},
        ]
        if entries:
            among = {"kind": "sme"}
            found.append({"rule": "representatives", "attribute": "cluster", "min": len(entries), "among": among})
        most, largest = max(of_country.values()), max(costs.values())
        share = percent(sum(costs[member] for member in small), whole, up=False)
        found += [
            {"rule": "share", "each": "country", "max": f"{percent(most, whole, up=True)} %"},
            {"rule": "share", "each": "partner", "max": f"{percent(largest, whole, up=True)} %"},
            {"rule": "share", "filter": {"kind": "sme"}, "min": f"{share} %"},
        ]
        return found + self._pairs()

    def _pairs(self) -> list[dict[str, Any]]:
        """Conflicts and prerequisites that the planted consortium obeys."""
        draws, planted, found = self.draws, set(self.members), []
        for number in range(self.family.partners // 6):
            one, other = draws.some_of(range(self.family.partners), 2)
            if number % 2 == 0 and not (one in planted and other in planted):
                found.append({"rule": "conflict", "partners": self._ids(one, other)})
            elif number % 2 and (one not in planted or other in planted):
                found.append({"rule": "requires", "when": self._ids(one)[0], "any_of": self._ids(other)})
        return found

    def _ids(self, *places: int) -> list[str]:
        return [self.pool.partners[place]["id"] for place in places]

    def make_infeasible(self) -> None:
        """Leave the second and the third capability to one supplier each, and let the two be in conflict."""
        pair = self.members[:2]
        for member, number in zip(pair, (1, 2), strict=True):
            capability, place = self.capabilities[number], self._asked[number]
            effort = capability.get("effort", 0)
            self._enable(member, place, capability["level"], effort)
            partner = self.pool.partners[member]
            partner["capacity"] = max(partner["capacity"], effort)
            for other, partner in enumerate(self.pool.partners):
                if other != member:
                    partner["offers"] = [offer for offer in partner["offers"] if not self._about(offer, place)]
        self.rules.append({"rule": "conflict", "partners": self._ids(*pair)})
