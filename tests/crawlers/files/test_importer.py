"""`rumortrail ingest PATH`: which lines are stored, which become issues and where, independently."""

from __future__ import annotations

import gzip
import json
import re
import tempfile
import tracemalloc
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawlers.files import importer
from crawlers.files.importer import LocalCounts, collect
from crawlers.files.jsonlines import COLUMNS
from crawlers.normalise.reader import READER
from pipeline.core.config import Config, IngestConfig
from pipeline.core.errors import ConfigError
from pipeline.core.home import Home
from tests.conftest import NOW

FIXTURES = Path(__file__).parents[1] / "fixtures_text"
DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
SMALL = Config(ingest=IngestConfig(max_text=10_000))
Line = dict[str, Any]


def take(home: Home, *paths: Path, config: Config = SMALL) -> tuple[LocalCounts, list[Line]]:
    counts = collect(paths, home, config, run_id="r1", now=NOW, on_progress=lambda *_: None)
    assert counts.inputs == counts.done + counts.skipped + counts.failed
    files_written = sorted((home.inbox / "r1").glob("*"), key=lambda path: path.stat().st_mtime_ns)
    return counts, [
        json.loads(line) for file in files_written[-1:] for line in gzip.open(file, "rt", encoding="utf-8")
    ]


def of(lines: list[Line], kind: str) -> list[Line]:
    return [line for line in lines if line["type"] == kind]


def issues(lines: list[Line], root: Path) -> list[tuple[str, str, str]]:
    return [
        (line["code"], line["severity"], line["place"].removeprefix(f"{root}/"))
        for line in of(lines, "issue")
    ]


def post(number: int, **changes: Any) -> Line:
    return {
        "id": f"x:{number}", "url": f"https://x.com/quillbyte/status/{number}", "platform": "x",
        "author": "quillbyte", "published_at": "2026-02-01T10:00:00Z", "title": None,
        "text": f"Post {number} on Glimmer 9.", "topic": "ignored",
    } | changes


def jsonl(path: Path, *lines: Line | str | bytes) -> Path:
    raw_lines = [
        line if isinstance(line, bytes) else (line if isinstance(line, str) else json.dumps(line)).encode()
        for line in lines
    ]
    data = b"\n".join(raw_lines)
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def test_posts_land_with_their_columns(home: Home, tmp_path: Path) -> None:
    file = jsonl(
        tmp_path / "posts.jsonl",
        post(
            1, links=["https://twitter.com/a/status/9"], score=4, author_name="Quill", language="en",
            in_reply_to="x:0",
        ),
        post(2, url=None, author=None, published_at="2026-02-01"),
        {
            "url": "https://www.wire.example/a/?utm_source=b", "platform": "news", "author": "Ottilie Marsh",
            "title": "T", "text": "A story.",
        },
        {"id": 7, "source": "my notes", "text": "A note."},
    )
    counts, lines = take(home, file)
    assert counts == LocalCounts(4, 4, 0, 0)
    first, second, story, note = of(lines, "document")
    assert first["links"] == [{"url": "https://x.com/a/status/9", "kind": "link", "words": None}]
    assert (first["id"], first["source"], first["score"], first["author_name"], first["in_reply_to"]) == (
        "x:1", "x:quillbyte", 4, "Quill", "x:0",
    )
    assert (first["published_at"], first["published_precision"], first["published_from"]) == (
        "2026-02-01T10:00:00Z", "second", "given",
    )
    assert (second["id"], second["url"], second["source"]) == ("x:2", None, "x")
    assert (second["published_at"], second["published_precision"]) == ("2026-02-01T00:00:00Z", "day")
    assert (story["url"], story["source"], story["published_at"]) == (
        "https://www.wire.example/a", "wire.example", None,
    )
    assert (note["id"], note["platform"], note["source"]) == ("7", "other", "my notes")
    assert {line["seen_at"] for line in of(lines, "document")} == {"2026-03-02T03:00:00Z"}
    # ingest names the account, from the stored rows
    assert [(line["source"], line["platform"], line["role"]) for line in of(lines, "source")] == [
        ("x", "x", "community"), ("wire.example", "news", "press"), ("my notes", "other", "community"),
    ]  # fmt: skip


def test_markdown_lands_as_the_words_that_a_reader_sees_and_its_links(home: Home, tmp_path: Path) -> None:
    words = r"Glimmer\-9 has **128K** of context &amp; [a card](https://hub.example/g): see https://a.example/b_c_d"
    plain_text = "Glimmer-9 has 128K of context & a card: see https://a.example/b_c_d"
    links = [("https://old.example/", None), ("https://hub.example/g", "a card"),
             ("https://a.example/b_c_d", None)]
    reddit = {"platform": "reddit", "url": "https://www.reddit.com/r/g/comments/1/a/2", "author": "q"}
    file = jsonl(
        tmp_path / "posts.jsonl",
        post(1, **reddit, text=words, title="R&amp;D says **9**", author_name="Q &lt;3",
             links=["https://old.example/"]),
        post(2, **reddit | {"url": "https://redd.it/3"}, text="# Out\n\n* one\n* two"),
        post(3, text="**128K** of context, it says"),
        post(4, text="*it* is 2*3*4, R&amp;D\n# says &lt;b&gt;"),
        post(5, platform="news", source="wire.example", text="&amp; is how HTML writes it", title="&amp;"),
        post(6, **reddit | {"url": "https://redd.it/4"}, text=7),
        post(7, **reddit | {"url": "https://redd.it/5"}, text="![](https://i.example/x.png)"),
    )
    _, lines = take(home, file)
    documents = of(lines, "document")
    assert [line["text"] for line in documents] == [
        plain_text, "Out\n\n- one\n- two", "128K of context, it says", "*it* is 2*3*4, R&D\n# says <b>",
        "&amp; is how HTML writes it", "![](https://i.example/x.png)",
    ]
    assert (documents[0]["title"], documents[4]["title"]) == ("R&D says **9**", "&amp;")
    assert documents[0]["author_name"] == "Q <3"
    assert [(link["url"], link["words"]) for link in documents[0]["links"]] == links
    assert {line["reader"] for line in documents} == {READER}
    assert issues(lines, tmp_path) == [("invalid_document", "error", "posts.jsonl:6")]


def test_a_source_stands_before_its_first_document_and_declared_ones_are_left_to_their_declaration(
    home: Home, tmp_path: Path
) -> None:
    home.sources_file.write_text(
        '[[source]]\nid = "wire"\nname = "Wire"\nspider = "feeds"\nurl = "https://wire.example/feed"\nrole '
        '= "press"\n'
    )
    story = {"platform": "news", "text": "A story.", "url": "https://wire.example/1"}
    _, lines = take(
        home, jsonl(tmp_path / "a.jsonl", story | {"source": "wire"}, story | {"url": "https://b.example/2"})
    )
    assert [(line["type"], line["source"]) for line in lines] == [
        ("document", "wire"), ("source", "b.example"), ("document", "b.example"),
    ]


def test_a_date_that_is_a_month_a_year_or_none_never_costs_the_document(home: Home, tmp_path: Path) -> None:
    dates = ("2025-06", "2025", "sometime in June", "2025-06-31")
    file = jsonl(tmp_path / "posts.jsonl", *(post(i, published_at=date) for i, date in enumerate(dates)))
    counts, lines = take(home, file)
    assert (counts.done, counts.failed) == (4, 0)
    assert [(line.get("published_at"), line["published_precision"]) for line in of(lines, "document")] == [
        ("2025-06-01T00:00:00Z", "month"), ("2025-01-01T00:00:00Z", "year"), (None, "unknown"),
        (None, "unknown"),
    ]
    assert issues(lines, tmp_path) == [
        ("unreadable_date", "warning", "posts.jsonl:3"), ("unreadable_date", "warning", "posts.jsonl:4"),
    ]


def test_a_folder_with_every_kind_of_fault(home: Home, tmp_path: Path) -> None:
    root = tmp_path / "in"
    (root / "sub").mkdir(parents=True)
    jsonl(
        root / "posts.jsonl", "\ufeff" + json.dumps(post(1)), "{not json",
        post(2, published_at="2026-02-30T10:00:00Z"), post(3, published_at="2031-01-01"),
        json.dumps(post(4)).encode().replace(b"Glimmer", b"Gl\xffmmer"), post(5, text="a" * 10_001),
        json.dumps(post(6, text="a" * 200_000)), "", post(1, text="another text"),
        post(7, id="other", url=post(1)["url"], text=post(1)["text"]), post(8, text=None),
        post(9, url=None, id=None), post(10, platform="myspace"), post(11, url="javascript:alert(1)"),
        "[1, 2]", "[" * 5_000, '{"id": 1' + "0" * 5000 + "}", "null",
        post(12, text="lone \ud800 surrogate"), post(13),
    )
    jsonl(root / "packed.jsonl.gz", post(21), post(22))
    damaged = jsonl(
        root / "damaged.jsonl.gz", *(post(1000 + i, text=f"{i * 7919 % 1000} " * 200) for i in range(300))
    )
    damaged.write_bytes(damaged.read_bytes()[:-2000])
    (root / "a.txt").write_text("Lumenforge said nothing.")
    (root / "b.txt").write_bytes(("“Lumenforge” said\nnothing—" * 3).encode() + b"\xff at all.")
    (root / "c.txt").write_bytes(
        "Größe unbekannt, über Preise schweigt die Behörde. Für später: natürlich schöne Grüße.".encode(
            "cp1252"
        )
    )
    (root / "empty.txt").write_text(" \n")
    (root / "binary.txt").write_bytes(b"\x00\x01\x02" * 50)
    (root / "huge.txt").write_bytes(b"a" * 50_000)
    (root / "page.html").write_bytes((FIXTURES / "news.html").read_bytes())
    (root / "sub" / "undated.HTM").write_bytes((FIXTURES / "undated.html").read_bytes())
    (root / "sub" / "bare.html").write_text("<html><body><nav>Home</nav></body></html>")
    (root / "image.png").write_bytes(b"\x89PNG")
    (root / ".hidden.txt").write_text("Not to be read.")
    (root / "z.warc").write_bytes(b"WARC/1.0\r\ngarbage")
    outside_file = tmp_path / "outside.txt"
    outside_file.write_text("A text outside of the folder.")
    (root / "outward.txt").symlink_to(outside_file)
    (root / "inward.txt").symlink_to(root / "a.txt")
    (root / "loop").symlink_to(root)
    counts, lines = take(home, root)
    assert [line["id"] or line["url"].rsplit("/", 1)[1] for line in of(lines,
        "document") if not (line["id"] or "").startswith("x:1")] == [
        "a.txt", "b.txt", "c.txt", "x:21", "x:22", "page.html", "x:2", "x:3", "undated.HTM",
    ]  # fmt: skip
    issues_told = issues(lines, root)
    assert [issue for issue in issues_told if issue[2].startswith("posts.jsonl")] == [
        ("malformed_line", "error", "posts.jsonl:2"), ("unreadable_date", "warning", "posts.jsonl:3"),
        ("unreadable_date", "warning", "posts.jsonl:4"), ("invalid_utf8", "error", "posts.jsonl:5"),
        ("invalid_document", "error", "posts.jsonl:6"), ("line_too_long", "error", "posts.jsonl:7"),
        ("duplicate", "warning", "posts.jsonl:9"), ("duplicate", "warning", "posts.jsonl:10"),
        ("invalid_document", "error", "posts.jsonl:11"), ("invalid_document", "error", "posts.jsonl:12"),
        ("invalid_document", "error", "posts.jsonl:13"), ("invalid_document", "error", "posts.jsonl:14"),
        ("malformed_line", "error", "posts.jsonl:15"), ("malformed_line", "error", "posts.jsonl:16"),
        ("malformed_line", "error", "posts.jsonl:17"), ("malformed_line", "error", "posts.jsonl:18"),
    ]
    damage = [issue for issue in issues_told if issue[2].startswith("damaged")]
    landed = [line["id"] for line in of(lines, "document") if (line["id"] or "").startswith("x:1")]
    assert damage == [("unreadable_file", "error", f"damaged.jsonl.gz:{len(landed) - 3 + 1}")]
    assert landed[-3:] == ["x:1", "x:12", "x:13"]
    assert 10 < len(landed) < 300
    assert sorted(issue for issue in issues_told if issue[2][:6] not in ("posts.", "damage")) == [
        ("encoding_guessed", "warning", "c.txt"), ("invalid_document", "error", "empty.txt"),
        ("invalid_text", "warning", "b.txt:4"), ("link_outward", "warning", "outward.txt"),
        ("no_text", "error", "binary.txt"), ("unknown_file_type", "info", "image.png"),
        ("unreadable_file", "error", "huge.txt"), ("unreadable_file", "error", "z.warc"),
        ("unreadable_page", "error", "sub/bare.html"),
    ]
    assert counts == LocalCounts(
        inputs=len(landed) + 9 + 12 + 2 + 1 + 5 + 2, done=len(landed) + 9, skipped=2 + 2, failed=12 + 1 + 5,
    )


def test_files_are_known_by_their_address_and_give_no_date_of_their_own(home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "2025" / "04" / "07"
    folder.mkdir(parents=True)
    (folder / "saved page.txt").write_bytes((FIXTURES / "saved_page.txt").read_bytes())
    (folder / "news.html").write_bytes((FIXTURES / "news.html").read_bytes())
    _, lines = take(home, tmp_path)
    news, saved = of(lines, "document")
    assert (news["reader"], saved["reader"]) == (READER, READER)
    assert saved["url"] == f"file://{folder}/saved%20page.txt"
    assert (saved["platform"], saved["source"], saved["published_at"], saved["published_precision"]) == (
        "file", "file", None, "unknown",
    )
    assert saved["title"].startswith("Lumenforge says Glimmer 9 never saw")
    assert "Skip to content" not in saved["text"]
    assert (news["url"], news["platform"], news["source"]) == (
        f"file://{folder}/news.html", "file", "www.harbourpost.example".removeprefix("www."),
    )
    assert (news["published_at"], news["published_from"], news["author"]) == (
        "2025-03-04T07:15:00Z", "json_ld", "Ottilie Marsh, Ruben Fole",
    )


def test_the_pages_of_a_warc_file(home: Home, tmp_path: Path) -> None:
    html = (FIXTURES / "undated.html").read_bytes()
    file = tmp_path / "pages.warc.gz"
    with file.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        for url, kind, status, body in [
            ("https://techbrook.example/petrel?utm_source=a", "text/html; charset=utf-8", "200 OK", html),
            ("https://techbrook.example/logo.png", "image/png", "200 OK", b"\x89PNG"),
            ("https://techbrook.example/gone", "text/html", "404 Not Found", html),
            ("https://techbrook.example/empty", "text/html", "200 OK", b"<html></html>"),
            ("https://techbrook.example/petrel", "text/html", "200 OK", html),
        ]:
            headers = StatusAndHeaders(status, [("Content-Type", kind)], protocol="HTTP/1.1")
            writer.write_record(
                writer.create_warc_record(url, "response", payload=BytesIO(body), http_headers=headers)
            )
    counts, lines = take(home, file)
    (document,) = of(lines, "document")
    assert (document["url"], document["platform"], document["source"]) == (
        "https://techbrook.example/petrel", "news", "techbrook.example",
    )
    assert document["reader"] == READER
    assert document["warc"].startswith("pages.warc.gz#urn:uuid:")
    assert issues(lines, tmp_path) == [
        ("unreadable_page", "error", "pages.warc.gz:4"), ("duplicate", "warning", "pages.warc.gz:5"),
    ]
    assert counts == LocalCounts(3, 1, 1, 1)


@pytest.mark.parametrize("packed", [True, False])
def test_a_warc_file_that_breaks_off_keeps_its_whole_pages(home: Home, tmp_path: Path, packed: bool) -> None:
    warc_bytes, ends = BytesIO(), [0]
    writer = WARCWriter(warc_bytes, gzip=packed)
    for number in range(3):
        html = (FIXTURES / "undated.html").read_bytes().replace(b"spring", f"spring {number}".encode())
        headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        writer.write_record(
            writer.create_warc_record(
                f"https://techbrook.example/{number}", "response", payload=BytesIO(html), http_headers=headers
            )
        )
        ends.append(warc_bytes.tell())
    for run, cut_at in enumerate(
        [ends[3], ends[2] + 9, ends[2] + 100, ends[2] + 300, ends[3] - 200, ends[3] - 5]
    ):
        file = tmp_path / ("a.warc.gz" if packed else "a.warc")
        file.write_bytes(warc_bytes.getvalue()[:cut_at])
        counts = collect([file], home, SMALL, run_id=f"r{run}", now=NOW, on_progress=lambda *_: None)
        if cut_at == ends[3]:
            assert counts == LocalCounts(3, 3, 0, 0)
        else:
            assert (counts.done in (2, 3), counts.failed) == (True, 1), cut_at


@pytest.mark.slow
@pytest.mark.parametrize("lines", [b"A: b\r\n" * 3_000_000, b"A: " + b"b" * 20_000_000,
                                   b"A: b\r\n" + b" b\r\n" * 4_000_000], ids=["many", "long", "folded"])
@pytest.mark.parametrize("inner", [True, False], ids=["of the answer", "of the record"])
def test_a_warc_file_with_an_endless_head_costs_no_memory(home: Home, tmp_path: Path, lines: bytes,
                                                          inner: bool) -> None:
    head = b"HTTP/1.1 200 OK\r\n" + (lines if inner else b"") + b"\r\n"
    record = (b"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: https://techbrook.example/\r\n"
              b"Content-Length: %d\r\n%s\r\n%s\r\n\r\n" % (len(head), b"" if inner else lines, head))
    file = tmp_path / "a.warc.gz"
    file.write_bytes(gzip.compress(record, 1))
    tracemalloc.start()
    try:
        counts, lines_taken = take(home, file)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (counts.done, counts.failed) == (0, 1)
    assert "a head of more than 262,144 bytes" in str(of(lines_taken, "issue"))
    assert peak < 20_000_000


def test_a_line_of_fifty_megabytes_costs_neither_memory_nor_its_neighbours(
    home: Home, tmp_path: Path
) -> None:
    file = tmp_path / "big.jsonl"
    with file.open("w") as stream:
        stream.write(json.dumps(post(1)) + '\n{"id": "x:2", "text": "')
        for _ in range(50):
            stream.write("a" * 1_000_000)
        stream.write('"}\n' + json.dumps(post(3)))
    tracemalloc.start()
    counts, lines = take(home, file)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [line["id"] for line in of(lines, "document")] == ["x:1", "x:3"]
    assert issues(lines, tmp_path) == [("line_too_long", "error", "big.jsonl:2")]
    assert "50000026 bytes" in of(lines, "issue")[0]["message"]
    assert counts == LocalCounts(3, 2, 0, 1)
    assert peak < 20_000_000


def test_a_path_that_does_not_exist_is_told_before_anything_is_written(home: Home, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.txt does not exist"):
        take(home, tmp_path / "nowhere.txt", FIXTURES)
    assert not home.inbox.exists()


def test_the_same_file_twice_is_read_once(home: Home, tmp_path: Path) -> None:
    file = jsonl(tmp_path / "a.jsonl", post(1))
    assert take(home, file, tmp_path)[0] == LocalCounts(1, 1, 0, 0)


def test_progress_is_told(home: Home, tmp_path: Path) -> None:
    progress: list[tuple[str, int, int | None]] = []
    file = jsonl(tmp_path / "a.jsonl", *(post(i) for i in range(1200)))
    collect([file], home, SMALL, run_id="r1", now=NOW, on_progress=lambda *step: progress.append(step))
    assert progress == [("collect", 500, None), ("collect", 1000, None), ("collect", 1200, None)]


@pytest.mark.slow
@pytest.mark.skipif(not DATA.exists(), reason=f"the input data is not at {DATA}")
def test_every_real_post_lands(home: Home) -> None:
    counts, lines = take(
        home, DATA / "ai_posts_2025q1.jsonl", DATA / "meta_llama4_article.txt", config=Config()
    )
    assert counts == LocalCounts(3915, 3915, 0, 0)
    assert of(lines, "issue") == []
    article = of(lines, "document")[-1]
    assert (article["published_at"], article["source"]) == (None, "file")


LINES = st.one_of(
    st.integers(0, 5).map(lambda i: json.dumps(post(i)).encode()),
    st.binary(max_size=30).filter(lambda data: b"\n" not in data),
    st.dictionaries(
        st.sampled_from(list(post(1))), st.one_of(st.none(), st.integers(), st.text(max_size=9)), max_size=5
    ).map(lambda fields: json.dumps(fields).encode()),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(LINES, max_size=12))
def test_any_lines_are_counted_and_good_ones_land(raw: list[bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        counts, lines = take(Home(Path(folder)), jsonl(Path(folder) / "a.jsonl", *raw))
    good_lines = {json.dumps(post(i)).encode() for i in range(6)}
    assert {line["id"] for line in of(lines, "document")} >= {
        json.loads(line)["id"] for line in raw if line in good_lines
    }
    assert counts.inputs == sum(1 for line in raw if line.strip())
    lost_lines = [line for line in of(lines, "issue") if line["code"] != "unreadable_date"]
    assert len(lost_lines) == counts.skipped + counts.failed


def test_every_code_and_column_is_documented() -> None:
    text = (Path(__file__).resolve().parents[3] / "docs" / "ingest.md").read_text("utf-8")
    documented_codes = set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE))
    codes = set(re.findall(r'\.(?:fail|skip|issue)\(\s*"(\w+)"', Path(importer.__file__).read_text("utf-8")))
    assert codes
    assert documented_codes == codes | set(COLUMNS)


def test_the_documented_examples_land(home: Home, tmp_path: Path) -> None:
    text = (Path(__file__).resolve().parents[3] / "docs" / "ingest.md").read_text("utf-8")
    examples = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    assert take(home, jsonl(tmp_path / "a.jsonl", *examples[0].splitlines()))[0] == LocalCounts(2, 2, 0, 0)
