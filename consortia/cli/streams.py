"""Where output goes: the answer to stdout or a file, everything else to stderr."""

from __future__ import annotations

import codecs
import os
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from consortia.language import Language, language

NEAREST = "consortia.nearest"
"""Name of the way in which letters are written that an encoding lacks."""
_SIGNS = {
    "≥": ">=",
    "≤": "<=",
    "×": "x",
    "…": "...",
    "—": "-",
    "─": "-",
    "«": '"',
    "»": '"',
    "\u00a0": " ",
    "\u202f": " ",
}


class Streams:
    """The streams of one run of the command line, and the language it speaks.

    Once a command begins, stdout is set aside and file descriptor 1 pointed at stderr: whatever a solver prints in
    C goes there and never into the answer.

    Attributes
    ----------
    debug : bool
        Whether errors show their traceback.
    resumable : bool
        Whether what is done is kept when the command is interrupted, and the same command goes on.
    """

    def __init__(self) -> None:
        codecs.register_error(NEAREST, _nearest)
        self.debug = self.resumable = False
        self._lang = os.environ.get("CONSORTIA_LANG", "en").strip().lower()[:2]
        self.err: TextIO = sys.stderr
        _forgiving(sys.stderr)
        self.out: TextIO = sys.stdout
        _forgiving(sys.stdout)

    @property
    def words(self) -> Language:
        """The reader's language; English where ``CONSORTIA_LANG`` names none that is known, or it cannot be read."""
        try:
            return language(self._lang)
        except (ValueError, ImportError, OSError):
            return language("en")

    def begin(self) -> None:
        """Keep stdout for the answer alone."""
        self.out = _set_aside()

    def speak(self, lang: str) -> None:
        """Choose the language."""
        self._lang = lang

    def answer(self, text: str, encoding: str | None = None) -> None:
        """Write the answer to stdout, in the terminal's encoding or, for machines, in the one given."""
        if encoding is not None and isinstance(self.out, TextIOWrapper):
            self.out.reconfigure(encoding=encoding, newline="\n")
        self.out.write(text)
        self.out.flush()

    def note(self, text: str) -> None:
        """Write a line to stderr."""
        print(text, file=self.err, flush=True)

    def save(self, made: str | bytes, path: Path) -> None:
        """Write the answer into a file, whole or not at all."""
        from consortia.files.write import write_bytes

        write_bytes({path: made.encode(errors="backslashreplace") if isinstance(made, str) else made})
        self.note(self.words.say("Written to {file}", file=path))


def _set_aside() -> TextIO:
    """Return a stream on the real stdout, and let file descriptor 1 mean stderr from here on."""
    try:
        sys.stdout.flush()
        if sys.stdout.fileno() != 1 or sys.stderr.fileno() != 2:
            return sys.stdout
        kept = os.dup(1)
        os.dup2(2, 1)
    except (OSError, ValueError, AttributeError):  # there is no such descriptor: a test, or a window without console
        return sys.stdout
    encoding = sys.stdout.encoding or "utf-8"
    return open(kept, "w", encoding=encoding, errors=NEAREST)  # noqa: PTH123


def _nearest(error: UnicodeError) -> tuple[str, int]:
    """Write signs that an encoding lacks in plain letters, and others as question marks."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(_SIGNS.get(letter, "?") for letter in error.object[error.start : error.end]), error.end


def _forgiving(stream: TextIO) -> None:
    """Let a stream write something for letters that its encoding lacks, instead of failing."""
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(errors=NEAREST)
