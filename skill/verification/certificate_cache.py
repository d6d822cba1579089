"""Signing keys that were checked, kept for a while, and fetched once however many requests wait for them."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass
from datetime import datetime, timedelta

from skill.verification.certificate_chain import SigningKey
from skill.verification.refusal import Reason, Refusal


@dataclass(frozen=True)
class _Kept:
    key: SigningKey
    since: datetime
    until: datetime


class CertificateCache:
    """A bounded store of signing keys by normalised URL; the least recently used goes first.

    Only keys of trusted chains get in, so nobody can push Alexa's key out by inventing URLs. Nor can inventing URLs
    hold every thread: few fetches run at a time, and a request for one more unknown URL is refused at once.

    Args:
        load: fetches and checks a chain; raises Refusal.
        entries: the most keys kept.
        seconds: how long a key is kept, at most; never past the dates of its chain.
        fetches_at_once: for different URLs; requests for the same URL share one.
        wait_seconds: how long a request waits for a fetch that another one began.
    """

    def __init__(
        self,
        load: Callable[[str, datetime], SigningKey],
        entries: int = 8,
        seconds: float = 3600.0,
        fetches_at_once: int = 4,
        wait_seconds: float = 4.0,
    ) -> None:
        self._load = load
        self._entries = entries
        self._life = timedelta(seconds=seconds)
        self._fetches_at_once = fetches_at_once
        self._wait_seconds = wait_seconds
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._under_way: dict[str, Future[SigningKey]] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, url: str, now: datetime) -> SigningKey:
        """The signing key behind a normalised URL, from memory or freshly loaded.

        Raises:
            Refusal: what ``load`` raised; ``busy``; or ``fetch``, if another request's fetch takes too long.
        """
        with self._lock:
            kept = self._kept.get(url)
            if kept is not None:
                if kept.since <= now < kept.until:
                    self._kept.move_to_end(url)
                    return kept.key
                del self._kept[url]
            pending = self._under_way.get(url)
            ours = pending is None
            if pending is None:
                if len(self._under_way) >= self._fetches_at_once:
                    raise Refusal(Reason.BUSY, "too many certificate fetches under way")
                pending = self._under_way[url] = Future()
        if ours:
            self._fill(url, now, pending)
        try:
            return pending.result(timeout=self._wait_seconds)
        except FutureTimeoutError:
            raise Refusal(Reason.FETCH, "another request's fetch takes too long") from None

    def _fill(self, url: str, now: datetime, pending: Future[SigningKey]) -> None:
        try:
            key = self._load(url, now)
        except BaseException as error:
            with self._lock:
                del self._under_way[url]
            pending.set_exception(error)
            return
        with self._lock:
            del self._under_way[url]
            self._kept[url] = _Kept(key, max(now, key.good_from), min(now + self._life, key.good_until))
            self._kept.move_to_end(url)
            while len(self._kept) > self._entries:
                self._kept.popitem(last=False)
        pending.set_result(key)
