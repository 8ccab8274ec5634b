"""Ingest: documents, versions, sightings, deletions, and whatever is wrong with an inbox."""

from __future__ import annotations

import dataclasses
import gzip
import json
import os
from typing import Any

import pytest

from pipeline.core.context import RunContext
from pipeline.core.records import StageCounts
from pipeline.stages.ingest.stage import ingest
from pipeline.store.store import Store
from tests.conftest import InboxWriter, document

SOURCE = {"type": "source", "source": "wire", "name": "The Wire", "platform": "news", "role": "press",
          "url": "https://wire.example"}


def rows(store: Store, sql: str) -> list[tuple[Any, ...]]:
    return store.connection.execute(sql).fetchall()


def counts(done: int = 0, skipped: int = 0, failed: int = 0, **detail: int) -> StageCounts:
    return StageCounts(done + skipped + failed, done, skipped, failed,
                       {"new": 0, "changed": 0, "gone": 0} | detail)


def test_a_document_is_stored_with_its_version_links_and_source(store: Store, run: RunContext,
                                                                write_inbox: InboxWriter) -> None:
    link = {"url": "https://lab.example/post", "kind": "link", "words": "the lab's post"}
    write_inbox([SOURCE, document(links=[link])])
    assert ingest(store, run) == counts(done=1, new=1)
    assert rows(store,
                "SELECT url, source, source_id, title, published_precision, versions FROM documents") == [
        ("https://wire.example/1", "The Wire", "wire", "About Aster", "second", 1)
    ]
    assert rows(store, "SELECT number, text, unchanged_at "
                       "FROM versions") == [(1, "Model Aster has 70b parameters.", None)]
    assert rows(store, "SELECT url, kind, words "
                       "FROM links") == [("https://lab.example/post", "link", "the lab's post")]


def test_a_second_call_does_nothing(store: Store, run: RunContext, write_inbox: InboxWriter) -> None:
    write_inbox([SOURCE, document()])
    ingest(store, run)
    assert ingest(store, run) == counts()


def test_lines_that_were_added_to_a_file_are_read_and_no_line_twice(store: Store, run: RunContext,
                                                                    write_inbox: InboxWriter) -> None:
    write_inbox([SOURCE, document()])
    ingest(store, run)
    write_inbox([document("https://wire.example/2")])
    assert ingest(store, run) == counts(done=1, new=1)


def test_a_given_id_is_the_document_id_and_needs_no_url(store: Store, run: RunContext,
                                                        write_inbox: InboxWriter) -> None:
    write_inbox([document(None, id="reddit:abc/1", platform="reddit", author=None)])
    ingest(store, run)
    assert rows(store,
                "SELECT document_id, url, source_id FROM documents") == [("reddit:abc/1", None, "wire")]


def test_a_changed_text_is_a_new_version_and_its_time_an_interval(store: Store, run: RunContext,
                                                                  write_inbox: InboxWriter) -> None:
    write_inbox([document(seen_at="2026-03-01T03:00:00Z")], run_id="r1")
    write_inbox([document(seen_at="2026-03-02T03:00:00Z")], run_id="r2")
    write_inbox([document(seen_at="2026-03-03T03:00:00Z", text="Model Aster has, reportedly, 70b parameters.",
                          title="New head")], run_id="r3")
    assert ingest(store, run) == counts(done=2, skipped=1, new=1, changed=1)
    versions = rows(store,
                    "SELECT number, unchanged_at::VARCHAR, seen_at::VARCHAR FROM versions ORDER BY number")
    assert versions == [(1, None, "2026-03-01 03:00:00"), (2, "2026-03-02 03:00:00", "2026-03-03 03:00:00")]
    assert rows(store, "SELECT title, versions FROM documents") == [("New head", 2)]


def test_a_text_that_is_read_too_late_is_told(store: Store, run: RunContext,
                                              write_inbox: InboxWriter) -> None:
    """The night read the page at 03:40; a revisit read it at 03:15, but its file is ingested second."""
    write_inbox([document(seen_at="2026-03-01T03:00:00Z")], run_id="r1")
    write_inbox([document(seen_at="2026-03-02T03:40:00Z", text="Model Aster has 90b parameters.")],
                run_id="r2")
    newest_version = document(seen_at="2026-03-02T03:15:00Z")
    late_version = document(seen_at="2026-03-02T03:16:00Z", text="Model Aster has 80b parameters.")
    write_inbox([newest_version, late_version], run_id="r3")
    assert ingest(store, run) == counts(done=2, skipped=2, new=1, changed=1)
    assert rows(store, "SELECT code, severity, place "
                       "FROM issues") == [("late_text", "warning", "https://wire.example/1")]


def test_the_same_document_twice_in_one_batch_is_one(store: Store, run: RunContext,
                                                     write_inbox: InboxWriter) -> None:
    write_inbox([document(), document()])
    assert ingest(store, run) == counts(done=1, skipped=1, new=1)


def test_an_unknown_time_is_filled_and_a_known_one_never_replaced(store: Store, run: RunContext,
                                                                  write_inbox: InboxWriter) -> None:
    unknown = {"published_at": None, "published_precision": "unknown", "published_from": "unknown"}
    write_inbox([document(**unknown)], run_id="r1")
    write_inbox([document()], run_id="r2")
    write_inbox([document(published_at="2020-01-01T00:00:00Z", text="Another text.")], run_id="r3")
    ingest(store, run)
    assert rows(store, "SELECT published_at::VARCHAR, published_from "
                       "FROM documents") == [("2026-03-01 12:00:00", "feed")]


def test_a_time_before_the_bound_is_none(store: Store, run: RunContext, write_inbox: InboxWriter) -> None:
    unknown = {"published_at": None, "published_precision": "unknown", "published_from": "unknown"}
    bound = {"not_before": "2026-03-01T15:00:00Z"}
    write_inbox([document(**unknown, **bound)], run_id="r1")
    write_inbox([document(published_at="2026-03-01T12:00:00Z")], run_id="r2")
    ingest(store, run)
    times_sql = "SELECT published_at::VARCHAR, published_precision, not_before::VARCHAR FROM documents"
    assert rows(store, times_sql) == [(None, "unknown", "2026-03-01 15:00:00")]
    write_inbox([document(published_at="2026-03-01T16:00:00Z")], run_id="r3")
    ingest(store, run)
    assert rows(store, times_sql) == [("2026-03-01 16:00:00", "second", "2026-03-01 15:00:00")]


@pytest.mark.parametrize(
    ("platform", "url", "seen", "expected"),
    [
        ("huggingface", "https://hub.example/a/aster", "2026-03-09", (None, "unknown", "unknown")),
        ("huggingface", "https://hub.example/a/aster", "2026-03-01", ("2026-03-01 00:00:00", "day", "api")),
        ("arxiv", "https://arxiv.org/abs/2603.01234", "2026-03-09", ("2026-03-01 00:00:00", "month", "api")),
        ("arxiv", "https://arxiv.org/abs/2613.01234", "2026-03-09", (None, "unknown", "unknown")),
        ("github", "https://forge.example/a/aster", "2026-03-09", ("2026-03-01 12:00:00", "second", "api")),
    ],
)  # fmt: skip
def test_lines_of_the_first_reader_tell_the_making_of_a_thing(
    store: Store, run: RunContext, write_inbox: InboxWriter,
    platform: str, url: str, seen: str, expected: tuple[str | None, str, str]
) -> None:
    times_sql = ("SELECT published_at::VARCHAR, published_precision, published_from, not_before::VARCHAR "
                 "FROM store.documents")
    line = document(url, platform=platform, published_from="api", seen_at=f"{seen}T13:00:00Z")
    write_inbox([line])
    ingest(store, run)
    bound = None if platform == "github" else "2026-03-01 12:00:00"
    assert rows(store, times_sql) == [(*expected, bound)]
    # And the same line gives no time to a document whose time was cleared.
    store.execute("UPDATE store.documents SET published_at = NULL, published_precision = 'unknown', "
                  "published_from = 'unknown'")
    write_inbox([line], run_id="r2")
    ingest(store, run)
    assert rows(store, times_sql) == [(*expected, bound)]


def test_a_month_that_ends_after_the_bound_is_kept(store: Store, run: RunContext,
                                                   write_inbox: InboxWriter) -> None:
    unknown = {"published_at": None, "published_precision": "unknown", "published_from": "unknown"}
    month = {"published_at": "2025-10-01T00:00:00Z", "published_precision": "month"}
    write_inbox([document(**unknown, not_before="2025-10-05T09:00:00Z")], run_id="r1")
    write_inbox([document(**month)], run_id="r2")
    ingest(store, run)
    assert rows(store, "SELECT published_at::VARCHAR, published_precision FROM documents") == [
        ("2025-10-01 00:00:00", "month")
    ]


@pytest.mark.parametrize(
    ("bound", "known"),
    [("2026-02-20", True), ("2026-03-01", False), ("2026-03-04", False)],
)
def test_a_bound_that_is_learned_later_is_kept_where_it_can_be(
    store: Store, run: RunContext, write_inbox: InboxWriter, bound: str, known: bool
) -> None:
    write_inbox([document(), document(seen_at="2026-03-05T03:00:00Z", not_before=f"{bound}T13:00:00Z")])
    ingest(store, run)
    assert rows(store, "SELECT not_before IS NOT NULL FROM documents") == [(known,)]


def test_a_time_and_another_text_may_come_in_one_batch(store: Store, run: RunContext,
                                                       write_inbox: InboxWriter) -> None:
    unknown = {"published_at": None, "published_precision": "unknown", "published_from": "unknown"}
    write_inbox([document(**unknown), document(seen_at="2026-03-03T03:00:00Z"),
                 document(**unknown, text="Another text.", seen_at="2026-03-04T03:00:00Z")])
    ingest(store, run)
    assert rows(store, "SELECT published_at::VARCHAR FROM documents") == [("2026-03-01 12:00:00",)]


def test_a_deletion_keeps_the_text_and_its_interval(store: Store, run: RunContext,
                                                    write_inbox: InboxWriter) -> None:
    gone_line = {"type": "gone", "url": "https://wire.example/1", "source": "wire",
                 "seen_at": "2026-03-03T03:00:00Z", "evidence": "status 410"}
    write_inbox([document(), gone_line | {"last_present_at": "2026-03-02T03:00:00Z"},
                 gone_line | {"url": "https://wire.example/never"}, gone_line | {"id": "d-never"}])
    assert ingest(store, run) == counts(done=2, failed=2, new=1, gone=1)
    assert rows(store, "SELECT gone_at::VARCHAR, gone_after::VARCHAR, gone_evidence FROM documents") == [
        ("2026-03-03 03:00:00", "2026-03-02 03:00:00", "status 410")
    ]
    assert rows(store, "SELECT text FROM versions") == [("Model Aster has 70b parameters.",)]
    assert rows(store, "SELECT code, place FROM issues ORDER BY place") == [
        ("gone_unknown", "d-never"), ("gone_unknown", "https://wire.example/never")]


def test_a_document_that_comes_back_is_no_longer_gone(store: Store, run: RunContext,
                                                      write_inbox: InboxWriter) -> None:
    write_inbox([document(), {"type": "gone", "url": "https://wire.example/1", "source": "wire",
                              "seen_at": "2026-03-03T03:00:00Z", "evidence": "404"}])
    ingest(store, run)
    write_inbox([document(seen_at="2026-03-04T03:00:00Z")], run_id="r2")
    ingest(store, run)
    assert rows(store, "SELECT gone_at FROM documents") == [(None,)]


def test_accounts_publish_and_only_their_own_feed_lends_its_role(store: Store, run: RunContext,
                                                                 write_inbox: InboxWriter) -> None:
    feed = {"type": "source", "source": "lab", "name": "Lab on Bluesky", "platform": "bluesky",
            "role": "first_party",
            "url": "https://bsky.example/profile/lab.example", "organisation": "Lab"}  # fmt: skip
    own_post = document("https://bsky.example/1", platform="bluesky", source="lab", author="lab.example")
    repost = document("https://bsky.example/2", platform="bluesky", source="lab", author="fan.example",
                      author_name="A fan")
    write_inbox([feed, own_post, repost])
    ingest(store, run)
    assert rows(store, "SELECT source_id, name, role, organisation FROM store.sources "
                       "WHERE source_id LIKE 'bluesky:%' ORDER BY 1") == [
        ("bluesky:fan.example", "A fan", "community", None),
        ("bluesky:lab.example", "lab.example", "first_party", "Lab"),
    ]


LAB = {"type": "source", "source": "x-lab", "name": "Lab on X", "platform": "x", "role": "first_party",
       "url": "https://x.com/lab", "organisation": "Lab"}
ANN = {"type": "source", "source": "x-ann", "name": "Ann on X", "platform": "x", "role": "expert",
       "url": "https://x.com/ann", "organisation": "Bench"}


def by_ann(number: int, feed: str, name: str = "Ann") -> dict[str, Any]:
    """A post of Ann's that a feed lists."""
    return document(f"https://x.com/ann/status/{number}", platform="x", source=feed, author="ann",
                    author_name=name)


@pytest.mark.parametrize("files", [
    [[LAB, by_ann(1, "x-lab"), ANN, by_ann(1, "x-ann")]],
    [[LAB, by_ann(1, "x-lab")], [ANN, by_ann(1, "x-ann")]],
    [[ANN, by_ann(1, "x-ann"), LAB, by_ann(2, "x-lab")]],
    [[ANN, by_ann(1, "x-ann")], [LAB, by_ann(2, "x-lab")]],
], ids=["together", "apart", "own first, together", "own first, apart"])
def test_its_own_feed_tells_the_role_of_an_account_whichever_listing_comes_first(
        store: Store, run: RunContext, write_inbox: InboxWriter, files: list[list[dict[str, Any]]]) -> None:
    for number, lines in enumerate(files):
        write_inbox(lines, run_id=f"r{number}")
        ingest(store, run)
    assert rows(store, "SELECT source_id, name, role, url, organisation FROM store.sources "
                       "WHERE source_id = 'x:ann'") == [
        ("x:ann", "Ann", "expert", "https://x.com/ann", "Bench")
    ]


def test_an_account_follows_what_is_declared_of_it_and_keeps_its_name(store: Store, run: RunContext,
                                                                      write_inbox: InboxWriter) -> None:
    write_inbox([ANN, by_ann(1, "x-ann")])
    ingest(store, run)
    write_inbox([ANN | {"role": "press"}, by_ann(2, "x-ann", "Ann (away)")], run_id="r2")
    ingest(store, run)
    assert rows(store, "SELECT name, role FROM store.sources WHERE source_id = 'x:ann'") == [("Ann", "press")]


def test_names_alike_on_two_servers_are_two_accounts(store: Store, run: RunContext,
                                                     write_inbox: InboxWriter) -> None:
    own_source = {"type": "source", "source": "tower-simon", "name": "Simon on Tower", "platform": "mastodon",
                  "role": "expert", "url": "https://tower.example/@simon"}
    tag = {"type": "source", "source": "far-llm", "name": "#LLM on Far", "platform": "mastodon",
           "role": "community", "url": "https://far.example/tags/LLM"}
    listed_posts = [
        ("https://tower.example/@simon/1", "tower-simon", "simon@tower.example"),
        ("https://tower.example/@simon/2", "tower-simon", "simon"),  # a line of an earlier release
        ("https://far.example/@simon/3", "far-llm", "simon"),
        ("https://tower.example/@simon/4", "far-llm", "simon@tower.example"),
    ]
    write_inbox([own_source, tag, *(document(url, platform="mastodon", source=feed, author=author)
                                    for url, feed, author in listed_posts)])
    ingest(store, run)
    tower, far_user = "simon@tower.example", "simon@far.example"
    assert rows(store, "SELECT author, source_id FROM store.documents ORDER BY url[-1]") == [
        (name, f"mastodon:{name}") for name in (tower, tower, far_user, tower)
    ]
    assert rows(
        store, "SELECT source_id, role FROM store.sources WHERE source_id LIKE 'mastodon:%' ORDER BY 1"
    ) == [(f"mastodon:{far_user}", "community"), (f"mastodon:{tower}", "expert")]


def test_on_a_forum_the_author_publishes_and_a_byline_on_a_site_does_not(
        store: Store, run: RunContext, write_inbox: InboxWriter) -> None:
    write_inbox([
        document("https://bbs.example.com/t/1", platform="other", source="bbs.example.com", author="ann"),
        document("https://bbs.example.com/t/2", platform="other", source="bbs.example.com", author="ben"),
        document("https://weibo.com/9/a", platform="other", source="weibo.com", author="小明"),
        document("https://talk.example/3", platform="other", source="talk.example", author="cy",
                 in_reply_to="https://talk.example/1"),
        document("https://paper.example/4", platform="other", source="paper.example", author="Dee Byline"),
        document("https://bbs.example.com/t/5", platform="other", source="bbs.example.com"),
        document("https://bbs.example.com/t/6", platform="other", source="bbs.example.com", author="Guest"),
        document("http://[", platform="other", source="odd.example", author="eve"),
        document("https://bbs.example.com/t/8", platform="other", source="x", author="sama"),
    ])
    ingest(store, run)
    publishers = dict(rows(store, "SELECT url, source_id FROM documents"))
    assert publishers == {
        "https://bbs.example.com/t/1": "bbs.example.com:ann",
        "https://bbs.example.com/t/2": "bbs.example.com:ben", "https://weibo.com/9/a": "weibo.com:小明",
        "https://talk.example/3": "talk.example:cy",
        "https://paper.example/4": "paper.example", "https://bbs.example.com/t/5": "bbs.example.com",
        "https://bbs.example.com/t/6": "bbs.example.com", "http://[": "odd.example",
        "https://bbs.example.com/t/8": "x"}


NOBODY = ("[deleted]", "[removed]", "deleted", "u/[deleted]", "None", "null", "anonymous", "Anonymous User",
          "unknown", " ", "https://paper.example/rss.xml")


@pytest.mark.parametrize("author", NOBODY)
def test_an_author_who_is_nobody_is_not_known_and_no_account(store: Store, run: RunContext,
                                                             write_inbox: InboxWriter, author: str) -> None:
    listing = {"type": "source", "source": "open-weights", "name": "r/OpenWeights", "platform": "reddit",
               "role": "community", "url": "https://www.reddit.com/r/OpenWeights"}
    write_inbox([
        listing,
        document("https://www.reddit.com/r/a/comments/1/a", platform="reddit", source="open-weights",
                 author=author),
        document("https://www.reddit.com/r/a/comments/2/a", platform="reddit", source=f"reddit:{author}",
                 author=author, author_name=author),
        document("https://news.ycombinator.com/item?id=3", platform="hackernews", source="hackernews",
                 author_name=author),
        document("https://x.com/admin/status/4", platform="x", source="x:admin", author="admin",
                 author_name="Odile Ferrant"),
    ])
    ingest(store, run)
    assert rows(store, "SELECT source_id, author, author_name FROM documents ORDER BY url") == [
        ("hackernews", None, None), ("open-weights", None, None), ("reddit", None, None),
        ("x:admin", "admin", "Odile Ferrant"),
    ]
    assert not rows(store, "FROM store.sources WHERE name = source_id AND source_id LIKE 'reddit:%'")


def test_broken_lines_become_issues_and_the_others_land(store: Store, run: RunContext,
                                                        write_inbox: InboxWriter) -> None:
    small = dataclasses.replace(run, config=dataclasses.replace(
        run.config, ingest=dataclasses.replace(run.config.ingest, max_text=100)
    ))
    file = write_inbox([document(), document("https://wire.example/2", platform="carrier pigeon"),
                        {"type": "riddle"}])
    write_inbox([document("https://wire.example/3", text="x" * 101),
                 document("https://wire.example/4", text="Fine.")])
    with file.open("ab") as stream:
        stream.write(gzip.compress(json.dumps(document("https://wire.example/5")).encode() + b"\n")[:-30])
    assert ingest(store, small) == counts(done=2, failed=3, new=2)
    assert sorted(code for (code,) in rows(store, "SELECT code FROM issues")) == ["inbox_line", "inbox_line",
                                                                                  "text_too_long"]
    assert ("r1/wire.jsonl.gz:2",) in rows(store, "SELECT place FROM issues")


def test_halves_of_surrogate_pairs_stop_nothing(store: Store, run: RunContext,
                                                write_inbox: InboxWriter) -> None:
    file = write_inbox([document(title="A \ud83d\ude00 title")])
    lines = [
        {"type": "issue", "source": None, "code": "c", "message": "m", "severity": "error",
         "seen_at": "2026-03-02T03:00:00Z", "place": "https://evil.example/\ud800"},
        document("https://wire.example/2", text="Aster \udfff 4 is out."),
        document("https://wire.example/3"),
    ]
    with file.open("ab") as stream:
        stream.write(gzip.compress(b"".join(json.dumps(line).encode() + b"\n" for line in lines)))
    assert ingest(store, run) == counts(done=3, new=3)
    assert rows(store, "SELECT place FROM issues") == [("https://evil.example/\ufffd",)]
    assert rows(store, "SELECT title FROM documents WHERE title LIKE 'A %'") == [("A \U0001f600 title",)]
    assert ("Aster \ufffd 4 is out.",) in rows(store, "SELECT text FROM versions")


def test_a_nested_line_is_an_issue_and_the_next_lines_land(store: Store, run: RunContext,
                                                           write_inbox: InboxWriter) -> None:
    file = write_inbox([document()])
    with file.open("ab") as stream:
        stream.write(gzip.compress(b"[" * 200_000 + b"]" * 200_000 + b"\n"
                                   + json.dumps(document("https://wire.example/2")).encode() + b"\n"))
    assert ingest(store, run) == counts(done=2, failed=1, new=2)
    assert rows(store, "SELECT code FROM issues") == [("inbox_line",)]


def test_what_is_no_file_in_the_inbox_is_told_and_the_files_are_read(store: Store, run: RunContext,
                                                                     write_inbox: InboxWriter) -> None:
    folder = write_inbox([document()]).parent
    (folder / "dir.jsonl.gz").mkdir()
    (folder / "link.jsonl.gz").symlink_to(folder / "nowhere")
    os.mkfifo(folder / "pipe.jsonl.gz")
    assert ingest(store, run) == counts(done=1, new=1)
    assert sorted(rows(store, "SELECT code, place FROM issues")) == [
        ("inbox_damaged", f"r1/{name}.jsonl.gz") for name in ("dir", "link", "pipe")]


def test_a_file_whose_name_is_no_text_is_read(store: Store, run: RunContext,
                                              write_inbox: InboxWriter) -> None:
    file = write_inbox([document()])
    file.rename(file.with_name(os.fsdecode(b"bad\xff.jsonl.gz")))
    write_inbox([document("https://wire.example/2")]).rename(file.with_name(os.fsdecode(b"bad\xfe.jsonl.gz")))
    assert ingest(store, run) == counts(done=2, new=2)
    assert ingest(store, run) == counts()


@pytest.mark.parametrize("left", [1, 2, 9, 40])
def test_what_a_killed_writer_left_at_the_tail_is_no_damage(store: Store, run: RunContext,
                                                            write_inbox: InboxWriter, left: int) -> None:
    file = write_inbox([document()])
    with file.open("ab") as stream:
        stream.write(gzip.compress(json.dumps(document("https://wire.example/2")).encode() + b"\n")[:left])
    assert ingest(store, run) == counts(done=1, new=1)
    assert rows(store, "SELECT code FROM issues") == []


def test_a_damaged_file_is_told_and_keeps_what_stands_before(store: Store, run: RunContext,
                                                             write_inbox: InboxWriter) -> None:
    file = write_inbox([document()])
    with file.open("ab") as stream:
        stream.write(b"this is no gzip member at all" * 10)
    write_inbox([document("https://wire.example/2")], source="zeta")
    assert ingest(store, run) == counts(done=2, new=2)
    assert rows(store, "SELECT code, place FROM issues") == [("inbox_damaged", "r1/wire.jsonl.gz")]


@pytest.mark.parametrize("batch", [1, 2, 500])
def test_the_batch_size_changes_nothing(store: Store, run: RunContext, write_inbox: InboxWriter,
                                        batch: int) -> None:
    sized_run = dataclasses.replace(run, config=dataclasses.replace(
        run.config, ingest=dataclasses.replace(run.config.ingest, batch=batch)
    ))
    write_inbox([SOURCE, *(document(f"https://wire.example/{number % 3}", text=f"Model A{number % 5}.",
                                    seen_at=f"2026-03-0{1 + number}T03:00:00Z") for number in range(7))])
    ingest(store, sized_run)
    assert rows(store, "SELECT url, versions FROM documents ORDER BY url") == [
        ("https://wire.example/0", 3),
        ("https://wire.example/1", 2),
        ("https://wire.example/2", 2),
    ]
