"""The expected errors. Each message says what was received, what is allowed and what to run next."""


class RumortrailError(Exception):
    """Anything that a user can act on; the command line prints its message without a traceback."""


class ConfigError(RumortrailError):
    """The configuration or the command's arguments are wrong; all faults of a file are told at once."""


class SourceError(RumortrailError):
    """A source could not be read; the run goes on without it."""


class NetworkError(SourceError):
    """No server can be reached: there is no network, no DNS, or no proxy."""


class DataError(RumortrailError):
    """A stored or received row breaks a rule that the pipeline relies on."""


class UnknownError(DataError):
    """What was asked for by its id is not published, or not there."""


class NotYetKnownError(UnknownError):
    """Nothing was known at that time of what was asked for."""


class HiddenError(UnknownError):
    """What was asked for was hidden by an editor."""


class FaultyRowError(DataError):
    """A row that can be read is no row of its kind: it stays so until somebody mends it."""


class LimitError(DataError):
    """A question took more time than it may."""


class NothingAskedError(DataError):
    """A question or a text has no words that could be looked for."""


class OldCopyError(DataError):
    """The published copy lacks what this version of Rumortrail asks of it: another version made it."""


class ModelError(RumortrailError):
    """A model or its weights are missing, damaged or unusable."""


class BusyError(DataError):
    """What is needed is in use: another run holds the home folder, or another question a model."""
