"""Names in Chinese text: no spaces separate them, Latin touches Han, and common words can be names."""

from __future__ import annotations

import pytest

from tests.models.gazetteer.shipped import shipped


def names(text: str, *context: str) -> list[str]:
    entities = shipped().find(text, context)
    assert all(text[entity.start : entity.end] == entity.text for entity in entities)
    return [entity.name for entity in entities]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("据说Kimi K2用了新的优化器", ["Kimi K2"]),
        ("GPT-5将于夏天发布", ["GPT-5"]),
        ("用DeepSeek-R1蒸馏出来的小模型", ["DeepSeek-R1"]),
        ("把o1和o3-mini放在一起比", ["o1", "o3-mini"]),
        ("Llama4Maverick版本", ["Llama 4 Maverick"]),
        ("《GPT-4技术报告》", ["GPT-4"]),
        ("对比DeepSeek（R1）和Qwen2.5-72B的结果", ["DeepSeek", "DeepSeek-R1", "Qwen 2.5 72B"]),
        ("GPT-4-Turbo已经下架", ["GPT-4 Turbo"]),
        ("ＧＰＴ－５和Ｃｌａｕｄｅ　３．７", ["GPT-5", "Claude 3.7 Sonnet"]),
        ("看https://t.example/ab12，GPT-5来了", ["GPT-5"]),
        ("看https://t.example/ab12谷歌也跟进了", ["Google"]),
        ("感谢@sama提供的图", ["Sam Altman"]),
        ("@OpenAI发布了新模型", ["OpenAI"]),
    ],
)
def test_latin_names_touch_han_characters(text: str, expected: list[str]) -> None:
    assert names(text) == expected


def test_some_names_are_written_in_any_case_among_han_characters_only() -> None:
    names_found = names("相比起llama，qwen和gemini好用，gpt一般，meta不行")
    assert names_found == ["Llama", "Qwen", "Gemini", "GPT", "Meta"]
    assert names("a llama, some meta talk, to grok it, gemini season, 你好") == []


def test_a_derivative_ends_where_the_han_characters_begin() -> None:
    (entity,) = shipped().find("Llama-4-Foo版本")
    assert (entity.text, entity.name) == ("Llama-4-Foo", "Llama 4 Foo")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Grok 3个月后还会更新", ["Grok"]),
        ("Llama 4月底发布", ["Llama"]),
        ("ChatGPT4月份又降价了", ["ChatGPT"]),
        ("GPT-4 3倍的价格", ["GPT-4"]),
        ("o3月底就上线", ["o3"]),
        ("Grok 3版本", ["Grok 3"]),
        ("GPT-5年内发布", ["GPT-5"]),
    ],
)
def test_a_count_before_a_unit_is_no_version(text: str, expected: list[str]) -> None:
    assert names(text) == expected


def test_the_version_of_an_app_or_a_phone_is_no_model() -> None:
    assert names("用DeepSeek写的，来自论坛客户端v3.3.96") == ["DeepSeek"]
    assert names("Gemini说别买那个16 Pro") == ["Gemini"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("谷歌、微软和英伟达都在加价", ["Google", "Microsoft", "NVIDIA"]),
        ("亚马逊与特斯拉", ["Amazon", "Tesla"]),
        ("阿里云开源了通义千问2.5", ["Alibaba", "Qwen 2.5"]),
        ("字节跳动的豆包1.5Pro", ["ByteDance", "Doubao 1.5 Pro"]),
        ("豆包大模型1.6", ["Doubao 1.6"]),
        ("百度发布文心4.5Turbo", ["Baidu", "ERNIE 4.5 Turbo"]),
        ("文心一言和讯飞星火谁更强", ["ERNIE", "iFlytek", "Spark"]),
        ("腾讯混元T1", ["Tencent", "Hunyuan T1"]),
        ("华为盘古大模型", ["Huawei", "Pangu"]),
        ("智谱AI推出智谱清言", ["Zhipu AI", "Zhipu Qingyan"]),
        ("月之暗面和阶跃星辰", ["Moonshot AI", "StepFun"]),
        ("昆仑万维的天工大模型", ["Kunlun Tech", "Skywork"]),
        ("美团开源LongCat-Flash", ["Meituan", "LongCat Flash"]),
        ("快手可灵2.0", ["Kuaishou", "Kling 2.0"]),
        ("即梦AI更新了", ["Jimeng"]),
        ("马斯克、黄仁勋与扎克伯格", ["Elon Musk", "Jensen Huang", "Mark Zuckerberg"]),
        ("山姆·奥特曼和萨姆·奥尔特曼是一个人", ["Sam Altman", "Sam Altman"]),
        ("纳德拉、皮查伊、哈萨比斯", ["Satya Nadella", "Sundar Pichai", "Demis Hassabis"]),
        ("李彦宏、梁文锋、杨植麟、李开复和杨立昆",
         ["Robin Li", "Liang Wenfeng", "Yang Zhilin", "Kai-Fu Lee", "Yann LeCun"]),
        ("据彭博社报道", ["Bloomberg"]),
        ("在人类最后的考试上得了第一", ["Humanity's Last Exam"]),
    ],
)
def test_chinese_names_are_known(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("word", "plain", "meant", "name"),
    [
        ("苹果", "早上吃了一个苹果", "苹果要在Siri里用上ChatGPT", "Apple"),
        ("字节", "这个文件有四百字节", "字节和阿里都在抢卡", "ByteDance"),
        ("豆包", "楼下的豆包两块钱一个", "DeepSeek答对了，豆包没有", "Doubao"),
        ("文心", "这篇散文很有文心", "百度说文心要开源", "ERNIE"),
        ("千问", "百思千问不得其解", "阿里的千问又更新了", "Qwen"),
        ("奥特曼", "孩子想看奥特曼打怪兽", "OpenAI的奥特曼又发帖了", "Sam Altman"),
        ("星火", "星火燎原的故事", "科大讯飞的星火涨价了", "Spark"),
        ("盘古", "盘古开天地", "华为否认盘古抄袭", "Pangu"),
        ("可灵", "他的脑子可灵了", "快手的可灵出了新版", "Kling"),
        ("海螺", "海边捡到一只海螺", "MiniMax的海螺", "Hailuo"),
    ],
)
def test_a_word_that_is_also_a_name_needs_its_context(word: str, plain: str, meant: str, name: str) -> None:
    assert name not in names(plain)
    assert name in names(meant)
    assert word in {entity.text for entity in shipped().find(meant)}


@pytest.mark.parametrize(
    "text",
    [
        "豆包大模型之外", "问豆包", "豆包App", "苹果公司", "字节跳动", "文心大模型", "可灵AI",
    ],
)
def test_some_words_around_it_make_such_a_word_a_name(text: str) -> None:
    assert len(names(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "一小米粒大小", "小米粥", "阿里山的日出", "拳王阿里", "亚马逊雨林", "尼古拉·特斯拉的发明",
        "三星堆遗址",        "可灵活调整", "红豆包",
    ],
)
def test_a_word_that_only_holds_a_name_is_none(text: str) -> None:
    assert names(f"{text}，百度也提到过") == ["Baidu"]
