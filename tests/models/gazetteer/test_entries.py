"""A newsroom's own file: what it may contain, and how its mistakes are reported."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from models.gazetteer import Gazetteer, GazetteerError
from models.gazetteer.entries import KEYS
from tests.models.gazetteer.shipped import shipped

pytestmark = pytest.mark.slow  # many entries

OWN = """\
# what this newsroom follows
[[organisation]]
name = "Brambleworks"
aliases = ["Bramble Works"]
domains = ["brambleworks.example"]
not_domains = ["forum.brambleworks.example"]
handles = { x = ["brambleworks"], huggingface = ["brambleworks-ai"] }

[[family]]
name = "Thistle"
owner = "Brambleworks"
patterns = ["Thistle {n}[ {tier}][ {size}]", "Thistle {tier} {n}"]
short = ["Thistle", "{tier}"]
write = "Thistle[ {n}][ {tier}][ {size}]"
words = { tier = ["Seed", "Bloom = Bloom | Flower"] }
models = ["Thistle 2 Bloom"]

[[benchmark]]
name = "HedgeEval"

[[person]]
name = "Ottoline Marsh"
organisation = "Brambleworks"
title = "head of research"
short = ["Marsh"]
handles = { x = ["ottomarsh"] }
"""
OVER_SHIPPED = """
[[organisation]]
name = "Meta"
aliases = ["Menlo Park Giant"]
handles = { x = ["meta_fan"] }

[[person]]
name = "Sam Altman"
title = "somebody else"

[[venue]]
name = "Weibo"
replace = true
aliases = ["the Chinese microblog"]
"""


def load(tmp_path: Path, text: str) -> Gazetteer:
    file = tmp_path / "own.toml"
    file.write_text(text, "utf-8")
    return Gazetteer.load(file)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Gazetteer:
    """Return the shipped names with all entries of `OWN` and `OVER_SHIPPED`: each compiles all names anew."""
    return load(tmp_path_factory.mktemp("own"), OWN + OVER_SHIPPED)


def faults(text: str) -> list[str]:
    """Return the faults of a file that is loaded without the shipped names."""
    return told(lambda: Gazetteer([("own.toml", text)]), "own.toml")


def told(made: Callable[[], Gazetteer], file: str) -> list[str]:
    with pytest.raises(GazetteerError) as error_info:
        made()
    assert all(fault in str(error_info.value) for fault in error_info.value.faults)
    return [fault.removeprefix(file) for fault in error_info.value.faults]


def found(gazetteer: Gazetteer, text: str, *context: str) -> list[tuple[str, str | None, str | None]]:
    return [(entity.name, entity.owner, entity.version) for entity in gazetteer.find(text, context)]


def test_own_names_are_found_beside_the_shipped_ones(own: Gazetteer) -> None:
    assert found(own, "Thistle-3 beats Llama 4 on HedgeEval") == [
        ("Thistle 3", "Brambleworks", "3"), ("Llama 4", "Meta", "4"), ("HedgeEval", None, None),
    ]
    assert found(own, "thistle 2 flower 70b") == [("Thistle 2 Bloom 70B", "Brambleworks", "2")]
    bloom = [("Thistle 2 Bloom", "Brambleworks", "2")]
    assert found(own, "Thistle Bloom 2") == found(own, "Thistle2 Bloom") == bloom
    assert found(own, "A thistle and a Thistle in bloom") == []
    assert found(own, "Thistle and its Bloom", "Thistle 2") == [
        ("Thistle", "Brambleworks", None), ("Thistle 2 Bloom", "Brambleworks", "2"),
    ]


def test_own_channels_and_people(own: Gazetteer) -> None:
    assert own.organisation_of("blog", None, "news.brambleworks.example") == "Brambleworks"
    assert own.organisation_of("blog", None, "forum.brambleworks.example") is None
    assert own.organisation_of("huggingface", "brambleworks-ai/thistle", "huggingface.co") == "Brambleworks"
    person = own.person("@ottomarsh")
    assert person is not None and (person.name, person.organisation) == ("Ottoline Marsh", "Brambleworks")
    assert found(own, "Marsh denied it.", "Thistle 2") == [("Ottoline Marsh", "Brambleworks", None)]
    assert found(own, "Marsh denied it.") == []


def test_an_entry_of_the_same_name_extends_the_shipped_one(own: Gazetteer) -> None:
    assert found(own, "Menlo Park Giant, Meta AI") == [("Meta", None, None)] * 2
    accounts = ("meta_fan", "AIatMeta")
    assert {own.organisation_of("x", account, "x.com") for account in accounts} == {"Meta"}
    person = own.person("sama")
    assert person is not None and (person.title, person.organisation) == ("somebody else", "OpenAI")


def test_an_entry_can_replace_the_shipped_one(own: Gazetteer) -> None:
    texts = [entity.text for entity in own.find("Weibo, Sina Weibo, the Chinese microblog")]
    assert texts == ["Weibo", "Weibo", "the Chinese microblog"]


def test_the_version_tells_any_change(own: Gazetteer) -> None:
    plain_gazetteer, extended_gazetteer = (Gazetteer([("own.toml", OWN + text)])
                                           for text in ("", "\n[[benchmark]]\nname = 'MossBench'\n"))
    assert len({shipped().version, own.version, plain_gazetteer.version, extended_gazetteer.version}) == 4
    assert Gazetteer([("own.toml", OWN)]).version == plain_gazetteer.version


def test_all_faults_are_told_at_once_with_their_lines() -> None:
    text = """\
[[organisation]]
name = "Brambleworks"
domain = "brambleworks.example"

[[organisation]]
aliases = ["nameless"]

[[organisation]]
name = "Fenland"
domains = ["https://fenland.example/"]

[[family]]
name = "Thistle"
owner = "Brambleworks"
patterns = [
  "Thistle {n}[ {tier}",
]

[[family]]
name = "Teasel"
owner = "Nobody at all"
patterns = ["Teasel {n} {colour}"]

[[person]]
name = 7

[[modle]]
name = "Typo"

[[benchmark]]
name = "HedgeEval"
aliases = "Hedge"

[[benchmark]]
name = "HedgeEval"
"""
    errors = faults(text)
    expected = [
        (":3: ", "no 'domain'"), (":5: ", "needs a name"), (":10: ", "no domain such as"),
        (":12: ", "opens a [ that it does not close"),
        (":19: ", "'Nobody at all', which is no [[organisation]]"), (":19: ", "{colour} is no slot"),
        (":25: ", "name = 7 must be a text"), (":27: ", "no kind of entry"), (":32: ", "must be a list"),
        (":34: ", "stands twice"),
    ]
    for line, words in expected:
        assert any(fault.startswith(line) and words in fault for fault in errors), (line, words, errors)
    # The broken entry can still be named as an owner.
    assert not any("'Brambleworks', which is no" in fault for fault in errors)


MISTAKES = (
    ("[[venue]]\nname = ''\n", 2, "empty"),
    ("[[venue]]\nname = 'Marshpost'\nreplace = 'yes'\n", 3, "true or false"),
    ("[[benchmark]]\nname = '!!!'\n", 1, "holds no word"),
    ("[[model]]\nname = 'Reed'\n", 1, "needs an owner or a family"),
    ("[[model]]\nname = 'Reed'\nfamily = 'Rush'\n", 1, "no [[family]]"),
    (
        "[[model]]\nname = 'Reed'\nowner = 'Meta'\nshort = ['Reed']\nneeds = ['Sedge']\n", 1,
        "the name of no entry",
    ),
    ("[[model]]\nname = 'Reed'\nowner = 'Meta'\npatterns = ['Reed ]{n}']\n", 1, "closes a bracket"),
    (
        "[[model]]\nname = 'Reed'\nowner = 'Meta'\npatterns = ['Reed {n}', 'Reed {size}']\n", 1,
        "does not write",
    ),
    ("[[model]]\nname = 'Reed'\nowner = 'Meta'\npatterns = ['Reed {n']\n", 1, "does not close"),
    ("[[model]]\nname = 'Reed'\nowner = 'Meta'\naliases = ['GPT-4']\n", 1, "which is a GPT (GPT-4)"),
    ("[[model]]\nname = 'Reed'\nowner = 'Meta'\naliases = ['OpenAI']\n", 1, "is also called 'openai'"),
    ("[[organisation]]\nname = 'Reed'\nhandles = { x = ['OpenAI'] }\n", 1, "'OpenAI' on x is also 'OpenAI'"),
    (
        "[[organisation]]\nname = 'Reed'\ndomains = ['openai.com']\n", 1,
        "openai.com is also given at organisations.toml",
    ),
)


def test_each_mistake_is_told_with_its_line(tmp_path: Path) -> None:
    """All mistakes stand in one file, so that the shipped names are compiled once."""
    text, expected = "", []
    for letter, (mistake, line, words) in zip("ABCDEFGHIJKLM", MISTAKES, strict=True):
        expected.append((f":{text.count(chr(10)) + line}: ", words))
        text += mistake.replace("Reed", f"Reed{letter}")
    errors = told(lambda: load(tmp_path, text), str(tmp_path / "own.toml"))
    for start, words in expected:
        assert any(fault.startswith(start) and words in fault for fault in errors), (start, words, errors)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("[[organisation]]\nname = 'a\n", ":2: ", "not valid TOML"),
        ("[organisation]\nname = 'a'\n", ":1: ", "[[organisation]]"),
    ],
)
def test_a_file_of_another_form_is_told(text: str, line: str, words: str) -> None:
    assert any(fault.startswith(line) and words in fault for fault in faults(text))


def test_a_file_that_is_not_there_or_not_text_is_told(tmp_path: Path) -> None:
    with pytest.raises(GazetteerError, match=r"nowhere\.toml"):
        Gazetteer.load(tmp_path / "nowhere.toml")
    (tmp_path / "own.toml").write_bytes(b"[[venue]]\nname = '\xff'\n")
    with pytest.raises(GazetteerError, match="not UTF-8"):
        Gazetteer.load(tmp_path / "own.toml")


def test_every_key_and_kind_is_documented() -> None:
    page = (Path(__file__).parents[3] / "docs" / "gazetteer.md").read_text("utf-8")
    for kind, keys in KEYS.items():
        assert kind in page
        assert [key for key in (*keys, "replace") if f"`{key}`" not in page] == []


def test_the_documented_example_loads_and_does_what_is_said(tmp_path: Path) -> None:
    page = (Path(__file__).parents[3] / "docs" / "gazetteer.md").read_text("utf-8")
    own = load(tmp_path, page.split("```toml\n")[2].split("```")[0])
    assert [
        name for name, _, _ in found(own, "thistle-3, Thistle Seed 3, Thistle 4 Flower 70B, Project Hedgerow")
    ] == ["Thistle 3", "Thistle 3 Seed", "Thistle 4 Bloom 70B", "Thistle 2 Bloom"]
    assert found(own, "A Thistle.") == []
    assert [name for name, _, _ in found(own, "The Bloom wins.", "Thistle 2")] == ["Thistle 2 Bloom"]
