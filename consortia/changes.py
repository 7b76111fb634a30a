"""What is different between two consortia, in sentences."""

from __future__ import annotations

from decimal import Decimal

from consortia.consortium import Consortium
from consortia.sentence import Sentence, listed, say


def changes(before: Consortium, after: Consortium) -> list[Sentence]:
    """Say who left, who joined, and whose part is another.

    Parameters
    ----------
    before, after : Consortium

    Returns
    -------
    list of Sentence
        Empty if the two are the same.

    Examples
    --------
    >>> for sentence in changes(Consortium({"a": None, "b": "k"}), Consortium({"b": "m", "c": None})):
    ...     print(sentence)
    a leaves
    c joins
    b enters through m instead of k
    """
    found = [say("{partner} leaves", partner=name) for name in before.members if name not in after.members]
    found += [say("{partner} joins", partner=name) for name in after.members if name not in before.members]
    for name, cluster in after.members.items():
        was = before.members.get(name, cluster)
        if was != cluster:
            now, then = cluster or "-", was or "-"
            found.append(say("{partner} enters through {now} instead of {then}", partner=name, now=now, then=then))
    found += _deliveries(before, after)
    if before.coordinator != after.coordinator:
        now, then = after.coordinator or "-", before.coordinator or "-"
        found.append(say("{now} coordinates instead of {then}", now=now, then=then))
    for package in sorted({*before.leaders, *after.leaders}):
        now, then = after.leaders.get(package, "-"), before.leaders.get(package, "-")
        if now != then:
            found.append(say("{now} leads {package} instead of {then}", now=now, package=package, then=then))
    return found


def _deliveries(before: Consortium, after: Consortium) -> list[Sentence]:
    """Say who delivers more, less, nothing any more, or something new."""
    then, now = _efforts(before), _efforts(after)
    found = []
    for partner, capability in sorted({*then, *now}):
        names = {"partner": partner, "capability": capability}
        old, new = then.get((partner, capability)), now.get((partner, capability))
        if old is None:
            texts = ("{partner} takes on {capability}", "{partner} takes on {capability}: {effort} person-months")
            found.append(Sentence(texts[bool(new)], {**names, "effort": new}))
        elif new is None:
            texts = ("{partner} gives up {capability}", "{partner} gives up {capability}: {effort} person-months")
            found.append(Sentence(texts[bool(old)], {**names, "effort": old}))
        elif old != new:
            text = "{partner} delivers {new} person-months of {capability} instead of {old}"
            found.append(Sentence(text, {**names, "new": new, "old": old}))
    undertaken = (consortium.undertaken or frozenset() for consortium in (before, after))
    was, is_now = undertaken
    if was != is_now:
        for text, difference in (
            ("no longer undertaken: {names}", was - is_now),
            ("undertaken: {names}", is_now - was),
        ):
            if difference:
                found.append(Sentence(text, {"names": listed(sorted(difference))}))
    return found


def _efforts(consortium: Consortium) -> dict[tuple[str, str], Decimal]:
    return {(delivery.partner, delivery.capability): delivery.effort for delivery in consortium.deliveries}
