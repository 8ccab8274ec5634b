"""What damaged WARC files raise."""

from __future__ import annotations

import zlib

from warcio.bufferedreaders import ChunkedDataException
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeadersParserException

# AttributeError is how warcio meets a record whose headers are cut off.
WARC_DAMAGE = (
    *(ArchiveLoadFailed, ChunkedDataException, StatusAndHeadersParserException),
    *(OSError, EOFError, ValueError, zlib.error, AttributeError),
)
"""What warcio raises where a file is damaged."""
