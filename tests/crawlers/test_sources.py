"""sources.toml: what it may contain, and how its faults are reported."""

from __future__ import annotations

import tomllib
from collections import Counter
from itertools import chain
from pathlib import Path

import pytest

from crawlers.engine.process import SPIDERS
from crawlers.http.credentials import CREDENTIALS, lacking
from crawlers.sources import choose, default_sources, load_sources, verified
from pipeline.core.errors import ConfigError
from pipeline.core.home import Home
from pipeline.core.vocabulary import Platform, Role


def write(folder: Path, text: str) -> Path:
    file = folder / "sources.toml"
    file.write_text(text, "utf-8")
    return file


ONE = (
    '[[source]]\nid = "one"\nname = "One"\nspider = "feeds"\nurl = "https://one.example/feed"\nrole = '
    '"press"\n'
)


def test_a_source_and_its_defaults(tmp_path: Path) -> None:
    (source,) = load_sources(write(tmp_path, ONE))
    assert (source.id, source.platform, source.enabled, source.expect_min) == (
        "one", Platform.NEWS, True, None,
    )
    record = source.record()
    assert (record.source, record.name, record.role, record.url) == (
        "one", "One", Role.PRESS, "https://one.example/feed",
    )


def test_the_platform_follows_from_spider_and_role(tmp_path: Path) -> None:
    maker = ONE.replace('"one"', '"two"').replace("press", "first_party")
    forum = ONE.replace('"one"', '"three"').replace('"feeds"', '"reddit"')
    stated_platform = ONE.replace('"one"', '"four"') + 'platform = "blog"\n'
    sources = load_sources(write(tmp_path, "\n".join([ONE, maker, forum, stated_platform])))
    assert [source.platform for source in sources] == [
        Platform.NEWS, Platform.BLOG, Platform.REDDIT, Platform.BLOG,
    ]


def test_all_faults_are_told_at_once_with_their_lines(tmp_path: Path) -> None:
    text = """# a comment
colour = "blue"

[[source]]
id = "Bad Id"
name = "One"
spider = "gopher"
url = "gopher://one.example"
role = "friend"
nmae = "typo"

[[source]]
id = "two"
spider = "feeds"
url = "https://two.example/feed"
role = "press"
expect_min = 9
expect_max = 3

[[source]]
id = "three"
name = "Three"
spider = "reddit"
url = "https://www.reddit.com/r/three"
role = "community"
platform = "mastodon"

[[source]]
id = "ok"
name = "Fine"
spider = "feeds"
url = "https://ok.example/feed"
role = "press"

[[source]]
id = "ok"
name = "Fine too"
spider = "feeds"
url = "https://ok.example/feed2"
role = "press"
"""
    with pytest.raises(ConfigError) as error_info:
        load_sources(write(tmp_path, text))
    message = str(error_info.value)
    for words in (
        "colour is unknown",
        "line 5, Bad Id: id = 'Bad Id'",
        "line 7, Bad Id: spider = 'gopher'",
        "line 8, Bad Id: url = 'gopher://one.example': only http and https",
        "line 9, Bad Id: role = 'friend'",
        "line 10, Bad Id: nmae = 'typo'",
        "line 12, two: name is missing",
        "line 20, three: platform = 'mastodon' does not go with spider = 'reddit'",
        "line 36, ok: the id is taken by the source on line 28",
        "docs/crawlers.md",
    ):
        assert words in message


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ('verified = "2026-13"', "verified = '2026-13'"), ('verified = "yes"', "verified = 'yes'"),
        ('entry_link = "guid"', "entry_link = 'guid'"), ('paths = ["news"]', "paths = \\['news'\\]"),
    ],
)  # fmt: skip
def test_values_that_a_source_cannot_have(tmp_path: Path, given: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        load_sources(write(tmp_path, f"{ONE}{given}\n"))


@pytest.mark.parametrize(
    ("spider", "url", "words"),
    [
        ("github", "https://github.com/search?type=commits", "a search has a query"),
        ("github", "https://github.com/search?q=x&type=code", "type=pullrequests or type=commits"),
        ("registry", "https://github.com/a/b", "the page of a folder"),
        ("registry", "https://github.com/a/b/blob/main/x.json", "a registry is a folder"),
        ("price_list", "https://github.com/a/b/tree/main/x", "a price list is a file"),
        ("registry", "https://github.com/a/b/tree/main/../x", "the page of a folder"),
    ],
)
def test_addresses_that_a_spider_cannot_read(tmp_path: Path, spider: str, url: str, words: str) -> None:
    text = ONE.replace("https://one.example/feed", url).replace('"feeds"', f'"{spider}"')
    with pytest.raises(ConfigError, match=words):
        load_sources(write(tmp_path, text))


def test_what_only_feeds_have(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="entry_link and paths are for feeds"):
        load_sources(write(tmp_path, ONE.replace('"feeds"', '"reddit"') + 'paths = ["/a"]\n'))


def test_when_the_addresses_were_verified(home: Home) -> None:
    assert verified(home) == {}
    write(home.path, ONE + 'verified = "2026-09"\n' + ONE.replace('"one"', '"two"'))
    assert verified(home) == {"one": "2026-09", "two": "unverified"}
    write(home.path, "[[source]")
    assert verified(home) == {}


def test_bounds_that_exclude_each_other(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="expect_min = 9 is more than expect_max = 3"):
        load_sources(write(tmp_path, ONE + "expect_min = 9\nexpect_max = 3\n"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[source]\n", "not valid TOML"), ("", "no \\[\\[source\\]\\] at all"),
        ("[source]\nid = 'a'\n", "double brackets"), ("source = [1]\n", "double brackets"),
    ],
)
def test_files_that_are_no_sources(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        load_sources(write(tmp_path, text))


def test_a_file_that_is_not_there_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="rumortrail init"):
        load_sources(tmp_path / "sources.toml")


def test_choosing_by_name(tmp_path: Path) -> None:
    sources = load_sources(write(tmp_path, ONE + ONE.replace('"one"', '"two"')))
    assert [source.id for source in choose(sources, ())] == ["one", "two"]
    assert [source.id for source in choose(sources, ("two", "two"))] == ["two"]
    with pytest.raises(ConfigError, match="no source is called three; there are: one, two"):
        choose(sources, ("one", "three"))


class TestDefaults:
    def test_each_says_whether_its_address_was_verified(self) -> None:
        entries = tomllib.loads(default_sources())["source"]
        assert [entry["id"] for entry in entries if "verified" not in entry] == []

    def test_they_are_valid_and_many(self, tmp_path: Path) -> None:
        sources = load_sources(write(tmp_path, default_sources()))
        assert len(sources) >= 40
        assert len({source.url for source in sources}) == len(sources)
        assert {source.spider for source in sources} == set(SPIDERS)

    def test_they_cover_the_field_without_any_credential(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for credential in CREDENTIALS.values():
            for variable in credential.variables:
                monkeypatch.delenv(variable.name, raising=False)
        sources = load_sources(write(tmp_path, default_sources()))
        ready = [entry for entry in sources if entry.enabled and lacking(entry.spider, entry.url) is None]
        assert len(ready) >= 40
        roles, spiders = Counter(entry.role for entry in ready), Counter(entry.spider for entry in ready)
        assert all(roles[role] >= 10 for role in (Role.FIRST_PARTY, Role.PRESS, Role.EXPERT, Role.COMMUNITY))
        assert set(spiders) == set(SPIDERS) - {"x", "reddit"}

    def test_organisations_are_called_as_in_the_gazetteer(self, tmp_path: Path) -> None:
        files = (Path(__file__).parents[2] / "models" / "gazetteer").glob("*.toml")
        entries = [tomllib.loads(file.read_text("utf-8")).get("organisation", []) for file in files]
        names = {entry["name"] for entry in chain.from_iterable(entries)}
        names_given = {
            source.organisation
            for source in load_sources(write(tmp_path, default_sources()))
            if source.organisation
        }
        assert names_given <= names

    def test_a_makers_own_channel_names_the_maker(self, tmp_path: Path) -> None:
        for source in load_sources(write(tmp_path, default_sources())):
            assert (source.organisation is not None) == (source.role is Role.FIRST_PARTY), source.id
            assert source.url.startswith("https://"), source.id
