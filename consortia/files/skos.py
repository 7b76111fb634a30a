"""Vocabularies in SKOS, written as RDF/XML: read as a stream, and without anything that a document type may bring."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any
from xml.parsers import expat

from consortia.errors import Problem, SpecError
from consortia.files.taxonomies import Concept
from consortia.files.text import refuse
from consortia.sentence import Sentence, say

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns# "
_SKOS = "http://www.w3.org/2004/02/skos/core# "
_XL = "http://www.w3.org/2008/05/skos-xl# "
_LANGUAGE = "http://www.w3.org/XML/1998/namespace lang"
_CONCEPT = "http://www.w3.org/2004/02/skos/core#Concept"
_PIECE = 1 << 16
_LONGEST = 10_000
"""No label or code has so many letters."""


def read_skos(path: Path) -> dict[str, Concept]:
    """Read the concepts of a vocabulary with their preferred labels and what is broader.

    Labels may be texts, or things of their own as in SKOS-XL.

    Parameters
    ----------
    path : Path
        RDF/XML.

    Returns
    -------
    dict of str to Concept
        By code: a notation that is a number, else the last part of the URI.

    Raises
    ------
    SpecError
        If it cannot be read, is no XML, declares entities, or has a broader concept that it does not define.
    """
    statements = _Statements(path)
    statements.read()
    found = {subject: _concept(subject, facts) for subject, facts in statements.about.items() if _is_concept(facts)}
    problems = []
    for subject, concept in found.items():
        for text, language in _labels(statements.about[subject], statements.about):
            concept.labels.setdefault(language, text)
        for parent in dict.fromkeys(statements.about[subject]["broader"]):
            if parent in found:
                concept.broader.append(found[parent].code)
            else:
                message = say("{concept} has a broader concept that is not there: {name}", concept=subject, name=parent)
                problems.append(Problem(str(path), "", message, say("Take the whole vocabulary")))
    codes: dict[str, str] = {}
    for subject, concept in found.items():
        if codes.setdefault(concept.code, subject) != subject:
            message = say(
                "two concepts have the code {code}: {one} and {other}",
                code=concept.code,
                one=codes[concept.code],
                other=subject,
            )
            problems.append(Problem(str(path), "", message, say("Give one of them another notation")))
    if problems:
        raise SpecError(problems)
    return {concept.code: concept for concept in found.values()}


Facts = dict[str, list[Any]]


def _is_concept(facts: Facts) -> bool:
    return _CONCEPT in facts["type"]


def _concept(subject: str, facts: Facts) -> Concept:
    number = next((text for text, _ in facts["notation"] if text.isdigit()), None)
    return Concept(number or subject.rstrip("/#").replace("#", "/").rpartition("/")[2])


def _labels(facts: Facts, about: dict[str, Facts]) -> list[tuple[str, str]]:
    """Return the preferred labels with their languages, texts before those that are things of their own."""
    indirect = [form for label in facts["xl"] if label in about for form in about[label]["form"]]
    return [*facts["label"], *indirect]


_PROPERTIES = {
    f"{_RDF}type": "type",
    f"{_SKOS}prefLabel": "label",
    f"{_SKOS}broader": "broader",
    f"{_SKOS}notation": "notation",
    f"{_XL}prefLabel": "xl",
    f"{_XL}literalForm": "form",
}
"""What is read of a thing, by the names that it gets here."""


class _Statements:
    """Collects what is stated of each subject, of what matters here.

    In RDF/XML things and what is said of them alternate: an element inside a thing is a property, an element inside a
    property is another thing.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.about: dict[str, Facts] = defaultdict(lambda: defaultdict(list))
        self.open: list[tuple[str, str, str]] = []
        """What is open: ``thing`` with its subject, ``property`` with its key, each with the language."""
        self.text = ""
        self.skipped = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._letters
        self.parser.EntityDeclHandler = self._entity

    def read(self) -> None:
        """Read the file piece by piece."""
        try:
            with self.path.open("rb") as stream:
                while piece := stream.read(_PIECE):
                    self.parser.Parse(piece, False)
                self.parser.Parse(b"", True)
        except expat.ExpatError as error:
            message = say("this is not XML: {reason}", reason=expat.errors.messages.get(error.code, str(error)))
            remedy = say("Take the file from the official download as it is")
            raise refuse(self.path, f"line {error.lineno}", message, remedy) from None
        except OSError as error:
            message = say("the file cannot be read: {reason}", reason=error.strerror or str(error))
            raise refuse(self.path, "", message, say("Check the path")) from None

    def _refuse(self, message: Sentence, remedy: Sentence) -> SpecError:
        return refuse(self.path, f"line {self.parser.CurrentLineNumber}", message, remedy)

    def _entity(self, *declaration: object) -> None:
        remedy = say("Take the official download, which has none")
        raise self._refuse(say("the file declares entities of its own, which are not read"), remedy)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if self.skipped or not self.open:
            if not self.open and name != f"{_RDF}RDF":
                remedy = say("Take the vocabulary in RDF/XML")
                raise self._refuse(say("this is XML, but not RDF"), remedy)
            self.skipped += bool(self.skipped)
            self.open = self.open or [("property", "", "")]
            return
        kind, key, language = self.open[-1]
        language = attributes.get(_LANGUAGE, language)
        if kind == "thing":
            if f"{_RDF}parseType" in attributes:
                self.skipped = 1
                return
            key = _PROPERTIES.get(name, "")
            if key and f"{_RDF}resource" in attributes:
                self.about[self.open[-1][1]][key].append(attributes[f"{_RDF}resource"])
            self.open.append(("property", key, language))
            self.text = ""
            return
        subject = (
            attributes.get(f"{_RDF}about") or attributes.get(f"{_RDF}nodeID") or f"_:{self.parser.CurrentByteIndex}"
        )
        if name != f"{_RDF}Description":
            self.about[subject]["type"].append(name.replace(" ", ""))
        if key:
            self.about[self.open[-2][1]][key].append(subject)
        self.open.append(("thing", subject, language))

    def _end(self, name: str) -> None:
        if self.skipped:
            self.skipped -= 1
            return
        kind, key, language = self.open.pop()
        text = " ".join(self.text.split())
        if kind == "property" and text and key in ("label", "form", "notation"):
            self.about[self.open[-1][1]][key].append((text, language.partition("-")[0].lower()))
        self.text = ""

    def _letters(self, text: str) -> None:
        if not self.skipped and self.open and self.open[-1][1] in ("label", "form", "notation"):
            self.text += text
            if len(self.text) > _LONGEST:
                raise self._refuse(say("a label has more than {count} letters", count=_LONGEST), say("Correct it"))
