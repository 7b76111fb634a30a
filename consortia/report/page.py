"""What reports are written on; and a page of text, coloured on a terminal and plain elsewhere."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from io import StringIO
from typing import TYPE_CHECKING, Self, TextIO

from rich import box
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.padding import Padding
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from consortia.language import Language

if TYPE_CHECKING:
    from consortia.report.drawing import Drawing
    from consortia.report.matrix import Matrix

Columns = Sequence[tuple[str, str]]
_NO_BREAK, _HELD = "\u00a0\u202f", "\ufdd0\ufdd1"
"""rich breaks lines at no-break spaces too; it gets noncharacters in their place, which are in no text."""


class Page(ABC):
    """What reports are written on: headings, paragraphs, lists and tables; pictures where there can be any.

    Attributes
    ----------
    words : Language
    roomy : bool
        Whether long tables are shown whole, rather than by their most telling rows.
    """

    words: Language
    roomy = False

    def __enter__(self) -> Self:
        return self

    @abstractmethod
    def __exit__(self, *failure: object) -> None:
        """Write everything out, unless something failed."""

    @abstractmethod
    def title(self, text: str) -> None:
        """Begin the page."""

    @abstractmethod
    def heading(self, text: str, **values: object) -> None:
        """Begin a section; the template is translated."""

    @abstractmethod
    def line(self, text: str, style: str = "", indent: int = 0) -> None:
        """Write a paragraph."""

    @abstractmethod
    def points(self, texts: Iterable[str]) -> None:
        """Write a list."""

    @abstractmethod
    def table(self, columns: Columns, rows: Iterable[Sequence[object]]) -> None:
        """Write a table.

        Parameters
        ----------
        columns : sequence of pair
            A heading, translated already, and ``left``, ``right`` (numbers, never broken) or ``word`` (short).
        rows : iterable of sequence
            Cells; a row that starts with None is set off: its second entry is a style, its others are the cells.
            A row whose first cell is blank, or starts with two spaces, belongs to the one above it.
        """

    def facts(self, facts: Sequence[tuple[str, str]]) -> None:  # noqa: B027 - text says them in its headings
        """Write a few figures that sum everything up, each with what it counts."""

    def matrix(self, make: Callable[[], Matrix]) -> None:  # noqa: B027
        """Show who supplies what as a table of marks, where there is room for it."""

    def picture(self, draw: Callable[[], Drawing]) -> None:  # noqa: B027
        """Show a picture, where there can be any."""


class TextPage(Page):
    """A page of plain text, or for a terminal.

    Parameters
    ----------
    words : Language
    stream : text stream
        A terminal gets colours and its own width; anything else plain text.
    width : int, optional
        Columns; by default those of the terminal, or of the variable ``COLUMNS``, or 80.
    """

    def __init__(self, words: Language, stream: TextIO, width: int | None = None) -> None:
        self.words = words
        self._stream = stream
        self._terminal = stream.isatty()
        # what is not a terminal gets no blanks at the ends of lines, so it is kept until the page is full
        self._kept = StringIO()
        file = stream if self._terminal else self._kept
        self.console = Console(file=file, width=width, highlight=False, markup=False, emoji=False)

    def __exit__(self, *failure: object) -> None:
        """Hand the page over."""
        if not self._terminal and failure == (None, None, None):
            lines = self._kept.getvalue().splitlines()
            self._stream.writelines(f"{line.rstrip()}\n" for line in lines)

    def title(self, text: str) -> None:
        """Begin the page."""
        self._print(_held(text, "bold"))

    def heading(self, text: str, **values: object) -> None:
        """Begin a section; the template is translated."""
        self.console.print()
        self._print(_held(self.words.say(text, **values), "bold cyan"))

    def line(self, text: str, style: str = "", indent: int = 0) -> None:
        """Write a paragraph."""
        self._print(Padding(_held(text, style), (0, 0, 0, indent)))

    def points(self, texts: Iterable[str]) -> None:
        """Write a list, each entry with a dash and its further lines indented."""
        grid = Table.grid(padding=(0, 1, 0, 0))
        grid.add_column(width=3, justify="right")
        grid.add_column(overflow="fold")
        for text in texts:
            grid.add_row("-", _held(text))
        self._print(grid)

    def table(self, columns: Columns, rows: Iterable[Sequence[object]]) -> None:
        """Write a table."""
        made = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold", padding=(0, 1))
        for heading, kind in columns:
            made.add_column(
                _held(heading),
                justify="right" if kind == "right" else "left",
                overflow="fold",
                no_wrap=kind == "right",
                vertical="top",
                min_width=min(len(heading), 12) if kind != "right" else None,
            )
        for row in rows:
            style = ""
            if row and row[0] is None:
                style, row = str(row[1]), row[2:]
            made.add_row(*(_held("" if cell is None else str(cell)) for cell in row), style=style)
        self._print(Padding(made, (0, 0, 0, 2)))

    def _print(self, made: RenderableType) -> None:
        self.console.print(_Given(made))


def _held(shown: str, style: str = "") -> Text:
    """Return a text that is not broken at its no-break spaces."""
    return Text(_exchanged(shown, _NO_BREAK, _HELD), style=style)


class _Given:
    """What is shown of something that holds its no-break spaces: with the spaces that it was given."""

    def __init__(self, made: RenderableType) -> None:
        self._made = made

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for shown, style, control in console.render(self._made, options):
            yield Segment(_exchanged(shown, _HELD, _NO_BREAK), style, control)


def _exchanged(shown: str, signs: str, others: str) -> str:
    for sign, other in zip(signs, others, strict=True):
        shown = shown.replace(sign, other)
    return shown
