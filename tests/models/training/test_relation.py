"""The training pairs of the stance model: right sides, held out by story, the same each time."""

from __future__ import annotations

from random import Random

from models.training.relation import data, synthetic

ROWS = [
    {
        "story": "s1", "claim": "Bear rescued by phone in forest", "text": "article that tells it",
        "label": "supports",
    },
    {
        "story": "s1", "claim": "Hiker saved from bear as his phone rang", "text": "article that tells it",
        "label": "supports",
    },
    {
        "story": "s1", "claim": "No, a phone did not save a hiker from a bear",
        "text": "article that tells it", "label": "denies",
    },
    {
        "story": "s1", "claim": "Phone may have saved hiker from bear", "text": "article that tells it",
        "label": "reports",
    },
    {
        "story": "s1", "claim": "Phone may have saved hiker from bear", "text": "article that denies it",
        "label": "reports",
    },
    {
        "story": "s1", "claim": "No, a phone did not save a hiker from a bear",
        "text": "article that denies it", "label": "supports",
    },
    {"story": "s2", "claim": "Bread wins prize", "text": "article that tells it", "label": "unrelated"},
]


def test_headlines_take_sides_by_how_articles_stand_to_them() -> None:
    (story,) = data.headline_stories(ROWS)
    assert set(story.told) == {"Bear rescued by phone in forest", "Hiker saved from bear as his phone rang"}
    assert story.denied == ("No, a phone did not save a hiker from a bear",)
    assert story.open == ("Phone may have saved hiker from bear",)
    pairs = {
        (pair.claim, pair.text): pair.labels for pair in data.headline_pairs([story], data.story_groups(ROWS))
    }
    headline = "Bear rescued by phone in forest"
    assert pairs[headline, "Hiker saved from bear as his phone rang"] == ("supports",)
    assert pairs[headline, story.denied[0]] == ("denies",)
    assert pairs[headline, story.open[0]] == ("reports", "questions")
    assert not any(claim == story.denied[0] for claim, _ in pairs)


def test_all_pairs_of_a_story_are_on_one_side() -> None:
    pairs = [
        *data.article_pairs(ROWS, "fnc"),
        *data.headline_pairs(data.headline_stories(ROWS), data.story_groups(ROWS)),
    ]
    groups = {pair.group for pair in pairs if "rescued" in pair.claim or "Hiker" in pair.claim}
    assert len(groups) == 1


def test_stories_without_a_name_are_the_rows_tied_by_a_text() -> None:
    rows = [{key: value for key, value in row.items() if key != "story"} for row in ROWS]
    groups = data.story_groups(rows)
    assert len(
        {groups[row["claim"]] for row in rows[:6]}
    ) == 1 and groups["Bread wins prize"] != groups[rows[0]["claim"]]


def test_a_reply_that_takes_no_side_allows_two_labels() -> None:
    thread = {"id": 1, "posts": [
        {"id": "a", "in_reply_to": None, "text": "It is so", "stance": "support"},
        {"id": "b", "in_reply_to": "a", "text": "lol", "stance": "comment"},
        {"id": "c", "in_reply_to": "a", "text": "source?", "stance": "query"},
    ]}
    assert [pair.labels for pair in data.thread_pairs([thread])] == [("reports", "unrelated"), ("questions",)]


def test_made_pairs_are_made_alike_each_time_and_of_every_kind() -> None:
    pairs = list(synthetic.fact_pairs(300))
    assert pairs == list(synthetic.fact_pairs(300))
    assert {label for pair in pairs for label in pair.labels} == {
        "supports", "denies", "questions", "reports", "unrelated"
    }
    assert not any("{" in pair.text + pair.claim for pair in pairs)


def test_every_family_fills_itsslots() -> None:
    for fact in synthetic.families():
        assert set(fact) == {"claims", "supports", "denies", "questions", "reports", "asides"}
        assert all(text.format(**synthetic.slots(Random(1))) for texts in fact.values() for text in texts)


def test_turning_a_headline_says_what_it_should() -> None:
    headlines = tuple(
        f"Hiker was saved from {animal} by his phone"
        for animal in ("a bear", "a wolf", "a lynx", "a moose", "an eagle", "a boar", "a bison")
    )
    story = data.Story("s", headlines, (), ())
    groups = dict.fromkeys(story.told, "story s")
    pairs = list(synthetic.turned_headlines([story], groups, each=200))
    assert {
        label for pair in pairs for label in pair.labels
    } == {"supports", "denies", "reports", "questions"}
    assert any(
        words in pair.text for words in ("was not saved", "wasn't saved", "was never saved") for pair in pairs
        if pair.labels == ("denies",)
    )
