"""The stretches in which a checked text is shown."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dashboard.views.check.segments import EDGE, FOLDED, segments
from pipeline.check.records import Checked, CheckedStatement
from pipeline.core.vocabulary import Certainty, Kind, Precision
from tests.conftest import NOW


def checked(text: str, *spans: tuple[int, int]) -> Checked:
    statements = tuple(CheckedStatement(start, end, text[start:end], None, Kind.OTHER, None, False,
                                        Certainty.ASSERTED, ()) for start, end in spans)
    return Checked(text, None, None, None, Precision.UNKNOWN, True, "en", statements, (), NOW)


def test_a_statement_stands_behind_what_is_before_it() -> None:
    first, second, last_segment = segments(checked("One.\n\n \n\n\nTwo. Three. Four.", (0, 4), (15, 21)))
    assert (first.before, first.statement and first.statement.quote) == ("", "One.")
    assert (second.before, second.statement and second.statement.quote) == ("Two. ", "Three.")
    assert (last_segment.before, last_segment.statement) == ("Four.", None)


def test_a_long_stretch_is_folded() -> None:
    (segment,) = segments(checked("a" * (FOLDED + 1)))
    assert [len(part) for part in (segment.opening, segment.folded, segment.before)] == [
        EDGE, FOLDED + 1 - 2 * EDGE, EDGE]
    (flood_segment,) = segments(checked("\n" * 50_000 + "."))
    assert flood_segment.before == "."


PLACES = st.tuples(st.integers(0, 60), st.integers(0, 60))


@given(st.text("ab .\n", max_size=60), st.lists(PLACES, max_size=4))
def test_nothing_of_the_text_is_left_out(text: str, spans: list[tuple[int, int]]) -> None:
    inside = sorted((min(a, b), max(a, b)) for a, b in spans if a != b and max(a, b) <= len(text))
    apart = [span for number, span in enumerate(inside) if number == 0 or span[0] >= inside[number - 1][1]]
    parts = list(segments(checked(text, *apart)))
    quotes = [segment.statement.quote if segment.statement else "" for segment in parts]
    shown_text = "".join(segment.opening + segment.folded + segment.before + quote
                         for segment, quote in zip(parts, quotes, strict=True))
    assert "".join(shown_text.split()) == "".join(text.split())
