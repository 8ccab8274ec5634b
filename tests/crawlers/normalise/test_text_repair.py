"""Mojibake is repaired, and correct text is never changed."""

from __future__ import annotations

import pytest
from ftfy import fix_encoding_and_explain
from hypothesis import given
from hypothesis import strategies as st

from crawlers.normalise import mojibake, text_repair
from crawlers.normalise.text_repair import repair

CLEAN = {
    "english": "“It’s not true,” she said… it – the naïve façade — cost £5, or ½ of 20 €.\n"
    "A second line\twith a tab.",
    "thai": "รถยนต์ไฟฟ้า รถ SUV ของบริษัท ราคา 5 บาท “ครับ” เขายก แบบ แผน และเกม… รถBMW คันนี้ ฿20",
    "russian": "«Всё это неправда», — сказал он… В\u00a02025 году, №\u00a05, и я… "
    "слов…” конец слов…» Ещё Ёлка",
    "ukrainian": "Її дії, змії та моєї твоєї всієї ночі… «Ґанок» і Єва, її “слова…”",
    "serbian": "Ђорђе и Џорџ, љубав, њива, ћуп. „Шта…“ Њега",
    "greek": "Ο ήλιος… «είναι» καλός· Έλα, Ήταν Όχι; Β΄ τάξη, β’ μέρος, μ… ο…” Ώρα",
    "turkish": "Güneş doğdu, İstanbul’da ıssız çöl… ŞĞÜ “ÇOK” öğüt, Ä harfi",
    "czech": "Příliš žluťoučký kůň úpěl ďábelské ódy… „Ě“ ŘÍJEN, Ť a Ň, mäso, VĹČA",
    "polish": "Zażółć gęślą jaźń… „ŁÓDŹ”, Ćma, święto – ąę",
    "romanian": "Vânătoare şi ţară, CASĂ” MASĂ… „Ă” România – Â",
    "lithuanian": "Įlinkdama fechtuotojo špaga žąsų ėjo… „Ū“ Ąžuolas, ČIA",
    "portuguese": "MAÇÃ» IRMÃ” IRMÃ… NÃO É… “maçã”, avó – ÂNGELA Ã",
    "french": "L’été à Noël… « déjà vu », cœur, ÉTÉ… café…” é²",
    "german": "Straße” Spaß“ Fuß… „Ärger“ – ÖL, Größe… 5 Å² und Å³, Ä–Z",
    "swedish": "”Å” och ö… Ängel – ÅÄÖ… En å…",
    "vietnamese": "Việt Nam đẹp lắm ạ, quả ổi ễnh… “Ẻ” ĐƯỜNG",
    "hebrew": "שלום עולם… ״ציטוט״ – אבג",
    "arabic": "مرحبا بالعالم، هذا نص… «اقتباس»؟",
    "hindi": "नमस्ते दुनिया… “उद्धरण”।",
    "chinese": "这是一段中文，“引号”——测试……《书》",
    "japanese": "日本語のテスト。「引用」…ｶﾅ ＡＢＣ",
    "korean": "한국어 시험… “인용”",
    "emoji": "Great 😀👩‍💻 ❤️ 🇹🇭 → ✓ ™ ® © № … • ½",
    "forms": "ﬁne ﬂow ＡＢＣ e\u0301 \u212b \u00c5 \u200bzero\u200d "
    "½ ²³ ¿Qué? ¡Olé! 'straight' \"quotes\" &amp; &#8217;",
}
PAGES = ["cp1252", "latin-1", "cp874", "cp1251", "koi8-r", "cp1250", "cp1253", "cp1254", "cp1257"]


def scramble(text: str, page: str) -> str:
    """Return UTF-8 read through `page`; undefined bytes become Windows-1252's (Thai 874) or controls."""
    chars = []
    for byte in text.encode():
        encoded = bytes([byte])
        fallback = encoded.decode("cp1252", "ignore") if page == "cp874" else ""
        chars.append(encoded.decode(page, "ignore") or fallback or chr(byte))
    return "".join(chars)


@pytest.mark.parametrize("text", CLEAN.values(), ids=CLEAN)
def test_clean_text_is_left_alone(text: str) -> None:
    assert repair(text) == text


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("text", CLEAN.values(), ids=CLEAN)
def test_round_trip(text: str, page: str) -> None:
    assert repair(scramble(text, page)) == text


@pytest.mark.parametrize("page", ["cp1252", "cp874", "cp1251"])
@pytest.mark.parametrize("language", ["english", "russian", "german", "thai", "emoji"])
def test_scrambled_twice(language: str, page: str) -> None:
    text = CLEAN[language]
    assert repair(scramble(scramble(text, page), page)) == text
    assert repair(scramble(scramble(text, page), "cp1252")) == text


@pytest.mark.parametrize("page", PAGES)
def test_a_right_passage_beside_a_wrong_one(page: str) -> None:
    for language, text in CLEAN.items():
        two_passages = f"{text}\n{scramble(CLEAN['english'], page)}\n{text}"
        assert repair(two_passages) == f"{text}\n{CLEAN['english']}\n{text}", language


WORDS = sorted({word for text in CLEAN.values() for word in text.split() if not word.isascii()})
BEFORE = st.sampled_from(["", "“", "‘", "«", "„", "(", "—", "¿", "№", "§", "©\u00a0", "£5 ", "•"])
AFTER = st.sampled_from(
    [
        *"…”’»›—–·,.;:!?)™®°²", "", "…”", "…»", "”…", "’s", "’”", "»,", "\u00a05", "\u00a0–", "™…", " 1½",
        "\u00a020 €",
    ]
)


@given(
    st.lists(
        st.tuples(BEFORE, st.sampled_from(WORDS), AFTER, st.sampled_from(" \n\u00a0")), min_size=1,
        max_size=12,
    )
)
def test_genuine_words_with_any_marks_are_left_alone(parts: list[tuple[str, str, str, str]]) -> None:
    text = "".join(piece for part in parts for piece in part)
    assert repair(text) == text


@given(st.text(max_size=80))
def test_idempotent_and_clean_of_controls(text: str) -> None:
    repaired = repair(text)
    assert repair(repaired) == repaired
    assert not any((ord(char) < 32 and char not in "\n\t") or 0x7F <= ord(char) <= 0x9F for char in repaired)
    assert not any("\ud800" <= char <= "\udfff" for char in repaired)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        # Thai code page 874 with Windows-1252 for its undefined bytes
        ("the modelsโ€™ weaknesses", "the models’ weaknesses"),
        (
            "haveย\xa0observed starkย\xa0differences.ย\xa0 itโ€™s",
            "have\xa0observed stark\xa0differences.\xa0 it’s",
        ),
        ("Kรถln itโ€™s", "Köln it’s"),
        ("Ele รฉ bom, nรฃo รฉ?", "Ele é bom, não é?"),
        # the closing quotation mark lost its undefined third byte
        ("โ€œnot true,โ€ he said", "“not true,” he said"),
        ("â€œnot true,â€ he said", "“not true,” he said"),
        ("said โ€ and itโ€™s", "said โ€ and it’s"),
        # a no-break space that became a plain one
        ("haveย observed, itโ€™s", "have\xa0observed, it’s"),
        # one line of Thai, one of scrambled English
        ("รถคันนี้ดีมาก\nitโ€™s รถ", "รถคันนี้ดีมาก\nit’s รถ"),
        # text that may be meant as it is stays, unless something proves otherwise
        ("the Thai word รถ means car", "the Thai word รถ means car"),
        ("В\xa02025", "В\xa02025"),
        # controls, line ends, surrogates
        ("a\x00b\x07c\x1b[0m\x7f", "abc[0m"),
        ("a\r\nb\rc\x0bd\x0ce", "a\nb\nc\nd\ne"),
        ("\ufeffstart\ufeffmiddle", "start\ufeffmiddle"),
        ("\x93quoted\x94 \x85 \x81é", "“quoted” … é"),
        ("\ud83d\ude00 \ud83d x \ude00", "😀 \ufffd x \ufffd"),
        ("", ""),
    ],
)
def test_golden(given: str, expected: str) -> None:
    assert repair(given) == expected


MARKS = st.sampled_from([*"aA .’“”—éàÃÂâ€™œ\u00a0\u0080\u009d√©ΓÇÖРр", "Ã ", "â œ", "‚Äô", "it’s", "Ã©"])


@given(st.lists(MARKS, max_size=12).map("".join))
def test_what_is_passed_over_for_speed_would_have_stayed(line: str) -> None:
    """The quick checks only save work: where they skip, ftfy and the code pages would change nothing."""
    if text_repair._ALONE.search(line):
        fixed_line, steps = fix_encoding_and_explain(line, text_repair._WHOLE_LINES)
        assert fixed_line == line or not any(page in text_repair._FTFY_ALONE for _, page in steps or ())
    if not mojibake._TWO.search(line):
        assert not mojibake._suspect().search(line)


@pytest.mark.slow
@pytest.mark.parametrize(
    "words", ["รถยนต์ไฟฟ้าของบริษัท", "รถ", "é â€™ “It’s” "], ids=["thai", "could be meant", "mixed"]
)
def test_the_work_grows_with_the_length_alone(words: str) -> None:
    """One line of 250,000 characters: quadratic work would never end."""
    text = words * (250_000 // len(words))
    assert repair(text) == repair(words + "\n").strip("\n") * (250_000 // len(words))
