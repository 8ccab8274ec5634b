"""The chain of seals, `archive/chain.jsonl`: one line for each seal, in the order in which they were made.

Each seal has the one before it as its last leaf, so its root, and what an authority signs, holds all seals
before it: none can be changed, left out or put in later. The file tells the order alone; without it the seals
still name one another.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from pipeline.archive.seals import Link, Seal, archives, load_seal, make_seal, write_seal
from pipeline.core.errors import DataError
from pipeline.core.files import replacing

FILE = "chain.jsonl"


def load_chain(folder: Path) -> list[Link]:
    """Return the chain of the archives in `folder`; a lost chain is rebuilt from the seals.

    Raises DataError where it is damaged.
    """
    path = folder / FILE
    try:
        return [Link.model_validate_json(line) for line in path.read_bytes().splitlines()]
    except FileNotFoundError:
        return _rebuilt_from_seals(folder)
    except (ValidationError, OSError) as error:
        message = f"{FILE} cannot be read: {str(error).splitlines()[0]}"
        raise DataError(f"{message}. Move it away, and it is made again from the seals") from error


def seal(archive: Path) -> Seal:
    """Seal `archive` at its place in the chain (a new one: at the end); write seal and chain, each whole.

    Raises DataError where the archive is not the one that the chain holds, and where the chain is damaged.
    """
    chain = load_chain(archive.parent)
    numbers = {link.archive: number for number, link in enumerate(chain)}
    number = numbers.get(archive.name, len(chain))
    sealed = make_seal(archive, chain[number - 1] if number else None)
    if number < len(chain) and sealed.link != chain[number]:
        raise DataError(
            f"its root is {sealed.root}, and {chain[number].root} in {FILE}: it was changed since"
        )
    if number == len(chain):
        # Before the seal: a run that is killed between the two makes the same seal again.
        with replacing(archive.parent / FILE) as file:
            file.writelines(f"{link.model_dump_json()}\n".encode() for link in [*chain, sealed.link])
    write_seal(archive, sealed)
    return sealed


def _rebuilt_from_seals(folder: Path) -> list[Link]:
    seals = []
    for archive in archives(folder):
        try:
            seals.append(load_seal(archive))
        except DataError:
            continue  # `rumortrail verify` reports it
    next_links = {
        sealed.previous.archive: sealed.link
        for sealed in seals
        if sealed is not None and sealed.previous is not None
    }
    followers = {link.archive for link in next_links.values()}
    chain: list[Link] = [
        sealed.previous for sealed in seals
        if sealed is not None and sealed.previous is not None and sealed.previous.archive not in followers
    ][:1]  # fmt: skip
    while chain and (link := next_links.pop(chain[-1].archive, None)):
        chain.append(link)
    return chain
