"""Asks the addresses that sources and pages point to, politely and within bounds of time."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from http.client import HTTPException
from queue import Empty, SimpleQueue
from threading import Thread
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

from scripts.content.project import Project
from scripts.content.sources import Source
from scripts.content.unpublished import UnpublishedFact

USER_AGENT = "aide-sociale-valais-link-check/1.0 (asks each address once a month)"
_GONE = (404, 410)


class State(Enum):
    """What an address did when it was asked, as it is told, the worst first."""

    GONE = "gone"
    SILENT = "no answer"
    REFUSES = "refuses, look by hand"
    NOT_ASKED = "not asked in time"
    MOVED = "redirects"
    ANSWERS = "answers"


@dataclass(frozen=True)
class Answer:
    """What an address did, and the detail: a status, a reason, the address it leads to."""

    state: State
    detail: str = ""


@dataclass(frozen=True)
class Bounds:
    """The bounds of asking: seconds an address and in all, addresses at once.

    Addresses of one host are never asked at once.
    """

    seconds_each: float = 15
    seconds_all: float = 300
    at_once: int = 8


def cited_addresses(project: Project) -> Mapping[str, list[str]]:
    """Return each address of the web that sources or pages point to, with its places."""
    places: defaultdict[str, list[str]] = defaultdict(list)
    facts: tuple[Source | UnpublishedFact, ...] = (
        *project.register.sources.values(),
        *project.unpublished.values(),
    )
    for fact in facts:
        for link in fact.links:
            places[link.url].append(fact.id)
    for pages in project.pages.values():
        for page in pages.values():
            for block in page.blocks:
                for target in block.links:
                    places[target.target].append(f"{page.file}:{block.line}")
    return {url: found for url, found in places.items() if url.startswith(("https://", "http://"))}


def ask_addresses(addresses: Collection[str], bounds: Bounds) -> Mapping[str, Answer]:
    """Return what each address answers; those that the time does not allow are not asked."""
    hosts: defaultdict[str, list[str]] = defaultdict(list)
    for address in addresses:
        hosts[address.split("/", 3)[2]].append(address)
    waiting: SimpleQueue[list[str]] = SimpleQueue()
    for host in hosts.values():
        waiting.put(host)
    answers: dict[str, Answer] = {}
    end = time.monotonic() + bounds.seconds_all
    workers = [
        Thread(target=_ask_hosts, args=(waiting, answers, bounds.seconds_each, end), daemon=True)
        for _ in range(min(bounds.at_once, len(hosts)))
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(max(0, end - time.monotonic()))
    answered = dict(answers)  # a worker that was not waited for may still answer
    return {one: answered.get(one, Answer(State.NOT_ASKED)) for one in addresses}


def ask(address: str, seconds: float) -> Answer:
    """Return what one address answers: asked once, redirects followed, nothing of it read.

    Args:
        address: where it is; signs that no address may hold are encoded.
        seconds: how long to wait for it.
    """
    asked = quote(address, safe=":/?#[]@!$&'()*+,;=%~")
    try:
        request = Request(asked, headers={"User-Agent": USER_AGENT, "Accept": "*/*"})
        with urlopen(request, timeout=seconds) as response:
            reached = response.url
    except HTTPError as error:
        error.close()
        return Answer(State.GONE if error.code in _GONE else State.REFUSES, str(error.code))
    except URLError as error:
        return Answer(State.SILENT, str(error.reason))
    except (OSError, HTTPException, ValueError) as error:
        return Answer(State.SILENT, str(error) or type(error).__name__)
    return Answer(State.ANSWERS) if reached == asked else Answer(State.MOVED, reached)


def links_text(answers: Mapping[str, Answer], places: Mapping[str, list[str]]) -> str:
    """Return the count of each kind of answer, then every address that does not plainly answer."""
    counts = Counter(answer.state for answer in answers.values())
    told = ", ".join(f"{counts[state]} {state.value}" for state in State if counts[state])
    return "\n".join((f"{len(answers)} addresses: {told}.", *_lines(answers, places))) + "\n"


def _lines(answers: Mapping[str, Answer], places: Mapping[str, list[str]]) -> Iterator[str]:
    for state in State:
        for address, answer in answers.items():
            if answer.state is state is not State.ANSWERS:
                detail = f" ({answer.detail})" if answer.detail else ""
                first, *others = places[address]
                more = f" and {len(others)} more" if others else ""
                yield f"{state.value}{detail}: {address}\n    {first}{more}"


def _ask_hosts(
    waiting: SimpleQueue[list[str]], answers: dict[str, Answer], seconds: float, end: float
) -> None:
    """Ask host after host until none is left or the time is over."""
    while time.monotonic() < end:
        try:
            host = waiting.get_nowait()
        except Empty:
            return
        for address in host:
            if time.monotonic() < end:
                answers[address] = ask(address, seconds)
