"""The cost added up three times: by what is paid for, by cluster, by country; each sums to the total that is shown."""

from __future__ import annotations

from decimal import Decimal

from consortia.instance import Instance
from consortia.language import Language
from consortia.outcome import Outcome
from consortia.report.money import Shown
from consortia.report.naming import by_cluster, named

Sums = dict[str, Decimal]
_OF_MEMBERS = {"joining": "Joining costs of members", "delivery": "Deliveries of members"}


def cost_by_component(outcome: Outcome, amounts: Shown, words: Language) -> Sums:
    """Return members' own costs by kind, then shared ones by kind."""
    found: Sums = {}
    order = sorted(zip(outcome.lines, amounts.items, strict=True), key=lambda entry: entry[0].partner is None)
    for line, amount in order:
        title = _OF_MEMBERS.get(line.component, line.component)
        _add(found, words.translate(title if line.partner is not None else line.component), amount)
    return found


def cost_by_item(outcome: Outcome, amounts: Shown, words: Language) -> Sums:
    """Return members' own costs by kind, then each shared line."""
    instance = outcome.instance
    own: Sums = {}
    shared: Sums = {}
    for line, amount in zip(outcome.lines, amounts.items, strict=True):
        if line.partner is not None:
            _add(own, words.translate(_OF_MEMBERS.get(line.component, line.component)), amount)
            continue
        item = named(instance.cluster_names, line.item)
        if line.component == "coordination":  # not an id, but a class of distance, or two ids
            item = words.translate(line.item)
        _add(shared, f"{words.translate(line.component)}: {item}", amount)
    return {**own, **shared}


def cost_by_cluster(outcome: Outcome, amounts: Shown, words: Language) -> Sums:
    """Return what the members of each cluster cost with its fee; other shared costs come last."""
    assert outcome.consortium is not None
    instance = outcome.instance
    found: Sums = {}
    for cluster, partners in by_cluster(outcome.consortium).items():
        name = words.say("No cluster") if cluster is None else named(instance.cluster_names, cluster)
        own = sum((amounts.own[partner] for partner in partners), Decimal(0))
        _add(found, name, own + _fees(outcome, amounts).get(cluster or "", Decimal(0)))
    return _with_rest(found, amounts, words)


def cost_by_country(outcome: Outcome, amounts: Shown, words: Language) -> Sums:
    """Return what the members of each country cost, with the fees of its clusters; other shared costs come last."""
    assert outcome.consortium is not None
    instance = outcome.instance
    found: Sums = {}
    for partner, cluster in outcome.consortium.members.items():
        country = instance.attribute("country", partner, cluster)
        _add(found, words.say("not stated") if country is None else words.country(str(country)), amounts.own[partner])
    for cluster, fee in _fees(outcome, amounts).items():
        country = _country(instance, cluster)
        if country is not None:
            _add(found, words.country(country), fee)
    return _with_rest(dict(sorted(found.items(), key=lambda entry: -entry[1])), amounts, words)


def countries(outcome: Outcome) -> set[str | None]:
    """Return the countries of the members; None among them where one is not stated."""
    members = {} if outcome.consortium is None else outcome.consortium.members
    found = (outcome.instance.attribute("country", *member) for member in members.items())
    return {None if value is None else str(value) for value in found}


def _fees(outcome: Outcome, amounts: Shown) -> Sums:
    fees: Sums = {}
    for line, amount in zip(outcome.lines, amounts.items, strict=True):
        if line.partner is None and line.component == "cluster fee":
            _add(fees, line.item, amount)
    return fees


def _country(instance: Instance, cluster: str) -> str | None:
    values = instance.cluster_attributes.get("country", ())
    value = values[instance.cluster_at[cluster]] if values and cluster in instance.cluster_at else None
    return None if value is None else str(value)


def _with_rest(found: Sums, amounts: Shown, words: Language) -> Sums:
    rest = amounts.total - sum(found.values(), Decimal(0))
    return {**found, words.say("Other shared costs"): rest} if rest else found


def _add(sums: Sums, name: str, amount: Decimal) -> None:
    sums[name] = sums.get(name, Decimal(0)) + amount
