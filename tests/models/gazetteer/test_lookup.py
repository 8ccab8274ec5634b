"""What the gazetteer finds in texts, and whose channel an account is."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.gazetteer import Entity
from tests.models.gazetteer.shipped import shipped


def names(text: str, *context: str) -> list[str]:
    return [entity.name for entity in shipped().find(text, context)]


def only(text: str, *context: str) -> Entity:
    (entity,) = shipped().find(text, context)
    return entity


@pytest.mark.parametrize(
    ("name", "spellings"),
    [
        (
            "Llama 4 Maverick",
            [
                "Llama 4 Maverick", "Llama-4-Maverick", "llama 4 maverick", "Llama4 Maverick",
                "LLAMA 4 MAVERICK",
            ],
        ),
        (
            "Llama 4 Maverick",
            ["Llama-4-Maverick-17B-128E-Instruct", "Meta-Llama-4-Maverick", "Llama 4 (Maverick)"],
        ),
        ("DeepSeek-R1", ["DeepSeek R1", "DeepSeek-R1", "Deepseek r1", "deepseek-r1", "DeepSeek R1 671B"]),
        (
            "Claude 3.7 Sonnet",
            ["Claude 3.7 Sonnet", "Claude Sonnet 3.7", "3.7 Sonnet", "sonnet 3.7", "claude-3-7-sonnet"],
        ),
        ("Claude Sonnet 4", ["Claude Sonnet 4", "Claude 4 Sonnet", "claude-4-sonnet", "Claude 4.0 Sonnet"]),
        ("GPT-4.5", ["GPT-4.5", "GPT4.5", "gpt 4.5", "GPT‑4.5", "GPT-4.5-preview", "ChatGPT 4.5"]),
        ("GPT-4o mini", ["GPT-4o mini", "gpt-4o-mini", "GPT4o-mini"]),
        ("o3-mini", ["o3-mini", "o3 mini", "O3-mini"]),
        ("o3-mini-high", ["o3-mini-high", "o3-mini (high)", "o3 mini high"]),
        ("Gemini 2.0 Flash", ["Gemini 2.0 Flash", "Gemini 2 Flash", "gemini-2.0-flash", "Gemini Flash 2.0"]),
        ("Qwen 2.5 72B", ["Qwen2.5-72B", "Qwen 2.5 72B", "qwen2.5:72b", "Qwen2.5-72B-Instruct"]),
        ("Command R+", ["Command R+", "Command-R-Plus", "command r plus"]),
        ("DALL-E 3", ["DALL-E 3", "DALL·E 3", "DALLE 3", "dall-e-3"]),
        ("Mixtral 8x7B", ["Mixtral 8x7B", "mixtral-8x7b-instruct", "Mixtral 8X7B"]),
        ("Qwen 3 235B-A22B", ["Qwen3-235B-A22B", "Qwen 3 235B A22B"]),
        ("SWE-bench Verified", ["SWE-bench Verified", "SWE-Bench-Verified", "SWEBench verified"]),
        ("LM Arena", ["LM Arena", "LMSYS Chatbot Arena", "Chatbot Arena"]),
    ],
)
def test_spellings_fold_to_one_name(name: str, spellings: list[str]) -> None:
    names_found = {spelling: names(f"They compare {spelling}, again.") for spelling in spellings}
    assert names_found == {key: [name] for key in spellings}


@pytest.mark.parametrize(
    ("text", "name", "owner", "family", "version"),
    [
        ("Qwen 7", "Qwen 7", "Alibaba", "Qwen", "7"),
        ("GPT-6 mini", "GPT-6 mini", "OpenAI", "GPT", "6"),
        ("GPT-4o", "GPT-4o", "OpenAI", "GPT", "4o"),
        ("Llama 5 405B", "Llama 5 405B", "Meta", "Llama", "5"),
        ("Claude 5 Opus", "Claude 5 Opus", "Anthropic", "Claude", "5"),
        ("Claude Opus 7.5", "Claude 7.5 Opus", "Anthropic", "Claude", "7.5"),
        ("DeepSeek-V4", "DeepSeek-V4", "DeepSeek", "DeepSeek", "V4"),
        ("DeepSeek R2", "DeepSeek-R2", "DeepSeek", "DeepSeek", "R2"),
        ("Gemini 4 Ultra", "Gemini 4 Ultra", "Google", "Gemini", "4"),
        ("Gemini 2 Flash", "Gemini 2.0 Flash", "Google", "Gemini", "2.0"),
        ("o5-mini", "o5-mini", "OpenAI", "o-series", "o5"),
        ("Grok 6", "Grok 6", "xAI", "Grok", "6"),
        ("Phi-7-mini", "Phi-7-Mini", "Microsoft", "Phi", "7"),
        ("Mistral Large 4", "Mistral Large 4", "Mistral AI", "Mistral", "4"),
        ("Kimi K3", "Kimi K3", "Moonshot AI", "Kimi", "K3"),
        ("GLM-6", "GLM-6", "Zhipu AI", "GLM", "6"),
        ("Llama", "Llama", "Meta", "Llama", None),
    ],
)
def test_schemes_reach_versions_that_are_not_declared(
    text: str, name: str, owner: str, family: str, version: str | None
) -> None:
    entity = only(f"Nobody has seen {text} yet.")
    assert (entity.text, entity.name, entity.type) == (text, name, "model")
    assert (entity.owner, entity.family, entity.version) == (owner, family, version)
    assert not entity.ambiguous


@pytest.mark.parametrize(
    "texts",
    [
        [
            "Llama 3", "Llama 3.1", "Llama 3.3", "Llama 4", "Llama 4 Scout", "Llama 4 Maverick", "Llama 3 8B",
            "Llama 3 70B",
        ],
        ["o1", "o1-mini", "o1-preview", "o1-pro", "o3", "o3-mini", "o3-mini-high", "o3-pro", "o4-mini"],
        [
            "GPT-4", "GPT-4o", "GPT-4o mini", "GPT-4 Turbo", "GPT-4.1", "GPT-4.1 mini", "GPT-4.5", "GPT-5",
            "GPT-3.5",
        ],
        [
            "DeepSeek-V3", "DeepSeek-V3-0324", "DeepSeek-V3.1", "DeepSeek-R1", "DeepSeek-R1-Zero",
            "DeepSeek-R1-0528",
        ],
        [
            "DeepSeek-R1-Distill-Qwen-32B", "DeepSeek-R1-Distill-Llama-70B", "DeepSeek-R1-Distill-Qwen-7B",
            "DeepSeek-Coder",
        ],
        [
            "Claude 3 Sonnet", "Claude 3.5 Sonnet", "Claude 3.7 Sonnet", "Claude 3 Opus", "Claude 3.5 Haiku",
            "Claude 3.6",
        ],
        ["Llama 4 Maverick", "Llama-4-Maverick-03-26-Experimental"],
        ["Qwen2.5-7B", "Qwen2.5-7B-Instruct-1M", "Qwen2.5-VL-7B", "Qwen2.5-Coder-7B", "Qwen2.5-Bakeneko-7B"],
        ["EXAONE 3.5", "EXAONE Deep", "EXAONE Deep 7.8B", "EXAONE 3.5 7.8B"], ["HumanEval", "HumanEval+"],
        ["MMLU", "MMLU-Pro"], ["GPQA", "GPQA Diamond"], ["AIME", "AIME 2024", "AIME 2025"],
        ["SWE-bench", "SWE-bench Verified", "SWE-bench Lite"], ["Command R", "Command R+", "Command R7B"],
        ["RTX 4070", "RTX 4070 Ti", "RTX 4090"],
    ],
)
def test_different_versions_never_share_a_name(texts: list[str]) -> None:
    names_found = {text: only(f"about {text}.").name for text in texts}
    assert len(set(names_found.values())) == len(texts), names_found


def test_other_models_are_not_melted_into_the_one_they_derive_from() -> None:
    assert only("Qwen2.5-Bakeneko-32B-GGUF is out").name == "Qwen 2.5 Bakeneko 32B"
    assert only("Llama-3.1-8B-Instruct-GGUF is out").name == "Llama 3.1 8B"
    assert names("Quux3-R1-Mistral-24B is out") == []
    assert names("a non-GPT-4 model, a GPT-4-based one, a GPT-4-Class one") == ["GPT-4", "GPT-4", "GPT-4"]
    assert names("GPT4All runs llama.cpp") == []


@pytest.mark.parametrize(
    ("text", "context", "expected"),
    [
        ("Maverick and Scout disappoint.", ("Llama 4",), ["Llama 4 Maverick", "Llama 4 Scout"]),
        ("Maverick and Scout disappoint.", ("Meta",), ["Llama 4 Maverick", "Llama 4 Scout"]),
        (
            "Llama 4 is out. Maverick and Scout disappoint.",
            (),
            ["Llama 4", "Llama 4 Maverick", "Llama 4 Scout"],
        ),
        ("Maverick disappoints, says Meta.", (), ["Llama 4 Maverick", "Meta"]),
        ("Llama 5 Scout and the new Maverick", (), ["Llama 5 Scout", "Llama 5 Maverick"]),
        ("R1 cost little, V3 less.", ("DeepSeek",), ["DeepSeek-R1", "DeepSeek-V3"]),
        ("DeepSeek says R1 cost little and R2 is next.", (), ["DeepSeek", "DeepSeek-R1", "DeepSeek-R2"]),
        ("R1 costs less than o1.", (), ["DeepSeek-R1", "o1"]),
        ("V3 costs less than o1.", (), ["o1"]),
        ("The R1 is a car.", (), []),
        ("DeepSeek runs on vLLM v0.7 and v1.", (), ["DeepSeek", "vLLM"]),
        ("Sonnet writes best.", ("Claude 3.7 Sonnet",), ["Claude 3.7 Sonnet"]),
        ("Sonnet writes best.", ("Claude 3.5 Sonnet", "Claude 3.7 Sonnet"), ["Claude Sonnet"]),
        ("Sonnet writes best.", ("Anthropic",), ["Claude Sonnet"]),
        (
            "After Claude 3 Opus came Claude 3.5 Sonnet. Opus stayed.",
            (),
            ["Claude 3 Opus", "Claude 3.5 Sonnet", "Claude 3 Opus"],
        ),
        ("Flash is fast.", ("Gemini 2.0",), ["Gemini 2.0 Flash"]),
        ("They ran the 70B.", ("Llama 3.3",), ["Llama 3.3 70B"]),
        ("They raised the $70B.", ("Llama 3.3",), []),
        ("They ran the 70B.", (), []),
        ("Altman posts.", (), ["Sam Altman"]),
        ("Amodei posts.", ("Anthropic",), ["Dario Amodei"]),
        ("Amodei posts.", ("Daniela Amodei",), ["Daniela Amodei"]),
        ("Amodei posts.", (), []),
        ("Mark Chen replied. Chen added more.", (), ["Mark Chen", "Mark Chen"]),
        ("Chen added more.", ("OpenAI",), []),
    ],
)
def test_context_decides_what_short_names_mean(
    text: str, context: Sequence[str], expected: list[str]
) -> None:
    assert names(text, *context) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Scout, Opus, Phi, Nova, Titan, Sonnet, Flash, R1, V3, Maverick and Behemoth.",
        "A meta-analysis and meta-learning; the meta is shifting.",
        "math, arc, drop, glue, helm, ruler, clip, bloom, command, medium, threads, wired, blind, gen, ray, "
        "step, seed",
        "apple, amazon, intel, oracle, cohere, runway, pika, tesla, snowflake, perplexity, manus, sora, "
        "grok, gemini, x",
        "An O-1 visa, a clip of v2, the 3 operators and their frames.",
        "I wrote 3 haiku about https://openai.com/gpt-5 in r/LocalLLaMA for grok@example.org and "
        "@openai_fan_account.",
        "", "  ... ((([[[ 3.7 4 5 o ",
    ],
)
def test_ordinary_words_name_nothing(text: str) -> None:
    assert shipped().find(text) == []


def test_a_count_is_no_version() -> None:
    assert names("Grok 3 months ago; Claude 3 times; Llama 4% ") == ["Grok", "Claude", "Llama"]
    assert names("Grok 3.") == ["Grok 3"]


def test_offsets_leave_possessive_and_plural_out() -> None:
    text = "“Meta’s Llama 4” beat OpenAI's 2,000 H100s (so says @sama): 你好 GPT-5！"
    entities = shipped().find(text)
    assert [entity.text for entity in entities] == ["Meta", "Llama 4", "OpenAI", "H100", "@sama", "GPT-5"]
    assert all(text[entity.start : entity.end] == entity.text for entity in entities)


def test_each_type_is_told() -> None:
    text = "On Weibo and on X, Ahmad Al-Dahle of Meta said Llama 4 had no MMLU-Pro in its H200 training."
    assert [(entity.name, entity.type) for entity in shipped().find(text)] == [
        ("Weibo", "venue"), ("X", "venue"), ("Ahmad Al-Dahle", "person"), ("Meta", "organisation"),
        ("Llama 4", "model"), ("MMLU-Pro", "benchmark"), ("NVIDIA H200", "hardware"),
    ]


def test_only_what_context_decided_is_ambiguous() -> None:
    assert [entity.ambiguous for entity in shipped().find("Llama 4 Scout and Maverick")] == [False, True]


def test_official_channels() -> None:
    owner_of = shipped().organisation_of
    assert owner_of("x", "AIatMeta", "x.com") == owner_of("x", "@aiatmeta", "x.com") == "Meta"
    assert owner_of("huggingface", "deepseek-ai/DeepSeek-R1", "huggingface.co") == "DeepSeek"
    assert owner_of("bluesky", "openai.com", "bsky.app") == "OpenAI"
    assert owner_of("blog", None, "ai.meta.com") == owner_of("news", "A. Writer", "about.fb.com") == "Meta"
    assert owner_of("other", None, "api-docs.deepseek.com") == "DeepSeek"


def test_what_looks_official_and_is_not() -> None:
    owner_of = shipped().organisation_of
    assert owner_of("x", "sama", "x.com") is None  # a person of OpenAI, not its channel
    assert owner_of("x", "OpenAl", "x.com") is None
    assert owner_of("reddit", "OpenAI", "openai.com") is None  # where all may write, the host tells nothing
    assert owner_of("blog", None, "community.openai.com") is None
    assert owner_of("blog", None, "openai.com.example.org") is None
    assert owner_of("blog", None, "notopenai.com") is None
    assert owner_of("blog", None, "support.claude.com") == "Anthropic"
    assert owner_of("blog", None, "claude.ai") is None  # readers share their chats there
    assert owner_of("blog", None, "gemini.google.com") is None
    assert owner_of("huggingface", "someone/DeepSeek-R1", "huggingface.co") is None
    assert owner_of("news", None, "") is None


def test_people_by_name_and_account() -> None:
    person = shipped().person("Ahmad Al-Dahle")
    assert person is not None
    assert (person.organisation, person.title) == ("Meta", "vice president of generative AI")
    assert shipped().person("@Ahmad_Al_Dahle") == shipped().person("ahmad_al_dahle", "x") == person
    assert shipped().person("ahmad al dahle") == person
    assert shipped().person("ahmad_al_dahle", "reddit") is None
    assert shipped().person("Amodei") is None
    assert shipped().person("OpenAI", "x") is None
    assert shipped().person("") is None


def test_finding_is_fast() -> None:
    post = (
        "Meta's VP said on X that Llama 4 Maverick beats GPT-4o, Gemini 2.0 Flash and DeepSeek V3 on LM "
        "Arena; Scout fits one H100. "
    )
    posts = [f"{number} {post * 3}"[:300] for number in range(400)]
    shipped()
    start = time.process_time()
    entity_count = sum(len(shipped().find(text)) for text in posts)
    assert entity_count > 400 * 15
    assert time.process_time() - start < 4  # dense with names; about 0.3 s on the slowest machine measured


@pytest.mark.slow
def test_a_hostile_text_takes_linear_time() -> None:
    shipped()
    start = time.process_time()
    for text, times in (
        ("Llama 4 Scout ", 4), ("GPT-4-", 8), ("a.", 40), ("a@", 40), ("R1 V3 Scout DeepSeek ", 4)
    ):
        shipped().find(text * times * 500)
    assert time.process_time() - start < 20


WORDS = [
    "Llama", "4", "Maverick", "Scout", "Meta", "R1", "DeepSeek", "o3", "-", "mini", "GPT", "4o", "the", "70B",
    "(", ")", "'s", "X", "on", "．", "İ", "\n",
]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=14), st.sampled_from(["", " ", "-"]), st.text(max_size=6))
def test_entities_lie_in_the_text_and_never_overlap(words: list[str], joint: str, tail: str) -> None:
    text = joint.join(words) + tail
    end = 0
    for entity in shipped().find(text):
        assert end <= entity.start < entity.end <= len(text)
        assert text[entity.start : entity.end] == entity.text
        end = entity.end
    assert shipped().find(text) == shipped().find(text)


def test_a_page_of_a_repository_is_of_the_account_in_its_path() -> None:
    owner_of = shipped().organisation_of
    assert owner_of("blog", "a stranger", "github.com/meta-llama") == "Meta"
    assert owner_of("other", None, "huggingface.co/deepseek-ai") == "DeepSeek"
    assert owner_of("blog", "meta-llama", "github.com/somebody") is None
    assert owner_of("blog", None, "github.com") is None
    assert owner_of("blog", None, "openai.com/index") == "OpenAI"


@pytest.mark.parametrize(
    ("text", "name", "owner"),
    [
        ("Cerebras's Qwen3-235B-A22B-2507 runs fast", "Qwen 3 235B-A22B 2507", "Alibaba"),
        ("Groq's Kimi-K2-INT4MIX is cheap", "Kimi K2 INT4MIX", "Moonshot AI"),
        ("Google's Bard is slow", "Bard", "Google"),
        ("Together serves ERNIE-300B", "ERNIE 300B", "Baidu"),
        ("GLM-4.1V-Thinking on Cerebras", "GLM-4.1V Thinking", "Zhipu AI"),
    ],
)
def test_each_name_that_is_found_is_known_by_itself(text: str, name: str, owner: str) -> None:
    entities_by_name = {entity.name: entity for entity in shipped().find(text)}
    assert entities_by_name[name].owner == owner
    by_itself = shipped().named(name)
    assert by_itself is not None
    assert (by_itself.text, by_itself.name, by_itself.type, by_itself.owner) == (name, name, "model", owner)


def test_only_whole_names_are_known_by_themselves() -> None:
    for name in ("Meta and OpenAI", "the Meta", "Claude Users Group", "Riddle 9", "Qwen Club", ""):
        assert shipped().named(name) is None
    assert (entity := shipped().named("X")) is not None and entity.type == "venue"


def test_a_family_that_bears_its_makers_name_is_the_maker() -> None:
    assert [entity.type for name in ("DeepSeek", "Groq") if (entity := shipped().named(name))] == [
        "organisation", "organisation",
    ]
