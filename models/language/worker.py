"""A process that reads texts (`python -m models.language.worker PIPELINE [GAZETTEER]`).

A question is a line of JSON, and so is an answer. No pickle: a process that reads hostile texts must not be
able to run anything where the store is written. A text that takes too long ends the process, even inside a
library; the end of standard input ends it between two questions.
"""

from __future__ import annotations

import os
import signal
import sys

from models import language
from models.language.beside import ANSWER, QUESTION


def main(pipeline: str, gazetteer: str = "") -> None:
    """Answer until standard input ends; an error of the model is an answer, too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupted run closes standard input
    questions, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a library's output is no answer
    reader = language.load(pipeline, gazetteer)
    while line := questions.readline():
        try:
            question = QUESTION.validate_json(line)
            # Nothing catches the signal, so it ends the process at any point.
            signal.setitimer(signal.ITIMER_PROF, question.seconds)
            answer = ANSWER.dump_json(list(reader.read(question.texts)))
        except Exception as error:  # noqa: BLE001  # the asking process reports any error
            answer = ANSWER.dump_json(ascii(f"{type(error).__name__}: {error}")[:1000])
        signal.setitimer(signal.ITIMER_PROF, 0)
        answers.write(answer + b"\n")
        answers.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
