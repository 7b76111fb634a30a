"""A page of text: headings, paragraphs and tables, coloured on a terminal and plain elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import StringIO
from typing import TextIO

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from consortia.language import Language


class Page:
    """What reports are written on.

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

    def __enter__(self) -> Page:
        return self

    def __exit__(self, *failure: object) -> None:
        if not self._terminal and failure == (None, None, None):
            lines = self._kept.getvalue().splitlines()
            self._stream.writelines(f"{line.rstrip()}\n" for line in lines)

    def title(self, text: str) -> None:
        """Begin the page."""
        self.console.print(Text(text, style="bold"))

    def heading(self, text: str, **values: object) -> None:
        """Begin a section; the template is translated."""
        self.console.print()
        self.console.print(Text(self.words.say(text, **values), style="bold cyan"))

    def line(self, text: str, style: str = "", indent: int = 0) -> None:
        """Write a paragraph."""
        self.console.print(Padding(Text(text, style=style), (0, 0, 0, indent)))

    def points(self, texts: Iterable[str]) -> None:
        """Write a list, each entry with a dash and its further lines indented."""
        grid = Table.grid(padding=(0, 1, 0, 0))
        grid.add_column(width=3, justify="right")
        grid.add_column(overflow="fold")
        for text in texts:
            grid.add_row("-", Text(text))
        self.console.print(grid)

    def table(self, columns: Sequence[tuple[str, str]], rows: Iterable[Sequence[object]]) -> None:
        """Write a table.

        Parameters
        ----------
        columns : sequence of pair
            A heading, translated already, and ``left``, ``right`` (numbers, never broken) or ``word`` (short).
        rows : iterable of sequence
            Cells; a row that starts with None is set off: its second entry is a style, its others are the cells.
        """
        made = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold", padding=(0, 1))
        for heading, kind in columns:
            made.add_column(
                Text(heading),
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
            made.add_row(*(Text("" if cell is None else str(cell)) for cell in row), style=style)
        self.console.print(Padding(made, (0, 0, 0, 2)))
