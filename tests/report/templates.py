"""Finds every English template in the code, by its syntax."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import consortia

SPEAKERS = frozenset({"say", "Sentence", "heading", "translate", "_refuse"})
"""Functions and methods whose first text is a template."""


def templates() -> dict[str, str]:
    """Return every template in the package, with the file that it stands in."""
    root = Path(consortia.__file__).parent
    found: dict[str, str] = {}
    for path in sorted(root.rglob("*.py")):
        for text in _Module(ast.parse(path.read_text(encoding="utf-8"))).templates():
            found.setdefault(text, str(path.relative_to(root)))
    return found


class _Module:
    """Follows names to the texts that they stand for, within one module."""

    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree
        self.values: dict[str, list[ast.expr]] = {}
        self.functions: dict[str, ast.FunctionDef] = {}
        self.calls: dict[str, list[ast.Call]] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    self._assigned(target, node.value)
            elif isinstance(node, ast.AnnAssign) and node.value is not None:
                self._assigned(node.target, node.value)
            elif isinstance(node, ast.comprehension | ast.For):
                self._assigned(node.target, node.iter)
            elif isinstance(node, ast.FunctionDef):
                self.functions[node.name] = node
            elif isinstance(node, ast.Call):
                self.calls.setdefault(_name(node.func), []).append(node)

    def templates(self) -> Iterator[str]:
        for speaker in SPEAKERS:
            for call in self.calls.get(speaker, ()):
                arguments = call.args[1:2] if speaker == "_refuse" else call.args[:1]
                for argument in arguments:
                    yield from self._texts(argument, set())

    def _assigned(self, target: ast.expr, value: ast.expr) -> None:
        for node in ast.walk(target):
            if isinstance(node, ast.Name):
                self.values.setdefault(node.id, []).append(value)

    def _texts(self, node: ast.expr, seen: set[str]) -> Iterator[str]:
        if isinstance(node, ast.Constant):
            if isinstance(node.value, str):
                yield node.value
        elif isinstance(node, ast.Name) and node.id not in seen:
            seen = seen | {node.id}
            for value in self.values.get(node.id, ()):
                yield from self._texts(value, seen)
            for name, position in self._parameters(node.id):
                for call in self.calls.get(name, ()):
                    for argument in call.args[position : position + 1]:
                        yield from self._texts(argument, seen)
        elif isinstance(node, ast.IfExp):
            yield from self._texts(node.body, seen)
            yield from self._texts(node.orelse, seen)
        elif isinstance(node, ast.Dict):
            for value in node.values:
                yield from self._texts(value, seen)
        elif isinstance(node, ast.Tuple | ast.List):
            for entry in node.elts:
                yield from self._texts(entry, seen)
        elif isinstance(node, ast.Subscript):
            yield from self._texts(node.value, seen)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            yield from self._texts(node.left, seen)

    def _parameters(self, name: str) -> Iterator[tuple[str, int]]:
        """Return the functions that have a parameter of that name, with its position among call's arguments."""
        for function in self.functions.values():
            names = [argument.arg for argument in function.args.args if argument.arg != "self"]
            if name in names and function.name not in SPEAKERS:
                yield function.name, names.index(name)


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Name):
        return function.id
    return function.attr if isinstance(function, ast.Attribute) else ""
