"""The independent checker: every violation and every cent, from the Instance and the Consortium alone.

It works with sets and sums, and sees neither a program nor a solver.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from consortia.consortium import Consortium
from consortia.costs import Line, lines
from consortia.instance import Instance
from consortia.rules import Coordinator
from consortia.sentence import Sentence, say
from consortia.structure import PARTS


@dataclass(frozen=True)
class Verification:
    """What the checker found.

    Attributes
    ----------
    violations : tuple of Sentence
        Each breach of the structure or of a rule; empty for a valid consortium.
    lines : tuple of Line
        What is paid, item by item.
    cost : int
        The whole cost, in the Instance's units of money.
    """

    violations: tuple[Sentence, ...]
    lines: tuple[Line, ...]
    cost: int

    @property
    def valid(self) -> bool:
        """Whether nothing is violated."""
        return not self.violations


def verify(instance: Instance, consortium: Consortium) -> Verification:
    """Check a consortium against its question.

    Parameters
    ----------
    instance : Instance
    consortium : Consortium

    Returns
    -------
    Verification

    Examples
    --------
    >>> question = Instance.from_arrays(partners=["a", "b"], capabilities=1, joining=[3, 2], holds=([0, 1], [0, 0]))
    >>> verify(question, Consortium({"b": None})).cost
    2
    >>> [str(violation) for violation in verify(question, Consortium()).violations]
    ['nobody supplies 1']
    """
    found, known = _known(instance, consortium)
    for part in PARTS:
        found += part.violations(instance, known)
    for cost in instance.costs:
        found += cost.violations(instance, known)
    for place, rule in enumerate(instance.rules):
        if place in instance.waivable:
            continue
        for sentence in rule.violations(instance, known):
            found.append(say("{rule}: {violation}", rule=rule.title(), violation=sentence))
    paid = tuple(lines(instance, known))
    return Verification(tuple(found), paid, sum(line.cost for line in paid))


def check(project: Any, answer: Any, pool: Any = None) -> Verification:
    """Check somebody's answer to a question, and what it says of its costs.

    Parameters
    ----------
    project, pool
        The question, as for :func:`consortia.solve`.
    answer : path, dict, Outcome or Consortium
        The consortium to check; a path or dict is an outcome in its JSON form, whose stated costs are checked too.

    Returns
    -------
    Verification

    Raises
    ------
    SpecError
        If the question or the answer cannot be read.

    Examples
    --------
    >>> question = Instance.from_arrays(partners=["a"], capabilities=1, joining=[3], holds=([0], [0]))
    >>> answer = {"members": [{"id": "a", "cost": 2}], "deliveries": [], "shared": [], "cost": 2}
    >>> [str(violation) for violation in check(question, answer).violations]
    ['the cost is stated as 2 and is 3', 'the own cost of a is stated as 2 and is 3']
    """
    from consortia.posing import pose
    from consortia.stated import read_answer, wrong_statements

    instance = pose(project, pool)
    consortium, stated = read_answer(answer)
    found = verify(instance, consortium)
    wrong = wrong_statements(instance, consortium, found.lines, stated) if stated is not None else []
    return Verification((*found.violations, *wrong), found.lines, found.cost)


def _known(instance: Instance, consortium: Consortium) -> tuple[list[Sentence], Consortium]:
    """Set aside what the question does not know, and say so; the rest can be checked and priced."""
    found: list[Sentence] = []
    members: dict[str, str | None] = {}
    unknown = [partner for partner in consortium.members if partner not in instance.partner_at]
    left_out = instance.exclusions if unknown else ()
    reasons = {exclusion.partner: exclusion.reason for exclusion in left_out if exclusion.capability is None}
    for partner, cluster in consortium.members.items():
        if partner in instance.partner_at:
            if cluster is not None and instance.seat_of(partner, cluster) is None:
                found.append(
                    say(
                        "{partner} enters through {cluster}, to which it does not belong",
                        partner=partner,
                        cluster=cluster,
                    )
                )
                cluster = next(seat for name, seat in instance.seat_at if name == partner)
            members[partner] = cluster
        elif partner in reasons:
            found.append(say("{partner} may not join: {reason}", partner=partner, reason=reasons[partner]))
        else:
            found.append(say("{partner} is not in the pool", partner=partner))
    ruled = any(isinstance(rule, Coordinator) for rule in instance.rules)  # then the rule says it
    if consortium.coordinator is not None and consortium.coordinator not in members and not ruled:
        found.append(say("the coordinator {partner} is not a member", partner=consortium.coordinator))
    deliveries = []
    for delivery in consortium.deliveries:
        if (delivery.partner, delivery.capability, delivery.offer) not in instance.arc_at:
            found.append(
                say(
                    "{partner} may not deliver {capability} through its offer {offer}",
                    partner=delivery.partner,
                    capability=delivery.capability,
                    offer=delivery.offer,
                )
            )
        elif instance.steps(delivery.effort) is None:
            found.append(
                say(
                    "{partner} delivers {effort} person-months of {capability}, not a whole number of steps of {step}",
                    partner=delivery.partner,
                    effort=delivery.effort,
                    capability=delivery.capability,
                    step=instance.step,
                )
            )
        else:
            deliveries.append(delivery)
    backups = []
    for backup in consortium.backups:
        names = {"partner": backup.partner, "capability": backup.capability, "offer": backup.offer}
        if (backup.partner, backup.capability, backup.offer) not in instance.arc_at:
            found.append(Sentence("{partner} may not stand by for {capability} with its offer {offer}", names))
        elif instance.steps(backup.effort) is None:
            text = "{partner} keeps {effort} person-months free for {capability}, not a whole number of steps of {step}"
            found.append(Sentence(text, {**names, "effort": backup.effort, "step": instance.step}))
        else:
            backups.append(backup)
    undertaken = consortium.undertaken
    for name in sorted((undertaken or frozenset()) - set(instance.capabilities)):
        found.append(say("there is no {kind} {name}", kind=say("capability"), name=name))
    if undertaken is not None:
        undertaken = undertaken.intersection(instance.capabilities)
    known = replace(consortium, members=members, deliveries=tuple(deliveries), backups=tuple(backups))
    return found, replace(known, undertaken=undertaken)
