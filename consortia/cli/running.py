"""Running a command: every way it can end becomes an exit code and, at most, a few lines on stderr."""

from __future__ import annotations

import os
import sys
import threading
import traceback
from collections.abc import Sequence

import click

from consortia.cli.group import consortia
from consortia.cli.speaking import asked_language
from consortia.cli.streams import Streams

INTERNAL, USAGE, INTERRUPTED, BROKEN_PIPE = 1, 2, 130, 141


def run(arguments: Sequence[str]) -> int:
    """Run a command and return its exit code; no exception leaves here."""
    streams = Streams()
    if (lang := asked_language(arguments)) is not None:
        streams.speak(lang)
    try:
        return _run(arguments, streams)
    except BrokenPipeError:
        return BROKEN_PIPE
    except KeyboardInterrupt:  # another one, while the first was dealt with
        return INTERRUPTED
    except Exception as error:  # while another was being told
        streams.note(f"Internal error: {type(error).__name__}: {error}")
        return INTERNAL


def _run(arguments: Sequence[str], streams: Streams) -> int:
    try:
        # not consortia.main(), which takes interrupts and broken pipes into its own hands
        with consortia.make_context("consortia", list(arguments), obj=streams) as context:
            code = consortia.invoke(context)
        return code if isinstance(code, int) else 0
    except click.exceptions.Exit as error:
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        kept = streams.words.say("Interrupted; what is done is kept, and the same command goes on.")
        streams.note(kept if streams.resumable else streams.words.say("Interrupted; nothing was found."))
        return INTERRUPTED
    except BrokenPipeError:
        raise
    except click.ClickException as error:
        from consortia.cli.misuse import told_misuse

        if isinstance(error, click.UsageError) and error.ctx is not None:
            streams.note(error.ctx.get_usage())
        message = told_misuse(streams.words, error.format_message())
        streams.note(f"{streams.words.say('Error')}: {message}")
        return USAGE
    except Exception as error:
        return _failed(error, streams)


def _failed(error: Exception, streams: Streams) -> int:
    """Tell what went wrong: bad input line by line, anything unforeseen in one line."""
    from consortia.errors import ConsortiaError, InternalError, SolverRefused, SolverUnavailable, SpecError
    from consortia.sentence import Sentence

    words = streams.words
    if streams.debug:
        traceback.print_exception(error, file=streams.err)
    if isinstance(error, SpecError):
        for problem in error.problems:
            streams.note(words.problem(problem))
        return USAGE
    if isinstance(error, SolverUnavailable | SolverRefused):
        told = words.write(error.args[0]) if isinstance(error.args[0], Sentence) else str(error)
        streams.note(f"{words.say('Error')}: {told}")
        return USAGE
    if isinstance(error, MemoryError):
        streams.note(words.say("There is not enough memory for this question; nothing was found."))
        return INTERNAL
    if isinstance(error, InternalError):
        text = words.say("Internal error: {error}", error=error)
    elif isinstance(error, ConsortiaError):
        streams.note(f"{words.say('Error')}: {error}")
        return USAGE
    else:
        first = str(error).strip().splitlines()
        text = words.say("Internal error: {error}", error=f"{type(error).__name__}{f': {first[0]}' if first else ''}")
    report = words.say("Please report it with the command and its input; --debug shows where it happened.")
    streams.note(f"{text}. {report}")
    return INTERNAL


def leave(code: int) -> None:
    """End the process; without waiting where a solver that was given up is still at work."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            code = code or BROKEN_PIPE
    if threading.active_count() > 1 or code == BROKEN_PIPE:
        os._exit(code)
    sys.exit(code)
