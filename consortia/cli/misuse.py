"""What is wrong with a command line, in the reader's language.

click puts its messages together before anybody can translate them; so they are recognised by their templates, and what
stands in the places is put into the translation. A message that is not recognised, as of a later click, stays English.
"""

from __future__ import annotations

import re
from functools import cache
from string import Formatter

from consortia.language import Language

NESTED = "message"
"""The place of a message within a message."""

OF_CLICK = (
    "Invalid value for {parameter}: {message}",
    "Invalid value: {message}",
    "Missing argument {parameter}.",
    "Missing argument {parameter}. {message}",
    "Missing option {parameter}.",
    "Missing option {parameter}. {message}",
    "Missing command.",
    "Choose from:\n\t{choices}",
    "No such option {option}. Did you mean {other}?",
    "No such option {option}. (Did you mean one of: {others}?)",
    "No such option {option}.",
    "No such option: {option} Did you mean {other}?",
    "No such option: {option} (Possible options: {others})",
    "No such option: {option}",
    "No such command {command}. Did you mean {other}?",
    "No such command {command}. (Did you mean one of: {others}?)",
    "No such command {command}.",
    "Got unexpected extra argument ({arguments})",
    "Got unexpected extra arguments ({arguments})",
    "Option {option} requires an argument.",
    "Option {option} does not take a value.",
    "{value} is not one of {choices}.",
    "{value} is not a valid integer range.",
    "{value} is not a valid integer.",
    "{value} is not a valid float range.",
    "{value} is not a valid float.",
    "{value} is not in the range {range}.",
    "{value} does not match the format {format}.",
)

OF_OURS = (
    "--project, --count, --seed, --year, --country and --kind are for --from cordis",
    "--labels and --ids are for --from {formats}",
    "without --from, name one project or one pool",
    "{file}: this command gives no {form}; it gives {forms}",
    "--format {form} needs a file: -o FILE.{form}",
    "--of is given two or three times, each time with another objective",
    "plots need matplotlib: pip install consortia[bench]",
    "{file}: give the file a name that ends in .svg or .png",
    "{file}: give the file a name that ends in .xlsx",
    "{file}: give the file a name that ends in .yaml, .json or .xlsx",
    "--pool is that of a project: give --project as well",
    "{file}: this is a file, and a folder is to be written",
    "{value} is not between 0 and 1 (or 0% and 100%)",
    "{value} is not a finite number",
    "{value} is not of the form NAME=VALUE",
    "{value} is not of the form NAME=NUMBER",
    "{value} is not of the form PARTNER:OFFER",
    "{value} is not a share; write 0.01 or 1%",
    "{value} is not a number; write digits with a decimal point, such as 1200.50",
    "there is no rule pack {pack}; there are {packs}",
    "--ranges is for the offers of the consortium; with --offer name others instead",
    "--partner is one of a pool: give --pool as well",
    "--hide-rates goes neither with prices nor with --alternatives nor with pictures",
    "pictures show neither --alternatives nor --entry-prices",
    "--pool cannot be given with --from: published files carry both sides",
    "{parameter} must be at least {least} for {count} capabilities",
    "holders must be at most the number of partners, {count}",
    "a seed is a whole number from 0 to 2^64 - 1, not {value}",
    "{parameter} must be at least {least}, not {value}",
    "{parameter} must be from {least} to {most}, not {value}",
)


def told_misuse(words: Language, message: str) -> str:
    """Return a message of click or of a command in the reader's language.

    Parameters
    ----------
    words : Language
    message : str
        In English, finished.

    Returns
    -------
    str
        The translation; the message itself where it is not known.

    Examples
    --------
    >>> from consortia.language import language
    >>> told_misuse(language("ru"), "Missing option '--pool'.")
    "Не указан параметр '--pool'."
    """
    if words.code == "en":
        return message
    for template, pattern in _patterns():
        found = pattern.fullmatch(message)
        if found is not None:
            places = found.groupdict()
            if NESTED in places:
                places[NESTED] = told_misuse(words, places[NESTED])
            return words.translate(template).format(**places)
    return message


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    """Return a pattern for each template; those around others come first, then the wordiest."""
    around = f"{{{NESTED}}}"
    templates = sorted((*OF_CLICK, *OF_OURS), key=lambda text: (around not in text, -len(re.sub(r"\{.*?\}", "", text))))
    return [(text, _pattern(text)) for text in templates]


def _pattern(template: str) -> re.Pattern[str]:
    parts, seen = [], set()
    for text, place, _, _ in Formatter().parse(template):
        parts.append(re.escape(text))
        if place is not None:
            parts.append(f"(?P={place})" if place in seen else f"(?P<{place}>.+?)")
            seen.add(place)
    return re.compile("".join(parts), re.DOTALL)
