"""A process that reads texts (`python -m models.language.worker PIPELINE [GAZETTEER]`).

A question is one line of JSON, an answer too. No pickle: what reads hostile texts must not be able to run
anything where the store is written. Texts that take too long end the process, in the middle of a library's
work if need be; the end of standard input ends it between two questions.
"""

from __future__ import annotations

import os
import signal
import sys

from models import language
from models.language.beside import ANSWER, QUESTION


def main(pipeline: str, gazetteer: str = "") -> None:
    """Answer until no more is asked. What breaks the model is an answer, too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who interrupts the run closes standard input
    asked, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a library prints is no answer
    reader = language.load(pipeline, gazetteer)
    while line := asked.readline():
        try:
            question = QUESTION.validate_json(line)
            # The signal is not caught, so it ends the process whatever that is doing.
            signal.setitimer(signal.ITIMER_PROF, question.seconds)
            answer = ANSWER.dump_json(list(reader.read(question.texts)))
        except Exception as error:  # noqa: BLE001  # whatever a text breaks: it is told there, not here
            answer = ANSWER.dump_json(ascii(f"{type(error).__name__}: {error}")[:1000])
        signal.setitimer(signal.ITIMER_PROF, 0)
        answers.write(answer + b"\n")
        answers.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
