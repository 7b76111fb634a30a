"""From plain data to a model, with every error where a person wrote it.

What is wrong is taken out and the rest is read, so that the references in the sound part can be checked at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from consortia.errors import Problem
from consortia.files.explain import explained, walk
from consortia.files.loaded import Document, Loc, Source
from consortia.sentence import Sentence, say
from consortia.spec.references import Known, written_ids

Model = TypeVar("Model", bound=BaseModel)
_PLACEHOLDERS: dict[str, dict[str, Any]] = {
    "Project": {"title": "?", "capabilities": [{"id": "?"}]},
    "Pool": {},
    "Pack": {"title": "?", "source": "?", "as_of": "?"},
}
"""What a model cannot do without; nothing of it is ever shown."""
_MOST_ROUNDS = 30


@dataclass(frozen=True)
class Draft(Generic[Model]):
    """A model of what is sound in an input, and what is wrong with the rest.

    Attributes
    ----------
    model : Project or Pool or None
        The model, without the parts that are wrong; None where nothing is left.
    problems : tuple of Problem
        What is wrong; if there is nothing, the model is complete.
    known : Known
        Ids that the parts that are wrong define.
    source : Source
        Where the model came from; its places are those of the file even where parts were taken out.
    notes : tuple of Sentence
        What a person should know about the reading.
    """

    model: Model | None
    problems: tuple[Problem, ...]
    known: Known
    source: Source
    notes: tuple[Sentence, ...] = ()


def draft(kind: type[Model], document: Document) -> Draft[Model]:
    """Validate plain data.

    Parameters
    ----------
    kind : type
        The model wanted.
    document : Document
        The data.
    """
    data, source = document.data, document.source
    if not isinstance(data, Mapping):
        problem = source.problem(
            (),
            say("a mapping of keys to values is expected, not {found}", found=_named(data)),
            say("Begin with keys such as {keys}", keys=", ".join(list(kind.model_fields)[:3])),
        )
        return Draft(
            None,
            (*document.problems, problem),
            Known.nothing("pool" if kind.__name__ == "Pool" else "project"),
            source,
            document.notes,
        )
    known = written_ids(data, document.unsure)
    try:
        model = kind.model_validate(data)
    except ValidationError as error:
        found = explained(error, kind, data)
        problems = tuple(source.problem(loc, message, remedy) for loc, message, remedy in found)
        mended, moved = _mend(kind, data, error)
        located = replace(source, locate=lambda loc: source.locate(_back(loc, source.within, moved)))
        return Draft(mended, (*document.problems, *problems), known, located, document.notes)
    return Draft(model, document.problems, known if document.problems else Known(), source, document.notes)


def _named(data: object) -> Sentence:
    if data is None:
        return say("nothing")
    return say("a list") if isinstance(data, list | tuple) else say("a single value")


_Moved = dict[Loc, list[int]]


def _mend(kind: type[Model], data: Mapping[str, Any], error: ValidationError) -> tuple[Model | None, _Moved]:
    """Take out what is wrong until the rest is sound."""
    dropped: set[Loc] = set()
    pruned: Any = data
    moved: _Moved = {}
    for _ in range(_MOST_ROUNDS):
        for entry in error.errors(include_url=False, include_input=False):
            dropped.add(_back(walk(pruned, entry["loc"])[0], (), moved))
        moved = {}
        pruned = _without(data, dropped - {()}, (), (), moved)
        missing = {name: value for name, value in _PLACEHOLDERS[kind.__name__].items() if not pruned.get(name)}
        try:
            model = kind.model_validate({**pruned, **missing})
        except ValidationError as again:
            error = again
            continue
        empty = {name: () for name, value in missing.items() if isinstance(value, list)}
        return model.model_copy(update=empty), moved
    return None, {}


def _without(data: Any, dropped: set[Loc], loc: Loc, now: Loc, moved: _Moved) -> Any:
    """Copy data without the dropped paths; note in `moved` which entries of a list are left."""
    if isinstance(data, Mapping):
        return {
            key: _without(value, dropped, (*loc, key), (*now, key), moved)
            for key, value in data.items()
            if (*loc, key) not in dropped
        }
    if isinstance(data, list | tuple):
        left = [position for position in range(len(data)) if (*loc, position) not in dropped]
        if len(left) < len(data):
            moved[now] = left
        return [_without(data[old], dropped, (*loc, old), (*now, new), moved) for new, old in enumerate(left)]
    return data


def _back(loc: Loc, within: Loc, moved: _Moved) -> Loc:
    """Translate a path into pruned data to the path that it had in the file."""
    found: list[str | int] = []
    own = loc[len(within) :]
    for size, part in enumerate(own):
        left = moved.get(own[:size])
        found.append(left[part] if left is not None and isinstance(part, int) and part < len(left) else part)
    return (*within, *found)
