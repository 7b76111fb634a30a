"""What each member of a consortium is to be told: its role, its tasks, its person-months, its budget."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from consortia.consortium import Backup, Consortium, Delivery
from consortia.errors import Problem, SpecError
from consortia.instance import Instance
from consortia.sentence import say
from consortia.stated import Statements, read_answer


@dataclass(frozen=True)
class Task:
    """What a member does of a capability.

    Attributes
    ----------
    capability, offer : str
        Ids.
    name : str
        What the capability is called.
    effort : Decimal
        Person-months; zero where there are none.
    periods : mapping of str to Decimal
    cost : Decimal or None
        None where the result does not say.
    packages : tuple of str
        The work packages that it belongs to.
    """

    capability: str
    offer: str
    name: str
    effort: Decimal
    periods: Mapping[str, Decimal]
    cost: Decimal | None
    packages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Invitation:
    """What one member is told; of others no more than who they are.

    Attributes
    ----------
    title, currency : str
        Of the project.
    partner, name : str
        Its id and what it is called.
    cluster : str or None
        Through which it enters.
    coordinates : bool
    leads : tuple of str
        Work packages.
    tasks : tuple of Task
    holds : tuple of str
        Capabilities that it is in the consortium for because it has them; known with the project only.
    stands_by : tuple of Backup
    own : Decimal or None
        Its own cost: joining and deliveries, less its discounts.
    grant : Decimal or None
        What it would get, where the result has funding.
    others : tuple of str
        Names of the other members.
    """

    title: str
    currency: str
    partner: str
    name: str
    cluster: str | None
    coordinates: bool
    leads: tuple[str, ...]
    tasks: tuple[Task, ...]
    holds: tuple[str, ...]
    stands_by: tuple[Backup, ...]
    own: Decimal | None
    grant: Decimal | None
    others: tuple[str, ...]

    @property
    def effort(self) -> Decimal:
        """All person-months."""
        return sum((task.effort for task in self.tasks), Decimal(0))

    @property
    def besides(self) -> Decimal | None:
        """What its own cost has beside its tasks: joining, less discounts. None where something is not said."""
        costs = [task.cost for task in self.tasks]
        if self.own is None or any(cost is None for cost in costs):
            return None
        return self.own - sum((cost for cost in costs if cost is not None), Decimal(0))


def invitations(result: Any, instance: Instance | None = None) -> list[Invitation]:
    """Return what each member of a result is told, in the order of the members.

    Parameters
    ----------
    result : path or dict
        An outcome in JSON, see ``docs/outcome.md``.
    instance : Instance, optional
        The question it answers: it knows names, work packages, and who holds what.

    Returns
    -------
    list of Invitation

    Raises
    ------
    SpecError
        If the result cannot be read, or does not hold for the question.

    Examples
    --------
    >>> from consortia import pose, solve
    >>> question = pose(
    ...     {"title": "A sledge", "cooperation": "any", "capabilities": [{"id": "welding", "effort": 2}]},
    ...     {"partners": [{"id": "Acme", "offers": [{"competence": "welding", "rate": 100}]}]},
    ... )
    >>> invitation, = invitations(solve(question, solver="exhaustive").to_dict(), question)
    >>> invitation.partner, str(invitation.effort), str(invitation.own)
    ('Acme', '2', '200')
    """
    data = _loaded(result)
    consortium, stated = read_answer(data)
    assert stated is not None
    if instance is not None:
        _check(instance, data, "result" if isinstance(result, dict) else str(result))
    return [_invitation(partner, data, consortium, stated, instance) for partner in consortium.members]


def _loaded(result: Any) -> dict[str, Any]:
    """Return a result as plain data, refused where it is none."""
    if isinstance(result, dict):
        return result
    read_answer(result)  # tells everything that may be wrong with a file
    data: dict[str, Any] = json.loads(Path(result).read_text(encoding="utf-8-sig"), parse_float=Decimal)
    return data


def _check(instance: Instance, data: dict[str, Any], file: str) -> None:
    from consortia.checking import verify

    found = verify(instance, read_answer(data)[0])
    if not found.valid:
        remedy = say("Solve the project again, or name the project and the pool that the result is of")
        raise SpecError([Problem(file, "", violation, remedy) for violation in found.violations])


def _invitation(
    partner: str, data: dict[str, Any], consortium: Consortium, stated: Statements, instance: Instance | None
) -> Invitation:
    names = instance.partner_names if instance is not None else {}
    packages = instance.package_names if instance is not None else {}
    costs = {(who, capability): cost for who, capability, cost in stated.deliveries}
    mine = [entry for entry in consortium.deliveries if entry.partner == partner]
    cluster = consortium.members[partner]
    return Invitation(
        str(data.get("title") or ""),
        stated.currency or "",
        partner,
        names.get(partner, partner),
        cluster if cluster is None or instance is None else instance.cluster_names.get(cluster, cluster),
        consortium.coordinator == partner,
        tuple(packages.get(package, package) for package, who in consortium.leaders.items() if who == partner),
        tuple(_task(entry, costs[partner, entry.capability], instance) for entry in mine),
        () if instance is None else _held(instance, consortium, partner),
        tuple(backup for backup in consortium.backups if backup.partner == partner),
        stated.own.get(partner),
        _grant(data, partner),
        tuple(names.get(other, other) for other in consortium.members if other != partner),
    )


def _task(entry: Delivery, cost: Decimal | None, instance: Instance | None) -> Task:
    packages: tuple[str, ...] = ()
    if instance is not None:
        found = (package for package, names in instance.work_packages.items() if entry.capability in names)
        packages = tuple(instance.package_names.get(package, package) for package in found)
    name = entry.capability if instance is None else _called(instance, entry.capability)
    return Task(entry.capability, entry.offer, name, entry.effort, entry.periods, cost, packages)


def _held(instance: Instance, consortium: Consortium, partner: str) -> tuple[str, ...]:
    held = instance.held_by(partner) & instance.undertaken(consortium)
    return tuple(sorted(_called(instance, name) for name in held))


def _called(instance: Instance, capability: str) -> str:
    return instance.capability_names.get(capability, capability)


def _grant(data: dict[str, Any], partner: str) -> Decimal | None:
    """Return a member's grant, where the result says one that is a number."""
    funding = data.get("funding")
    members = funding.get("members") if isinstance(funding, dict) else None
    for entry in members if isinstance(members, list) else ():
        if isinstance(entry, dict) and entry.get("partner") == partner:
            try:
                grant = Decimal(str(entry.get("grant")))
            except InvalidOperation:
                return None
            return grant if grant.is_finite() else None
    return None
