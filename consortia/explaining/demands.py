"""A question taken apart: what is left when nothing is asked for, and everything that is asked for, one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Literal

import numpy as np

from consortia.costs import Cost
from consortia.explaining.asking import AtLevel, OneOption, StandIns, Suppliers, Undertaken, Welcome, WithinBudget
from consortia.explaining.pieces import in_all_forms, pieces, spread, survivals, tied
from consortia.explaining.question import Question
from consortia.instance import Instance
from consortia.rules import Exclude, Include, Rule
from consortia.sentence import Sentence, say
from consortia.spec.project import Capability, Project

Kind = Literal["rule", "accepted", "choice", "level", "suppliers", "backups", "capability", "budget"]


@dataclass(frozen=True)
class Demand:
    """One thing that a question asks for, and that can be left out by itself.

    Attributes
    ----------
    kind : str
        ``rule``, ``accepted`` (only partners that have accepted), ``choice``, ``level``, ``suppliers``, ``backups``,
        ``capability`` (that it is undertaken) or ``budget``.
    rule : Rule
        What it asks of a consortium for the question without demands.
    sentence : Sentence
        What it asks, in its own words.
    names : tuple of str
        How it may be called where weights are given.
    capability : str or None
        Which one it is about.
    original : Rule or None
        The rule, or the piece of one, that it is.
    """

    kind: Kind
    rule: Rule
    sentence: Sentence
    names: tuple[str, ...]
    capability: str | None = None
    original: Rule | None = None

    @property
    def name(self) -> str:
        """The name that is its own, where it has several."""
        own = str(self.sentence)
        return own if own in self.names else self.names[0]


class TakenApart:
    """A question as a bare one, in which nothing is asked for, and demands.

    A consortium answers the question exactly when it answers the bare one and obeys all demands, at the same cost.
    In the bare question every capability may be left out and asks for one supplier and no backups, whoever was
    excluded or has not accepted may join, and there is no budget. A capability that somebody offers at a lower level
    is there in two forms, as asked and at level 1, and at most one of them is undertaken. Partners that the question
    includes by name need no part in the work, asked for or not: else fewer demands could be harder to meet.

    Parameters
    ----------
    question : Question

    Attributes
    ----------
    question : Question
    original : Instance
    bare : Instance
    forms : mapping of str to tuple of str
        The forms of each capability, that which is asked first.
    demands : tuple of Demand
        Rules first, the budget last.
    """

    def __init__(self, question: Question) -> None:
        self.question = question
        self.original = original = question.instance
        self.forms = {name: (name,) for name in original.capabilities} | self._lower_forms()
        self._fixed = survivals(original.rules, original.capabilities)  # there suppliers are read by rules as well
        included = [name for rule in original.rules if isinstance(rule, Include) for name in rule.partners]
        self.background: tuple[Rule, ...] = (Welcome(partners=tuple(included)),) if included else ()
        posed = self._posed_bare() if question.project is not None else original
        self._budget = posed.budget
        self.bare = self._without_demands(posed)
        self.demands = tuple(self._demands())

    # --- the bare question -----------------------------------------------------------------------------------------

    def _lower_forms(self) -> dict[str, tuple[str, ...]]:
        """Return both forms of the capabilities whose level could be lowered to some avail."""
        project, pool = self.question.project, self.question.pool
        if project is None or pool is None:
            return {}
        ids = set(self.original.capabilities)
        found: dict[str, tuple[str, ...]] = {}
        for capability in project.capabilities:
            levels = pool.offer_level[pool.suiting(capability.wanted)]
            if capability.id in tied(self.original.rules) or not (levels < capability.level).any():
                continue
            lower = f"{capability.id} (lower)"
            while lower in ids:
                lower += "'"
            ids.add(lower)
            found[capability.id] = (capability.id, lower)
        return found

    def _posed_bare(self) -> Instance:
        """Pose the project with both forms of capabilities, and without those who were kept out by rules."""
        project = self.question.project
        assert project is not None
        capabilities = list(project.capabilities)
        for capability in project.capabilities:
            for lower in self.forms[capability.id][1:]:
                changes = {"id": lower, "competence": capability.wanted, "level": 1}
                capabilities.append(capability.model_copy(update=changes))
        packages = tuple(
            package.model_copy(update={"capabilities": tuple(spread(package.capabilities, self.forms))})
            for package in project.work_packages
        )
        costs = tuple(self._cost(cost) for cost in project.costs)
        changes = {"capabilities": tuple(capabilities), "work_packages": packages, "costs": costs, "choices": ()}
        return self.posed(project.model_copy(update={**changes, "accepted_only": False}))

    def posed(self, project: Project) -> Instance:
        """Pose a project without its rules, which are added later: those that exclude would screen partners out."""
        included = [name for rule in self.original.rules if isinstance(rule, Include) for name in rule.partners]
        rules = (Include(partners=tuple(included)),) if included else ()
        changed = project.model_copy(update={"rules": rules, "packs": (), "cooperation": "any"})
        return replace(self.question, require=(), forbid=()).posed(changed).replace(groups=self.original.groups)

    def _cost(self, cost: Cost) -> Cost:
        """Let what a capability needs be needed by its other form as well."""
        needs = getattr(cost, "needed_by", ())
        further = [
            need.model_copy(update={"capability": form})
            for need in needs
            for form in self.forms.get(need.capability, ())[1:]
        ]
        return cost.model_copy(update={"needed_by": (*needs, *further)}) if further else cost

    def _without_demands(self, posed: Instance) -> Instance:
        places = posed.capability_at
        least, backups = posed.least_providers.copy(), posed.backups.copy()
        for name, place in places.items():
            if name not in set(spread(self._fixed, self.forms)):
                least[place] = 1
            backups[place] = 0
        either = tuple((frozenset[str](), *(frozenset([form]) for form in forms)) for forms in self._twofold)
        return posed.replace(
            least_providers=least,
            backups=backups,
            optional=np.ones(len(places), dtype=bool),
            choices=either,
            budget=None,
            rules=self.background,
            objectives=(("cost", Fraction(0)),),
        )

    @property
    def _twofold(self) -> Iterator[tuple[str, ...]]:
        return (forms for forms in self.forms.values() if len(forms) > 1)

    # --- the demands -----------------------------------------------------------------------------------------------

    def _demands(self) -> Iterator[Demand]:
        original, bare, project = self.original, self.bare, self.question.project
        yield from self._rules()
        if project is not None and project.accepted_only:
            absent = [name for name in bare.partners if project.interest.get(name) != "accepted"]
            if absent:
                sentence = say("only partners that have accepted may join")
                yield Demand("accepted", Exclude(partners=tuple(absent)), sentence, ("accepted_only",))
        for number, options in enumerate(original.choices):
            choice = OneOption(options=tuple(tuple(sorted(option)) for option in options), forms=self.forms)
            given = project.choices[number].id if project is not None else None
            names = (given,) if given is not None else (f"choice {number + 1}",)
            yield Demand("choice", choice, choice.describe(), names)
        for capability in self._asked():
            for name, forms in self.forms.items():
                if capability is not None and name == capability.id and len(forms) > 1:
                    level = AtLevel(capability=name, lower=forms[1], level=capability.level)
                    yield Demand("level", level, level.describe(), (f"{name}: level",), name)
        for place, name in enumerate(original.capabilities):
            yield from self._numbers(place, name)
        for name in original.capabilities:
            if name in original.settled:
                rule = Undertaken(forms=self.forms[name])
                yield Demand("capability", rule, rule.describe(), (name,), name)
        if self._budget is not None:
            amount = bare.money(self._budget)
            cap = WithinBudget(most=self._budget, amount=amount, currency=bare.currency)
            yield Demand("budget", cap, cap.describe(), ("budget",))

    def _asked(self) -> tuple[Capability, ...]:
        return () if self.question.project is None else self.question.project.capabilities

    def _rules(self) -> list[Demand]:
        """The rules in pieces; what is asked for twice is one demand, by whatever names."""
        found: dict[str, Demand] = {}
        for rule in self.original.rules:
            parts = pieces(rule)
            for part in parts:
                demand = self._of_rule(rule, part, alone=len(parts) == 1)
                key = f"{type(part).__name__}{part.model_copy(update={'label': None}).model_dump_json()}"
                before = found.setdefault(key, demand)
                found[key] = replace(before, names=tuple(dict.fromkeys((*before.names, *demand.names))))
        return list(found.values())

    def _of_rule(self, rule: Rule, part: Rule, alone: bool) -> Demand:
        sentence = part.title() if alone else part.describe()
        if rule.label and not alone:
            sentence = say("{rule}: {part}", rule=rule.title(), part=sentence)
        names = dict.fromkeys((str(rule.title()), str(part.describe()), str(sentence)))
        return Demand("rule", in_all_forms(part, self._doubled), sentence, tuple(names), original=part)

    @cached_property
    def _doubled(self) -> Mapping[str, tuple[str, ...]]:
        return {forms[0]: forms for forms in self._twofold}

    def _numbers(self, place: int, name: str) -> Iterator[Demand]:
        """How many suppliers and backups a capability asks for beyond one and none."""
        forms, least, backups = (
            self.forms[name],
            *(int(wanted[place]) for wanted in (self.original.least_providers, self.original.backups)),
        )
        if least > 1 and name not in self._fixed:
            suppliers = Suppliers(forms=forms, least=least)
            yield Demand("suppliers", suppliers, suppliers.describe(), (f"{name}: suppliers",), name)
        if backups:
            stand_ins = StandIns(forms=forms, least=backups)
            yield Demand("backups", stand_ins, stand_ins.describe(), (f"{name}: backups",), name)

    def under(self, kept: Iterable[int]) -> Instance:
        """Return the bare question with some demands, by their positions, in their order."""
        rules = (self.demands[place].rule for place in sorted(kept))
        return self.bare.replace(rules=(*self.background, *rules))
