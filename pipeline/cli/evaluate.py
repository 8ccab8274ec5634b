"""`rumortrail eval`: measure the models on labelled files, or write their predictions for others."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from models.protocols.stance import STANCE_LABELS
from pipeline.cli import console
from pipeline.cli.options import HomeOption, open_home
from pipeline.core.context import Progress, silent
from pipeline.core.errors import ConfigError, DataError
from pipeline.core.home import Home
from pipeline.core.records import followed_claim_id
from pipeline.core.vocabulary import DecisionKind
from pipeline.decisions.journal import Journal
from pipeline.run.models import LazyModels

if TYPE_CHECKING:
    from pipeline.core.config import Config
    from pipeline.evaluation.rows import ReadingRow

# The measures are imported by the commands that compute them: the other commands do not wait for them.

Found = tuple[Mapping[str, Any], Sequence[Mapping[str, Any]]]

app = typer.Typer(
    name="eval",
    help="Measure the models on labelled JSON lines, or write what they say of unlabelled ones.\n\n"
    "Labels may be absent, and never reach a model. Exit code 1: a file has broken lines, which are listed; "
    "nothing is computed.\n\n"
    "Example: `rumortrail eval stance pairs.jsonl --out predictions.jsonl`",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)
err = Console(stderr=True)

_LABELS = ",".join(STANCE_LABELS)
_FILE: dict[str, Any] = {"exists": True, "dir_okay": False, "readable": True, "help": "JSON lines in UTF-8."}
File = Annotated[Path, typer.Argument(**_FILE)]
OutOption = Annotated[
    Path | None, typer.Option("--out", dir_okay=False, help="Write the predictions here, as JSON lines.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the figures as one JSON object.")]
RowsOption = Annotated[Path, typer.Option(**_FILE)]


@app.command()
def relation(
    file: File,
    labels: Annotated[str, typer.Option(help="The allowed labels, separated by commas.")] = _LABELS,
    out: OutOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Say where a passage stands toward a claim: rows `{id, claim, text, context?, label?}`.

    `context` is what the passage stands in: title, answered post, words before. Reports n, accuracy,
    macro-F1, F1 by label, and the expected calibration error of the answers' probabilities.

    Example: `rumortrail eval relation pairs.jsonl --json`
    """
    from pipeline.evaluation.rows import StanceRow, read_rows
    from pipeline.evaluation.stance import allowed_labels, eval_stance

    allowed = allowed_labels(labels)

    def work(progress: Progress) -> Found:
        return eval_stance(read_rows(file, StanceRow), _models(home).stance, allowed, progress)

    _evaluate(work, out, as_json)


app.command(
    "stance",
    help="The same as `eval relation`, by its older name.\n\n"
    "Example: `rumortrail eval stance headlines.jsonl --labels supports,denies,reports --json`",
)(relation)


@app.command()
def reading(
    labels: File,
    documents: Annotated[
        list[Path], typer.Option("--documents", exists=True, help="Files that `rumortrail ingest` reads.")
    ],
    out: OutOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Run the whole pipeline on documents whose claims are labelled.

    Rows `{claim_id, claim, status?, first_id?, mentions: [{id, stance, sure?}]}`.

    Reports the documents read at all, what each claim's counterpart holds of its labelled documents, on the
    right side, doubts, status and first document; then the same with each labelled sentence followed.

    Example: `rumortrail eval reading claims.jsonl --documents posts.jsonl --json`
    """
    from pipeline.evaluation.rows import ReadingRow, read_rows

    def work(progress: Progress) -> Found:
        return labelled_reading(read_rows(labels, ReadingRow), documents, open_home(home)[1], _models(home),
                                progress)

    _evaluate(work, out, as_json)


def labelled_reading(rows: Sequence[ReadingRow], documents: Sequence[Path], config: Config,
                     models: LazyModels, progress: Progress = silent) -> Found:
    """Run the whole pipeline on documents in a home that is thrown away, by itself and then with each
    labelled sentence followed; return what `eval_reading` finds.
    """
    from pipeline.evaluation.reading import Copy, eval_reading
    from pipeline.run.nightly import process, take_in

    with tempfile.TemporaryDirectory() as folder:
        home, now = Home(Path(folder)), datetime.now(UTC)
        take_in(home, config, documents, now=now, progress=progress)
        process(home, config, now=now, models=models, progress=progress)
        unfollowed = Copy.read(home)
        journal = Journal(home.journal)
        for row in rows:
            journal.decide(DecisionKind.FOLLOW, followed_claim_id(row.claim), row.claim, reason="measured",
                           editor="evaluation", now=now)
        process(home, config, now=now, models=models, progress=progress)
        return eval_reading(rows, unfollowed, Copy.read(home))


@app.command()
def cluster(file: File, out: OutOption = None, as_json: JsonOption = False, home: HomeOption = None) -> None:
    """Put texts that make one claim together: rows `{id, text, cluster?, published_at?}`, oldest first.

    Reports B-cubed precision, recall and F1, and the number of clusters. A null cluster is a distractor.

    Example: `rumortrail eval cluster posts.jsonl --out clusters.jsonl`
    """

    from pipeline.evaluation.clustering import eval_cluster
    from pipeline.evaluation.rows import ClusterRow, read_rows

    def work(progress: Progress) -> Found:
        rows = [row.model_dump(exclude_unset=True) for row in read_rows(file, ClusterRow)]
        progress("cluster", 0, None)
        _, config = open_home(home)
        return eval_cluster(rows, _models(home).embedder, config)

    _evaluate(work, out, as_json)


@app.command()
def match(
    claims: RowsOption,
    queries: RowsOption,
    out: OutOption = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Rank the claims `{id, text, title?}` that a text `{id, text, match?}` may repeat.

    Reports MAP@5, MRR and recall@20, with BM25 alone and the embeddings alone beside.

    Example: `rumortrail eval match --claims claims.jsonl --queries posts.jsonl`
    """

    from pipeline.evaluation.clustering import eval_match
    from pipeline.evaluation.rows import ClaimRow, QueryRow, read_rows

    def work(progress: Progress) -> Found:
        query_rows = read_rows(queries, QueryRow)
        claim_rows = read_rows(claims, ClaimRow)
        progress("match", 0, None)
        # One file may write an id as 12 and the other as "12": places stand for the ids while ranking.
        places = {str(row.id): f"{place}" for place, row in reversed(list(enumerate(claim_rows)))}
        figures, rankings = eval_match(
            [row.model_dump() | {"id": f"{place}"} for place, row in enumerate(claim_rows)],
            [row.model_dump() | {"match": _place(places, row.match)} for row in query_rows],
            _models(home).embedder,
        )
        ranked = [
            row | {"ranking": [claim_rows[int(place)].id for place in row["ranking"]]} for row in rankings
        ]
        return figures, ranked

    _evaluate(work, out, as_json)


@app.command()
def threads(file: File, out: OutOption = None, as_json: JsonOption = False, home: HomeOption = None) -> None:
    """Say where each post of a thread stands, and what became of the first one's claim.

    Rows `{id, veracity?, posts: [{id, in_reply_to, time, text, stance?}]}`. Reports accuracy, macro-F1 and F1
    by label of the posts' stances (support, deny, query, comment) and of the threads' veracity (true, false,
    unverified).

    Example: `rumortrail eval threads threads.jsonl --out predictions.jsonl`
    """

    from models.stance import threads as thread_models
    from pipeline.evaluation.rows import ThreadRow, read_rows
    from pipeline.evaluation.threads import eval_threads

    def work(progress: Progress) -> Found:
        return eval_threads(read_rows(file, ThreadRow), thread_models.load(), _models(home).stance, progress)

    _evaluate(work, out, as_json)


def _models(home: Path | None) -> LazyModels:
    return LazyModels(open_home(home)[1].models)


def _place(places: Mapping[str, str], match: int | str | None) -> str | None:
    """Return the place of the matching claim; a missing claim gets a place that none has."""
    return None if match is None else places.get(str(match), "absent")


def _evaluate(work: Callable[[Progress], Found], out: Path | None, as_json: bool) -> None:
    """Run `work`, write its predictions to `out`, and print its figures."""
    if out and not out.parent.is_dir():
        raise ConfigError(f"--out {out}: there is no folder {out.parent}")
    try:
        with console.progress(err) as progress:
            figures, predictions = work(progress)
    except DataError as error:
        err.print(f"[red]DataError[/]: {escape(str(error))}", soft_wrap=True)
        raise typer.Exit(1) from error
    if out:
        _write(out, predictions)
    if as_json:
        print(json.dumps(figures))
    else:
        for name, value in _lines(figures):
            print(f"{name:24}{value}")
    if left_out := figures.get("left_out"):
        explanation = "They are predicted, but left out of the figures."
        err.print(f"rows with a label that is not allowed: {left_out}. {explanation}")


def _lines(figures: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in figures.items():
        if isinstance(value, Mapping):
            yield from ((f"{name} {label}", f"{score:.4f}") for label, score in value.items())
        else:
            fraction = isinstance(value, float) and not value.is_integer()
            yield name, f"{value:.4f}" if fraction else f"{value:.0f}"


def _write(out: Path, predictions: Sequence[Mapping[str, Any]]) -> None:
    try:
        with out.open("w", encoding="utf-8") as stream:
            stream.writelines(json.dumps(row) + "\n" for row in predictions)
    except OSError as error:
        raise ConfigError(f"--out {out} cannot be written: {error.strerror or error}") from error
