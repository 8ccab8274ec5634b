"""Load what a crawl needs, once for all crawls that are forked from this process."""

from __future__ import annotations

from scrapy.settings import Settings
from scrapy.utils.misc import load_object

from crawlers.articles.extract import read_article
from crawlers.engine.scrapy_settings import scrapy_settings
from crawlers.normalise.urls import same_site
from pipeline.core.config import CrawlConfig

_PAGE = "<html><body><p>A page whose main text is looked for in every way.</p></body></html>"
_SETTINGS = Settings(scrapy_settings(CrawlConfig()))
for _name in ("DOWNLOADER_MIDDLEWARES", "SPIDER_MIDDLEWARES", "EXTENSIONS", "ITEM_PIPELINES"):
    for _path, _place in _SETTINGS.get_component_priority_dict_with_base(_name).items():
        if _place is not None:
            load_object(_path)
for _name in ("SCHEDULER_PRIORITY_QUEUE", "SCHEDULER_MEMORY_QUEUE", "SCHEDULER_DISK_QUEUE", "STATS_CLASS",
              "LOG_FORMATTER", "DUPEFILTER_CLASS", "SCHEDULER", "DOWNLOADER"):
    load_object(_SETTINGS[_name])
same_site("https://a.example/", "https://b.example/")
read_article(_PAGE.encode(), url="https://a.example/1")
