"""A dict by number that is cheap to copy: copies share what neither has changed since. Pure."""

from collections.abc import Iterable, Iterator, MutableMapping
from itertools import chain
from typing import Any, Final, TypeVar

V = TypeVar("V")

# Numbers of one page: what a change has to copy when it is shared.
_BITS: Final = 6


class Pages(MutableMapping[int, V]):
    """Numbers that were given one after the other lie in pages of 64.

    Traffic touches the pages at a queue's ends, so that keyframes of a deep queue share the rest.
    """

    __slots__ = ("_own", "_pages")

    def __init__(self, pages: dict[int, dict[int, V]] | None = None) -> None:
        self._pages = pages if pages is not None else {}
        self._own: set[int] = set()

    def copy(self) -> "Pages[V]":
        """Return what goes on by itself from here; a page is copied before it is changed."""
        self._own = set()
        return Pages(self._pages.copy())

    @property
    def pages(self) -> Iterable[dict[int, V]]:
        """What may be shared with copies: to be looked at, not changed."""
        return self._pages.values()

    def unshared(self, other: "Pages[V]") -> int:
        """Return how many numbers lie in pages that ``other`` does not have just so."""
        known = other._pages.get
        return sum(len(page) for place, page in self._pages.items() if known(place) is not page)

    def get(self, number: int, default: Any = None) -> Any:
        page = self._pages.get(number >> _BITS)
        return default if page is None else page.get(number, default)

    def __getitem__(self, number: int) -> V:
        return self._pages[number >> _BITS][number]

    def __setitem__(self, number: int, value: V) -> None:
        place = number >> _BITS
        if place in self._own:
            self._pages[place][number] = value
            return
        self._pages[place] = {**self._pages.get(place, {}), number: value}
        self._own.add(place)

    def __delitem__(self, number: int) -> None:
        place = number >> _BITS
        page = self._pages[place]
        if number not in page:
            raise KeyError(number)
        if place not in self._own:
            page = self._pages[place] = page.copy()
            self._own.add(place)
        del page[number]
        if not page:
            del self._pages[place]
            self._own.discard(place)

    def __contains__(self, number: object) -> bool:
        return isinstance(number, int) and number in self._pages.get(number >> _BITS, ())

    def __iter__(self) -> Iterator[int]:
        return chain.from_iterable(self._pages.values())

    def __len__(self) -> int:
        return sum(map(len, self._pages.values()))
