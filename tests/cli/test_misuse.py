"""Wrong command lines, told in the reader's language."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from running import Here

import consortia.cli
from consortia.cli.misuse import OF_CLICK, OF_OURS, told_misuse
from consortia.language import language, read_catalogue

RUSSIAN = re.compile("[а-яё]", re.IGNORECASE)


def raised() -> list[str]:
    """Return every message that a command raises, with samples in its places."""
    found = []
    for path in Path(consortia.cli.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("click.UsageError", "self.fail"):
                found.append(sample(node.args[0]))
    return [text for text in found if text]


def sample(node: ast.expr) -> str:
    """Return a text with "x" in its places; nothing for one made elsewhere."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values)
    return ""


def test_every_template_is_translated() -> None:
    assert {*OF_CLICK, *OF_OURS} - read_catalogue("ru").keys() == set()


def test_every_message_of_a_command_is_known() -> None:
    messages = raised()
    assert len(messages) > 20
    assert [text for text in messages if not RUSSIAN.search(told_misuse(language("ru"), text))] == []


def test_english_and_unknown_messages_stay() -> None:
    assert told_misuse(language("en"), "Missing command.") == "Missing command."
    assert told_misuse(language("ru"), "Nobody wrote this.") == "Nobody wrote this."


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("solve",), "Не указан аргумент 'PROJECT'."),
        (("batch", "x"), "Не указан параметр '--pool'."),
        (("solve", "x", "--nonesuch"), "Нет параметра"),
        (("nonesuch",), "Нет команды 'nonesuch'."),
        (("solve", "x", "y"), "Лишний аргумент (y)"),
        (("solve", "x", "--gap"), "Параметру '--gap' нужно значение."),
        (("solve", "x", "--gap", "near"), "Недопустимое значение для '--gap': 'near' — не доля; напишите 0.01 или 1%"),
        (("solve", "x", "--seed", "a"), "Недопустимое значение для '--seed': 'a' — не целое число."),
        (("solve", "x", "--seed", "-1"), "Недопустимое значение для '--seed': -1 вне пределов x>=0."),
        (("solve", "x", "--format", "odd"), "Недопустимое значение для '--format': 'odd' — не одно из 'text'"),
        (("solve", "x", "--time-limit", "inf"), "'inf' — не конечное число"),
        (("solve", "x", "--format", "pdf"), "для --format pdf нужен файл: -o FILE.pdf"),
        (("packs", "nonesuch"), "нет набора правил 'nonesuch'; есть"),
        (("generate", "cover", "--seed", "1", "--holders", "999"), "holders: "),
    ],
)
def test_misuse_is_told_in_russian(here: Here, arguments: tuple[str, ...], told: str) -> None:
    ended = here(*arguments, "--lang", "ru") if arguments[-1] != "--gap" else here("--lang", "ru", *arguments)
    assert ended.code == 2 and ended.out == ""
    assert told in ended.err
    assert "Ошибка: " in ended.err and "Error" not in ended.err and "Usage" not in ended.err
