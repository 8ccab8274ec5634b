"""Made-up pairs of wordings, each with the kind of edit between them."""

from __future__ import annotations

from pipeline.core.vocabulary import Change
from pipeline.text.diff import Wording

TRIVIAL, HEADLINE, BODY, BOTH = Change.TRIVIAL, Change.HEADLINE, Change.BODY, Change.HEADLINE_AND_BODY
TITLE = "Aurel is launching Aster 4"
LEAD = "Aurel is launching Aster 4 on Friday, the company said."
MORE = "Two people who have seen the model say that it was trained on 400B tokens. It costs $5 a month."


def told(text: str, title: str | None = TITLE) -> Wording:
    """Return a wording with the usual headline."""
    return Wording(title, text)


def both(before: str, after: str) -> tuple[Wording, Wording]:
    """Return two wordings of an article that differ in one line."""
    return told(f"{LEAD}\n{before}\n{MORE}"), told(f"{LEAD}\n{after}\n{MORE}")


# name: the two wordings, the change, whether it is noted
PAIRS: dict[str, tuple[tuple[Wording, Wording], Change, bool]] = {
    "reading time": (both("3 min read", "4 min read"), TRIVIAL, False),
    "reading time within a byline": (
        both("By Ada Quill · 3 min read · 12 comments", "By Ada Quill · 4 min read · 31 comments"),
        TRIVIAL,
        False,
    ),
    "view count": (both("1,204 views", "1.3K views"), TRIVIAL, False),
    "likes and comments": (
        both("12 likes, 3 comments and 1 repost", "310 likes, 41 comments and 9 reposts"),
        TRIVIAL,
        False,
    ),
    "comment count in brackets": (both("Comments (12)", "Comments (31)"), TRIVIAL, False),
    "age of the update": (both("Updated 5 minutes ago", "Updated 2 hours ago"), TRIVIAL, False),
    "age at the end of a paragraph": (
        both("It has no price yet. Updated 5 minutes ago.", "It has no price yet. Updated 3 days ago."),
        TRIVIAL,
        False,
    ),
    "bare age": (both("just now", "3 hours ago"), TRIVIAL, False),
    "clock": (both("14:05 UTC", "14:20:31 UTC"), TRIVIAL, False),
    "clock of a stamp": (
        both("Last updated: March 3, 2026 at 14:05", "Last updated: March 3, 2026 at 2:20 pm EST"),
        TRIVIAL,
        False,
    ),
    "related link": (
        both("Related: Birch AI denies that it is for sale", "Related: What the regulator wants"),
        TRIVIAL,
        False,
    ),
    "related link added": (both("", "Read more: Inside Aurel's data centre"), TRIVIAL, False),
    "newsletter box": (
        both(
            "Sign up for our daily newsletter",
            "Subscribe to the Gridpost newsletter. Get the latest AI news in your inbox.",
        ),
        TRIVIAL,
        False,
    ),
    "counter beside other cells": (both("By Ada | 3 views | March 3", "By Ada | March 3"), TRIVIAL, False),
    "sharing buttons": (both("Share this article", "Share\nCopy link"), TRIVIAL, False),
    "line breaks": ((told(f"{LEAD}\n\n{MORE}"), told(f"{LEAD} {MORE}  \n")), TRIVIAL, False),
    "hard spaces": ((told("It costs 5 dollars."), told("It\u00a0costs 5\u202fdollars.")), TRIVIAL, False),
    "typographic quotes": ((told('"It\'s ready," he said.'), told("“It’s ready,” he said.")), TRIVIAL, False),
    "dash forms": (
        (told("A model — small and fast — for 2025–2026..."), told("A model—small and fast—for 2025-2026…")),
        TRIVIAL,
        False,
    ),
    "normal forms": ((told("Zoë's café"), told("Zoe\u0308's cafe\u0301")), TRIVIAL, False),
    "soft hyphens": (
        (told("The benchmark of the model"), told("The bench\u00admark of the mo\u200bdel")),
        TRIVIAL,
        False,
    ),
    "tracking parameters": (
        both(
            "See https://birch.example/paper?id=4&utm_source=rss.",
            "See https://birch.example/paper?utm_campaign=x&id=4&fbclid=Ab1.",
        ),
        TRIVIAL,
        False,
    ),
    "quotes in the headline": ((told(LEAD, "Aurel's model"), told(LEAD, "Aurel’s model")), TRIVIAL, False),
    # --- headline
    "headline softened": (
        (told(LEAD, "Aurel cheated"), told(LEAD, "Aurel accused of cheating")),
        HEADLINE,
        False,
    ),
    "hedge in the headline": (
        (told(LEAD, TITLE), told(LEAD, "Aurel is reportedly launching Aster 4")),
        HEADLINE,
        False,
    ),
    "headline beside a new count": (
        (told(f"{LEAD}\n3 views", TITLE), told(f"{LEAD}\n9 views", f"{TITLE}?")),
        HEADLINE,
        False,
    ),
    "headline marked": ((told(LEAD, TITLE), told(LEAD, "UPDATE: Aurel delays Aster 4")), HEADLINE, True),
    "headline and body": (
        (
            told("Aurel will ship in May.", "Aster 4 in May"),
            told("Aurel will ship in June.", "Aster 4 in June"),
        ),
        BOTH,
        False,
    ),
    # --- body
    "silent hedge": (
        (told(LEAD), told(LEAD.replace("is launching", "is reportedly launching"))),
        BODY,
        False,
    ),
    "number of tokens": ((told(MORE), told(MORE.replace("400B", "288B"))), BODY, False),
    "price": ((told(MORE), told(MORE.replace("$5", "$15"))), BODY, False),
    "sign of a number": ((told("Revenue: -5%"), told("Revenue: 5%")), BODY, False),
    "power": ((told("10² GPUs"), told("102 GPUs")), BODY, False),
    "weekday": ((told(LEAD), told(LEAD.replace("Friday", "Monday"))), BODY, False),
    "day of a stamp": (both("Updated March 3, 2026, 14:05", "Updated March 4, 2026, 14:05"), BODY, False),
    "negation": (
        (told("Aurel did train on the test set."), told("Aurel did not train on the test set.")),
        BODY,
        False,
    ),
    "clock in a sentence": (
        (told("The launch is at 14:05 UTC."), told("The launch is at 15:05 UTC.")),
        BODY,
        False,
    ),
    "clock in a table": ((told("| Launch | 14:05 |"), told("| Launch | 15:05 |")), BODY, False),
    "clock beside a word": ((told("Launch · 14:05"), told("Launch · 15:05")), BODY, False),
    "clock after an abbreviation": (
        (told("It starts at approx. 14:05"), told("It starts at approx. 15:05")),
        BODY,
        False,
    ),
    "age in a sentence": (
        (told("Aurel was founded 3 years ago."), told("Aurel was founded 4 years ago.")),
        BODY,
        False,
    ),
    "views in a sentence": (
        (told("The leak was deleted after 400 views."), told("The leak was deleted after 4 views.")),
        BODY,
        False,
    ),
    "views of a person": ((told("Her 3 views differ."), told("Her 2 views differ.")), BODY, False),
    "related as a sentence": (
        both(
            "Related: Aurel did train it on the test set.", "Related: Aurel did not train it on the test set."
        ),
        BODY,
        False,
    ),
    "scare quotes": (
        (told("An independent test confirmed it."), told('An "independent" test confirmed it.')),
        BODY,
        False,
    ),
    "question mark": ((told("Aster 4 is ready."), told("Aster 4 is ready?")), BODY, False),
    "capitals": ((told("It told us to wait."), told("It told US to wait.")), BODY, False),
    "another parameter of a URL": (
        both("See https://birch.example/?v=1", "See https://birch.example/?v=2"),
        BODY,
        False,
    ),
    "sentence gone": ((told(f"{LEAD}\n{MORE}"), told(LEAD)), BODY, False),
    "order": ((told(f"{LEAD}\n{MORE}"), told(f"{MORE}\n{LEAD}")), BODY, False),
    # --- notes
    "correction": (both("", "Correction: Aster 4 costs $5, not $15."), BODY, True),
    "dated update": (both("", "Update, March 3 at 14:05 UTC: Aurel has answered."), BODY, True),
    "updated article": (both("", "This article has been updated with a comment of the company."), BODY, True),
    "earlier version": (both("", "An earlier version of this story misstated the price."), BODY, True),
    "editor's note": (both("", "Editor’s note: the quote was removed at the speaker's wish."), BODY, True),
    "edit of a post": (
        (told("It is out.", None), told("It was a hoax.\n**EDIT:** I was wrong, sorry.", None)),
        BODY,
        True,
    ),
    "a note that was there": (
        (
            told(f"Correction: it is $5.\n{LEAD}"),
            told(f"Correction: it is $5.\n{LEAD.replace('Friday', 'Monday')}"),
        ),
        BODY,
        False,
    ),
    "an update that is none": (both("", "The update: Aurel ships a smaller model."), BODY, False),
    "a byline that is none": (both("", "Editor: Ada Quill"), BODY, False),
    "an updated price that is none": (both("", "Updated pricing for Aster 4: $15."), BODY, False),
    "a stamp that is none": (both("", "Updated: March 3, 2026"), BODY, False),
}
