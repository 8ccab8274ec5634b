"""Through each stage with the real models, each page, export, feed and command: no text stops or enters any.
"""

from __future__ import annotations

import json
import re
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from models.language import BesideLanguage
from pipeline.core.config import AskConfig, Config
from pipeline.core.home import Home
from pipeline.core.text import encodable
from pipeline.core.vocabulary import DecisionKind
from pipeline.decisions.journal import Journal
from pipeline.exports.tables import Format, export, views
from pipeline.published.claim_filter import ClaimFilter
from pipeline.run.models import LazyModels, shared
from pipeline.run.nightly import process, take_in
from pipeline.run.report import RunReport
from pipeline.watches.records import WatchDraft
from pipeline.watches.store import WatchStore
from tests.conftest import NOW, Command, query_published
from tests.dashboard.pages import assert_harmless, html_of, opened, run_script
from tests.fakes import FakeModels
from tests.hostile.inputs import TEXTS, URLS

STAGES = ("ingest", "extract", "found", "cluster", "gather", "weigh", "trace", "judge", "second_read",
          "track", "publish")  # fmt: skip
PAGES = (
    "stories", "story", "today", "claims", "check", "claim", "entities", "sources", "review", "watches",
    "ask", "runs", "about",
)  # fmt: skip
COMMANDS = ("status", "ask", "check", "why", "edits", "export", "dossier", "claimreview", "calendar",
            "site")
SAID = "OpenAI released GPT-5 on Monday."
EDITORS = """
from pathlib import Path
from dashboard.data import queries
from dashboard.editing.service import Desk
from {module} import show
from pipeline.core.config import Config
from pipeline.core.home import Home
home = Home(Path({home!r}))
show(queries.current(home, Config()), Desk(home, Config(), "ada"))
"""

CHECK = """
from pathlib import Path
from dashboard.data import queries
from dashboard.views.check.page import Tools, show
from pipeline.core.config import Config
from pipeline.core.home import Home
from pipeline.run.interactive import checker
home = Home(Path({home!r}))
show(queries.current(home, Config()), Tools(checker, lambda config: None), home, Config(), None)
"""

pytestmark = pytest.mark.slow  # a whole night with the real models


def post(number: int, **fields: Any) -> dict[str, Any]:
    """Return a post of one of two weeks: each has a Monday, so the same words make two rival claims."""
    return {"id": f"post-{number}", "url": f"https://a.example/{number}", "platform": "news", "text": SAID,
            "published_at": f"2026-02-{3 + number % 10:02d}T10:00:00Z"} | fields  # fmt: skip


def posts() -> list[dict[str, Any]]:
    """Return posts with the texts alone, beside claim sentences, as titles, names, answers and addresses.

    Very long texts are cut in the middle; the last test has a long text.
    """
    posts_made: list[dict[str, Any]] = [post(0)]
    for text in TEXTS:
        short_text = _cut(text, 2_000)
        posts_made += [
            post(len(posts_made), text=_cut(text, 12_000)),
            post(len(posts_made) + 1, text=f"{SAID} {short_text}", author=text[:100], platform="x"),
            post(len(posts_made) + 2, text=f"It is not true that {SAID} “{short_text}”", title=text[:300],
                 author_name=text[:100], in_reply_to="https://a.example/0"),
        ]  # fmt: skip
    return posts_made + [post(len(posts_made) + number, url=url) for number, url in enumerate(URLS)]


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most // 2] + text[-most // 2 :]


@pytest.fixture(scope="module")
def models() -> LazyModels:
    """The real models, loaded once: the page and the command `check` ask these, too."""
    return shared(Config().models)


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory, models: LazyModels) -> tuple[Home, RunReport]:
    folder = tmp_path_factory.mktemp("hostile")
    home = Home(folder / "home")
    home.path.mkdir()
    home.config_file.write_text('[publisher]\nname = "Desk"\nurl = "https://desk.example"\n', "utf-8")
    (folder / "posts.jsonl").write_text("\n".join(json.dumps(post_made) for post_made in posts()), "utf-8")
    take_in(home, Config(), [folder / "posts.jsonl"], now=NOW)
    Journal(home.journal).follow("OpenAI released <b>GPT-5</b>.", reason=TEXTS[0], editor="ada", now=NOW)
    first_report = process(home, Config(), now=NOW, models=models)
    (claim,) = query_published(home, "SELECT claim_id FROM claims WHERE followed_by IS NOT NULL LIMIT 1")
    signed = {"reason": TEXTS[0], "editor": "ada", "now": NOW}
    Journal(home.journal).decide(DecisionKind.STATUS, claim[0], "substantiated", **signed)
    second_report = process(home, Config(), now=NOW, models=models)
    assert first_report.broken == second_report.broken == ()
    return home, first_report


@pytest.fixture(scope="module")
def home(night: tuple[Home, RunReport]) -> Home:
    return night[0]


@pytest.fixture(scope="module")
def claim(home: Home) -> str:
    """The claim that an editor follows and has signed off."""
    return str(query_published(home, "SELECT claim_id FROM claims WHERE followed_by IS NOT NULL")[0][0])


def test_every_stage_ends_and_loses_nothing_good(night: tuple[Home, RunReport]) -> None:
    home, report = night
    assert set(report.counts) == set(STAGES)
    documents = query_published(home, "SELECT count(*) FROM documents")[0][0]
    assert documents >= 3 * len(TEXTS)
    # Every document that names the model is read, whatever else it contains.
    (documents_read,) = query_published(home, "SELECT count(DISTINCT document_id) FROM mentions")[0]
    assert documents_read >= len(TEXTS)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_them_as_text(page: str, home: Home, claim: str) -> None:
    if page in ("review", "watches"):
        module = {"review": "dashboard.views.review", "watches": "dashboard.views.watches.page"}[page]
        _watched(home)
        apps = [run_script(EDITORS.format(module=module, home=str(home.path)), {})]
    elif page == "check":
        app = run_script(CHECK.format(home=str(home.path)), {})
        # A browser sends neither half a pair of surrogates nor NUL. What is said stands amid the texts: its
        # answer is the same each time, and `check` reads each of the texts in tests/pipeline/check.
        text_parts = [f"{'' if number % 8 else SAID} {text[:250]}" for number, text in enumerate(TEXTS)]
        pasted = encodable("\n\n".join(text_parts)).replace("\0", "")
        app.text_area[0].set_value(pasted)
        app.button[0].click()
        apps = [app.run()]
        assert "rt-answers" in html_of(apps[0])
    elif page == "claim":
        id_rows = query_published(home, "SELECT claim_id FROM claims ORDER BY mentions DESC LIMIT 5")
        apps = [
            opened(home, "claim", id=shown_id) for shown_id in {claim, *(shown_id for (shown_id,) in id_rows)}
        ]
    elif page == "story":
        id_rows = query_published(home, "SELECT story_id FROM stories ORDER BY mentions DESC LIMIT 3")
        assert id_rows
        apps = [opened(home, page, id=shown_id) for (shown_id,) in id_rows]
    elif page == "sources":
        id_rows = query_published(home, "SELECT source_id FROM sources ORDER BY source_id LIMIT 3")
        apps = [opened(home, page), *(opened(home, page, id=shown_id) for (shown_id,) in id_rows)]
    else:
        apps = [opened(home, "models" if page == "entities" else page)]
    for app in apps:
        assert_harmless(_without_ours(html_of(app)), page)


def _watched(home: Home) -> None:
    """Store watches of all claims and of hostile texts, with hostile names and addresses."""
    watch_store = WatchStore(home.watches)
    for number, words in enumerate(("", *(text for text in TEXTS if text.isprintable()))):
        draft = WatchDraft(words[:60].strip() or "All", "ada", ClaimFilter(words=words[:60]), atom=True)
        if number < 6:
            watch_store.add(draft, now=NOW)


def test_every_view_is_exported(home: Home, tmp_path: Path) -> None:
    for view, rows, _ in views(home.published, AskConfig()):
        for export_format in Format:
            assert (
                export(home.published, AskConfig(), view, tmp_path / f"a.{export_format}", export_format)
                == rows
            ), view


def test_the_feed_is_xml_and_the_digest_is_harmless(home: Home) -> None:
    etree.parse(home.changes_feed, etree.XMLParser(resolve_entities=False))
    letters = [message_from_bytes(file.read_bytes(), policy=SMTP) for file in home.digests.glob("*.eml")]
    assert letters
    for letter in letters:
        html = letter.get_body(("html",))
        assert html is not None
        assert_harmless(_without_ours(html.get_content()), "the digest")


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_tells_them_as_text(name: str, home: Home, claim: str, tmp_path: Path,
                                      command: Command) -> None:
    longest = "SELECT document_id FROM documents ORDER BY length(title) DESC LIMIT 1"
    out_file = tmp_path / "out"
    arguments: list[str | Path] = {
        "ask": ["FROM evidence"], "check": [f"{SAID} {TEXTS[0]}"], "why": [claim],
        "edits": [query_published(home, longest)[0][0]], "status": [],
        "export": ["claims", "--format", "csv", "--out", out_file], "claimreview": [claim],
        "dossier": [claim, "--out", out_file], "calendar": ["--out", out_file],
        "site": [tmp_path / "site"],
    }[name]  # fmt: skip
    code, stdout, err = command(name, *arguments, "--home", home.path)
    assert code == 0, err
    out_file = tmp_path / f"site/c/{claim}.html" if name == "site" else out_file
    output = stdout + (out_file.read_text("utf-8") if out_file.exists() else "")
    assert "\x1b[31m red" not in output and "\u202e" not in stdout
    if name in ("dossier", "site"):
        assert_harmless(_without_ours(output), name)


def _without_ours(html: str) -> str:
    """Return the body of a page without the dashboard's own styles, scripts and pictures."""
    body = html.partition("</head>")[2] or html
    body = re.sub(r'<img src="data:image/svg\+xml;base64,[A-Za-z0-9+/=]*" alt="[^"]*">', "", body)
    return re.sub(r"<(style|svg|script)\b(?![^>]*onload).*?</\1>", "", body, flags=re.DOTALL)


def test_a_text_of_two_megabytes_full_of_statements_breaks_no_stage(
    tmp_path: Path, models: LazyModels
) -> None:
    """A copy of the text for each of its thousand passages would not fit in memory."""
    home = Home(tmp_path / "home")
    home.path.mkdir()
    text = " ".join(f"GPT-5 has {number:040} billion parameters, said OpenAI." for number in range(25_000))
    (tmp_path / "a.jsonl").write_text(json.dumps(post(0, text=text[:1_999_000])), "utf-8")
    take_in(home, Config(), [tmp_path / "a.jsonl"], now=NOW)
    assert isinstance(models.language, BesideLanguage)
    report = process(home, Config(), now=NOW, models=FakeModels(language=models.language._language))
    assert report.broken == ()
    assert report.counts["extract"].detail["passages"] > 2_000
    assert query_published(home, "SELECT code FROM issues WHERE stage = 'extract'") == [("long_text",)]
