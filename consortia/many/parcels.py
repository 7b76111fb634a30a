"""How a pool and results travel between processes: a pool once to each, results without their questions.

A ticket says which pool is meant. A process that has not met it asks for the parcel, which brings it.
"""

from __future__ import annotations

import copyreg
import io
import os
import pickle
import zlib
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from consortia.many.travelling import Travelling
from consortia.many.work import Question
from consortia.prepared import PreparedPool
from consortia.spec.project import Project

_KEPT = 4
_pools: dict[str, PreparedPool] = {}
"""The pools that this process has met last."""


class PoolMissing(Exception):
    """A process has not met the pool that a ticket means."""


def keep(token: str, pool: PreparedPool) -> None:
    """Remember a pool in this process."""
    _pools[token] = pool
    while len(_pools) > _KEPT:
        _pools.pop(next(iter(_pools)))


class Ticket:
    """Says which pool is meant, and in which process it was prepared.

    Parameters
    ----------
    pool : PreparedPool
        Remembered in this process until :meth:`forget`.
    """

    def __init__(self, pool: PreparedPool) -> None:
        self.token, self.home = uuid4().hex, os.getpid()
        keep(self.token, pool)

    @property
    def at_home(self) -> bool:
        """Whether this is the process that prepared the pool."""
        return os.getpid() == self.home

    @property
    def pool(self) -> PreparedPool:
        """The pool that is meant.

        Raises
        ------
        PoolMissing
            If this process has not met it.
        """
        if self.token not in _pools:
            raise PoolMissing(self.token)
        return _pools[self.token]

    def forget(self) -> None:
        """Let go of the pool in this process."""
        _pools.pop(self.token, None)


class Parcel(Ticket):
    """A ticket that brings its pool along, packed once however often and through however many hands it is sent.

    Parameters
    ----------
    ticket : Ticket
    content : bytes, optional
        The pool, where it was packed already.
    """

    def __init__(self, ticket: Ticket, content: bytes | None = None) -> None:
        self.token, self.home, self._content = ticket.token, ticket.home, content

    @property
    def pool(self) -> PreparedPool:
        """The pool, unpacked once in each process."""
        if self.token not in _pools and self._content is not None:
            keep(self.token, pickle.loads(zlib.decompress(self._content)))
        return super().pool

    def __getstate__(self) -> dict[str, Any]:
        """Pack the pool, where somebody sends it."""
        if self._content is None:
            self._content = zlib.compress(pickle.dumps(self.pool, pickle.HIGHEST_PROTOCOL), level=1)
        return self.__dict__


class Packer(pickle.Pickler):
    """Packs results of a chunk of questions, each by itself, for the way home, where the pool and the chunk are.

    What both ends have is only named, by its place in a list.
    """

    def __init__(self, pool: PreparedPool, chunk: list[Question]) -> None:
        self._stream = io.BytesIO()
        super().__init__(self._stream, pickle.HIGHEST_PROTOCOL)
        self.dispatch_table = {**copyreg.dispatch_table, Travelling: Travelling.light}
        self._places = {id(thing): place for place, thing in enumerate(_shared(pool, chunk))}

    def persistent_id(self, thing: Any) -> int | None:
        """Name what both ends have."""
        return self._places.get(id(thing))

    def packed(self, result: Any) -> bytes:
        """Pack a result."""
        self.clear_memo()
        self._stream.seek(0)
        self._stream.truncate()
        self.dump(result)
        return self._stream.getvalue()


class _Unpacker(pickle.Unpickler):
    """Puts what is only named in again."""

    def __init__(self, stream: io.BytesIO, shared: list[Any]) -> None:
        super().__init__(stream)
        self._shared = shared

    def persistent_load(self, place: int) -> Any:
        return self._shared[place]


def unpacked(contents: list[bytes], pool: PreparedPool, chunk: list[Question]) -> Iterator[Any]:
    """Unpack results at home, each when it is wanted.

    While many of them wait, the garbage collector would look through the whole pool again and again for no garbage.
    """
    shared = _shared(pool, chunk)
    return (_Unpacker(io.BytesIO(content), shared).load() for content in contents)


def _shared(pool: PreparedPool, chunk: list[Question]) -> list[Any]:
    """List what both ends have: the pool, and projects that are models, which nobody can have changed meanwhile."""
    return [pool, *(question.project for question in chunk if isinstance(question.project, Project))]
