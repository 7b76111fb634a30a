"""Rules in pieces: one for each partner and each limit that they name, so that each can be left out by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from consortia.rules import Conditional, Count, Distinct, Exclude, Include, Limit, Participation, Rule, Share, Survives

_LIMITS: tuple[tuple[tuple[type[Rule], ...], tuple[str, ...]], ...] = (
    ((Count, Distinct), ("min", "max", "min_share", "max_share")),
    ((Share, Limit), ("min", "max")),
    ((Participation,), ("min_effort", "min_share")),
)


def limits(rule: Rule) -> tuple[str, ...]:
    """Return the names of the limits that a rule sets, where it may set several.

    Examples
    --------
    >>> limits(Count(min=2, max=4))
    ('min', 'max')
    """
    for kinds, names in _LIMITS:
        if isinstance(rule, kinds):
            return tuple(name for name in names if getattr(rule, name) is not None)
    return ()


def pieces(rule: Rule) -> list[Rule]:
    """Take a rule apart; the pieces together mean the rule.

    Examples
    --------
    >>> [str(piece.describe()) for piece in pieces(Count(min=2, max=4))]
    ['at least 2 members', 'at most 4 members']
    >>> [str(piece.describe()) for piece in pieces(Include(partners=("ada", "bor")))]
    ['ada must be in', 'bor must be in']
    """
    if isinstance(rule, Include | Exclude):
        made: list[Rule] = [_of(rule, partners=(partner,)) for partner in dict.fromkeys(rule.partners)]
        if isinstance(rule, Exclude) and rule.filter is not None:
            made = [_of(piece, filter=None) for piece in made] + [_of(rule, partners=())]
        return made
    named = limits(rule)
    if len(named) < 2:
        return [rule]
    return [_only(rule, name, named) for name in named]


def _only(rule: Rule, kept: str, named: Iterable[str]) -> Rule:
    dropped: dict[str, object] = {name: None for name in named if name != kept}
    if isinstance(rule, Count | Distinct) and not kept.endswith("share"):
        dropped["base"] = None
    return _of(rule, **dropped)


def _of(rule: Rule, **changes: object) -> Rule:
    return rule.model_copy(update=changes)


def survivals(rules: Iterable[Rule], capabilities: Iterable[str]) -> set[str]:
    """Return the capabilities whose supply is asked to survive losses: there numbers of suppliers are read twice."""
    every = set(capabilities)
    parts = (part for rule in rules for part in rule.with_parts() if isinstance(part, Survives))
    return {name for part in parts for name in part.capabilities or every}


def tied(rules: Iterable[Rule]) -> set[str]:
    """Return the capabilities that rules name one at a time, as of a coordinator: they cannot have two forms."""
    return {
        name
        for rule in rules
        for part in rule.with_parts()
        for place, name in part.capabilities_named()
        if place == ("capability",)
    }


def in_all_forms(rule: Rule, forms: Mapping[str, tuple[str, ...]]) -> Rule:
    """Return a rule that speaks of all forms of the capabilities that it names."""
    changes: dict[str, object] = {}
    named = getattr(rule, "capabilities", ())
    if named:
        changes["capabilities"] = tuple(spread(named, forms))
    if isinstance(rule, Conditional):
        changes |= {"if_": in_all_forms(rule.if_, forms), "then": in_all_forms(rule.then, forms)}
    return _of(rule, **changes) if changes else rule


def spread(names: Iterable[str], forms: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Return capabilities with their other forms."""
    for name in names:
        yield from forms.get(name, (name,))
