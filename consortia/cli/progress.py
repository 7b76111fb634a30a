"""A live line on stderr: best cost, bound, gap, seconds."""

from __future__ import annotations

import shutil
import time
from threading import Event, Thread
from types import TracebackType

from consortia.cli.streams import Streams
from consortia.progress import Progress, Step

PERIOD = 0.25  # seconds between two writings of the line


class ProgressLine:
    """Shows how far a search has come while it runs; silent where stderr is not a terminal.

    Parameters
    ----------
    streams : Streams
    """

    def __init__(self, streams: Streams) -> None:
        self._streams = streams
        self._latest: Progress | Step = Progress(0.0, None, None)
        self._over = Event()
        self._width = 0
        self._thread: Thread | None = None
        self.shown = streams.err.isatty()

    def __call__(self, progress: Progress | Step) -> None:
        """Take note of how far the search has come."""
        self._latest = progress

    def __enter__(self) -> ProgressLine:
        if self.shown:
            self._began = time.monotonic()
            self._thread = Thread(target=self._run, name="progress line", daemon=True)
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        if self._thread is not None:
            self._thread.join()
            self._write("")
            self._streams.err.write("\r")
            self._streams.err.flush()

    def _run(self) -> None:
        while not self._over.wait(PERIOD):
            self._write(self.text(time.monotonic() - self._began))

    def text(self, seconds: float) -> str:
        """Return the line as it is so many seconds after the beginning."""
        words, latest = self._streams.words, self._latest
        parts = []
        if isinstance(latest, Step):
            expected = "?" if latest.expected is None else latest.expected
            parts.append(words.say("{done} of {expected} questions answered", done=latest.done, expected=expected))
            parts.append(words.say("{seconds} s, Ctrl-C ends the search", seconds=int(seconds)))
            return "  ".join(parts)
        if latest.best is not None:
            parts.append(words.say("best {cost}", cost=latest.best))
        if latest.bound is not None:
            parts.append(words.say("bound {bound}", bound=latest.bound))
        if latest.best and latest.bound is not None:
            parts.append(words.say("gap {share}", share=words.share((latest.best - latest.bound) / abs(latest.best))))
        parts.append(words.say("{seconds} s, Ctrl-C ends the search", seconds=int(seconds)))
        return "  ".join(parts)

    def _write(self, text: str) -> None:
        text = text[: shutil.get_terminal_size().columns - 1]  # a line that wraps could not be written over
        self._streams.err.write("\r" + text.ljust(self._width))
        self._streams.err.flush()
        self._width = len(text)
