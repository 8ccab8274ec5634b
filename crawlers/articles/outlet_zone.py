"""The time zone of an outlet's country, where its address or its language tells the country."""

from __future__ import annotations

from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_COUNTRIES = {
    "at": "Europe/Vienna", "be": "Europe/Brussels", "ch": "Europe/Zurich", "cn": "Asia/Shanghai",
    "cz": "Europe/Prague", "de": "Europe/Berlin", "dk": "Europe/Copenhagen", "es": "Europe/Madrid",
    "fi": "Europe/Helsinki", "fr": "Europe/Paris", "gr": "Europe/Athens", "hk": "Asia/Hong_Kong",
    "hu": "Europe/Budapest", "ie": "Europe/Dublin", "il": "Asia/Jerusalem", "in": "Asia/Kolkata",
    "it": "Europe/Rome", "jp": "Asia/Tokyo", "kr": "Asia/Seoul", "nl": "Europe/Amsterdam",
    "no": "Europe/Oslo", "nz": "Pacific/Auckland", "pl": "Europe/Warsaw", "ro": "Europe/Bucharest",
    "se": "Europe/Stockholm", "sg": "Asia/Singapore", "tr": "Europe/Istanbul", "tw": "Asia/Taipei",
    "ua": "Europe/Kyiv", "uk": "Europe/London", "za": "Africa/Johannesburg",
}  # fmt: skip
"""Country domains that nearly all of their outlets are at home in, of countries with one time zone."""
_LANGUAGES = {"ja": "Asia/Tokyo", "ko": "Asia/Seoul", "zh": "Asia/Shanghai"}
"""Languages whose outlets write in one time zone, whatever their domain."""


def outlet_zone(url: str, language: str | None) -> ZoneInfo | None:
    """Return the zone of the outlet at `url`, whose page is in `language` (two letters); None if unknown."""
    country = (urlsplit(url).hostname or "").rpartition(".")[2]
    name = _COUNTRIES.get(country) or _LANGUAGES.get(language or "")
    try:
        return ZoneInfo(name) if name else None
    except ZoneInfoNotFoundError:
        return None
