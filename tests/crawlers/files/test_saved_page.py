"""A page that was saved as text: the article stays, the site's furniture goes, other texts are untouched."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.files.saved_page import Plaintext, read_plaintext
from crawlers.normalise.text_repair import repair

FIXTURES = Path(__file__).parents[1] / "fixtures_text"
ARTICLE = Path(__file__).resolve().parents[4] / "shared" / "data" / "meta_llama4_article.txt"


@pytest.mark.skipif(not ARTICLE.exists(), reason=f"the input article is not at {ARTICLE}")
def test_the_article_that_the_project_started_from() -> None:
    given_text = ARTICLE.read_text("utf-8")
    lines = [line.strip() for line in repair(given_text).split("\n")]
    headline = next(line for line in lines if line and lines[1].replace("'", "’").endswith(line))
    lines_after = [line for line in lines[lines.index(headline) + 1 :] if line]
    page = read_plaintext(given_text)
    assert page.title == headline
    assert page.title.startswith("Meta exec denies")
    assert page.text.split("\n\n") == lines_after[:6]
    assert lines_after[6] == "Source link"
    assert page.text.endswith("onboarding partners.”")
    assert page.text.count("“") == page.text.count("”") == 5
    assert not set("โ€™ยป\x9d") & set(page.text)
    for furniture in (
        "2026", "HomeTechnology", "RELATED", "LEAVE A REPLY", "Please enter", "Most Popular", "Translate",
    ):
        assert furniture not in page.text


def test_a_saved_page() -> None:
    page = read_plaintext((FIXTURES / "saved_page.txt").read_text("utf-8"))
    assert page == Plaintext(
        "Lumenforge says Glimmer 9 never saw the Orrery questions - it ‘simply did not’",
        "A vice president of Lumenforge denied on Tuesday that the company trained Glimmer 9 on the "
        "questions of the Orrery "
        "exam.\n\n“It simply did not happen,” said Ottilie Marsh, who leads the training of the company’s "
        "models. She gave no "
        "further details.\n\nThe rumour began with an account that gave no name, and that has since been "
        "closed. Nobody has "
        "confirmed what it said.",
    )


def test_an_ordinary_text_is_untouched() -> None:
    text = (FIXTURES / "ordinary.txt").read_text("utf-8")
    assert read_plaintext(text) == Plaintext(None, text)


BODY = (
    "Lumenforge released Glimmer 9 on Tuesday, two weeks after it had said that it would not do so this year."
)


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        (f"Glimmer 9 is out\n\n{BODY}\n", "Glimmer 9 is out", BODY + "\n"),
        (f"{BODY}\n\n{BODY}", None, f"{BODY}\n\n{BODY}"),
        ("Row, row, row your boat\nRow, row, row your boat\nGently", None,
            "Row, row, row your boat\nRow, row, row your boat\nGently"),
        # a browser's title line goes before the headline
        (f"Glimmer 9 is out after all | The Harbour Post\nMenu\n\nGlimmer 9 is out after all\n\n{BODY}",
            "Glimmer 9 is out after all", BODY),
        # the headline stands a third time, above the text
        (f"HomeGlimmer 9 is out after all\n\nGlimmer 9 is out after all\n\nGlimmer 9 is out after "
            f"all\n\n{BODY}", "Glimmer 9 is out after all", BODY),
        # two marks of an end, and no headline that stands twice
        (f"Menu\nMarch 4, 2031\nGlimmer 9 is out after all\n{BODY}\nRelated articles\nOld news\nLeave a "
            f"reply\n", "Glimmer 9 is out after all", BODY),
        # a single mark proves nothing, at the end or amid the text
        (f"{BODY}\n\nNewsletter", None, f"{BODY}\n\nNewsletter"),
        (f"{BODY}\n\nComments\n\n{BODY}", None, f"{BODY}\n\nComments\n\n{BODY}"),
        # an inset amid the article is not its end
        (
            f"HomeGlimmer 9 is out after all\nGlimmer 9 is out after all\n{BODY}\nRead next\nOld "
            f"news\n{BODY}\nMost read\n",
            "Glimmer 9 is out after all",
            f"{BODY}\nRead next\nOld news\n{BODY}",
        ),
        # comments may be longer than the article
        (f"{BODY}\nLeave a reply\n2 comments\n{BODY} I doubt it.\n{BODY} So do I.", None, BODY),
        ("", None, ""),
        ("Translate »", None, "Translate »"),
    ],
)  # fmt: skip
def test_golden(text: str, title: str | None, body: str) -> None:
    assert read_plaintext(text) == Plaintext(title, body)


@given(
    st.lists(
        st.sampled_from(
            [
                BODY, BODY[:40], "Glimmer 9 is out", "Menu", "Share", "Leave a reply", "Most popular",
                "March 4, 2031", "",
            ]
        ),
        max_size=12,
    )
)
def test_prose_before_the_first_mark_is_never_lost(lines: list[str]) -> None:
    page = read_plaintext("\n".join(lines))
    marks = [i for i, line in enumerate(lines) if line in ("Leave a reply", "Most popular", "Share")]
    lines_before = lines[: marks[0]] if marks else lines
    assert page.text.count(BODY) >= lines_before.count(BODY)


@given(st.text(max_size=200))
def test_no_text_fails(text: str) -> None:
    page = read_plaintext(text)
    assert read_plaintext(text) == page
