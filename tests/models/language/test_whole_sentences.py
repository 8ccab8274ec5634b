"""Chinese sentences as mentions in their own words: who speaks stays with them, what answers another claim
is none.
"""

from __future__ import annotations

from models.protocols.language import FoundMention
from tests.models.language.language_world import article, reader


def sentences(text: str) -> list[FoundMention]:
    """Return the whole sentences of an article."""
    passage = article(text)
    (reading,) = reader().read([passage])
    assert not reading.mentions
    assert all(passage.text[mention.start : mention.end] == mention.proposition
               for mention in reading.sentences)
    return list(reading.sentences)


def test_a_chinese_sentence_is_told_as_it_stands_with_its_names_and_figures() -> None:
    (released,) = sentences("Halcyon Labs 周二发布了 Lumen 4，参数量为6710亿。这个模型很便宜。")
    assert released.proposition == "Halcyon Labs 周二发布了 Lumen 4，参数量为6710亿"
    assert {"Halcyon Labs", "Lumen 4"} <= {*released.entities, *released.organisations}
    assert (released.by_author, released.negated, released.certainty) == (True, False, "asserted")
    assert released.numbers == ("671b parameters",)


def test_who_says_it_is_left_out_of_the_words_and_kept_beside_them() -> None:
    (reported,) = sentences("据路透社报道，Halcyon Labs 将于八月发布 Lumen 4。")
    assert reported.proposition == "Halcyon Labs 将于八月发布 Lumen 4"
    assert (reported.speaker, reported.attributed_to) == ("The Daily Byte", "Reuters")
    assert reported.certainty == "reported"
    (rumour,) = sentences("网传 Halcyon Labs 将于八月发布 Lumen 4。")
    assert (rumour.proposition, rumour.certainty) == ("Halcyon Labs 将于八月发布 Lumen 4", "reported")


def test_what_answers_another_claim_is_no_sentence_of_its_own() -> None:
    assert sentences("Halcyon Labs 否认 Lumen 4 用了测试集训练。") == []
    assert sentences("Lumen 4 真的用了测试集训练吗？我不相信 Lumen 4 的成绩。") == []
