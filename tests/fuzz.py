"""Mutate answers of every source and see that nothing breaks: `python -m tests.fuzz 10000 [seed]`.

Seeds are the answers written in `tests/sources/answers.py` and, where they lie beside the checkout, real ones. Each is
mutated as bytes or, where it is JSON, as a value, and read by the source it came from and by whoever would take it now.
Nothing may be raised, nothing may take five seconds, and every record must be one that can be kept.
"""

import gzip
import json
import random
import resource
import signal
import sys
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import process_time
from types import FrameType
from typing import Any

from generator.model import Record
from generator.sources import Document, Source
from tests.conftest import REPOSITORY
from tests.sources.answers import ANSWERS
from tests.sources.reading import SOURCES, recognised, sound

LONGEST_SECONDS = 5
_MOST_BYTES = 200_000
_PER_FOLDER = 8

Seed = tuple[str, bytes]

_BYTES = [
    *(b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\x1b[31m", b"\r\n", b"\n\n", b"\\\\\n", b"\\", b"\x0c"),
    *(
        b"<",
        b"</",
        b"<!--",
        b"]]>",
        b"<![CDATA[",
        b"&amp;",
        b"&#0;",
        b"&#x202e;",
        b"&lol;",
        b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
    ),
    *(
        b"{",
        b"}",
        b"[",
        b"]",
        b'"',
        b"'",
        b",",
        b":",
        b"null",
        b"NaN",
        b"1e999",
        b"-0",
        b"9" * 400,
        b"true",
        b"\\ud800",
    ),
    *(
        b"@article{",
        b"{" * 200,
        b"}" * 200,
        b"$",
        b"$$",
        b"%",
        b"\\'{",
        b"and ",
        b"\n@string{a = ",
        b"TY  - JOUR\n",
        b"ER  - \n",
    ),
    *(
        "\u202e".encode(),
        "\u00b7\nDec 8\n".encode(),
        "İ😀李".encode(),
        b"../../etc/passwd",
        b"javascript:alert(1)",
        b"a" * 3000,
    ),
]
_VALUES: list[Any] = [
    *(None, True, False, 0, -1, 10**30, 1.5, "", " ", "\x00", "\u202e", "a" * 3000, "../../x", "javascript:alert(1)"),
    *(
        [],
        {},
        [[]],
        [None],
        [{}],
        {"": ""},
        {"a": {"b": {"c": []}}},
        "2025-13-45",
        "9999-99-99T00:00:00Z",
        "0000-01-01",
    ),
    *(
        "<script>alert(1)</script>",
        "{{x}}",
        "$\\frac{1}{",
        "10.1000/" + "x" * 500,
        "2512.99999v9",
        "https://a.b/" + "c" * 3000,
    ),
]


def seeds() -> list[Seed]:
    """Return answers with the names of their sources: those written for the tests, and real ones if there are any."""
    found: list[Seed] = [(source, answer.encode()) for source, answers in ANSWERS.items() for answer in answers]
    real = REPOSITORY.parent / "shared" / "data"
    for folder in sorted({path.parent for path in real.rglob("*") if path.is_file()}):
        for path in sorted(folder.iterdir())[:_PER_FOLDER]:
            found += _real(path)
    return found


def _real(path: Path) -> Iterator[Seed]:
    if not path.is_file():
        return
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
        data = stream.read(_MOST_BYTES)
    source = recognised(data[: 1 << 16])
    if source and ".jsonl" in path.name:
        yield from ((source.name, line) for line in data.splitlines()[:3])
    elif source:
        yield source.name, data


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Return `data` with up to six changes, in its bytes or in the value it stands for."""
    if data.lstrip()[:1] in {b"{", b"["} and chance.random() < 0.6:
        try:
            value = json.loads(data)
        except (ValueError, RecursionError):
            pass
        else:
            for _ in range(chance.randint(1, 6)):
                value = _changed(value, chance)
            return json.dumps(value, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")
    for _ in range(chance.randint(1, 6)):
        data = _cut(data, chance)
    return data


def _changed(value: Any, chance: random.Random, depth: int = 0) -> Any:  # noqa: PLR0911  One for each way.
    """Return a value with one change somewhere inside."""
    if isinstance(value, dict) and value and chance.random() > 0.15 + depth * 0.05:
        key = chance.choice([*value])
        rest = {name: inner for name, inner in value.items() if name != key}
        act = chance.randrange(5)
        if act == 0:
            return rest
        if act == 1:
            return {**rest, key: chance.choice(_VALUES)}
        if act == 2:
            return {**rest, chance.choice([*value]): value[key], key + "x": value[key]}
        return {**value, key: _changed(value[key], chance, depth + 1)}
    if isinstance(value, list) and value and chance.random() > 0.15 + depth * 0.05:
        place = chance.randrange(len(value))
        act = chance.randrange(5)
        if act == 0:
            return value[:place] + value[place + 1 :]
        if act == 1:
            return [*value[:place], chance.choice(_VALUES), *value[place:]]
        if act == 2:
            return value[:20] * chance.choice([0, 2, 30])
        return [*value[:place], _changed(value[place], chance, depth + 1), *value[place + 1 :]]
    return _deep(chance) if chance.random() < 0.05 else chance.choice(_VALUES)


def _deep(chance: random.Random) -> Any:
    value: Any = "x"
    for _ in range(chance.choice([10, 200, 400])):
        value = [value] if chance.random() < 0.5 else {"a": value}
    return value


def _cut(data: bytes, chance: random.Random) -> bytes:  # noqa: PLR0911  One for each way.
    """Return `data` with one change in its bytes."""
    begin = chance.randrange(len(data) + 1)
    end = min(len(data), begin + int(chance.expovariate(0.02)))
    match chance.randrange(7):
        case 0:
            return data[:begin] + data[end:]
        case 1:
            return data[:begin] + chance.choice(_BYTES) + data[begin:]
        case 2:
            return data[:end] + data[begin:]
        case 3:
            return data[:begin] + bytes([chance.randrange(256)]) + data[begin + 1 :]
        case 4:
            return data[:begin]
        case 5:
            other = chance.randrange(len(data) + 1)
            return data[:begin] + data[other : other + end - begin] + data[end:]
        case _:
            return data[:begin] + chance.choice(_BYTES) * chance.choice([1, 3, 100]) + data[end:]


@contextmanager
def within(seconds: int) -> Iterator[None]:
    """Raise `TimeoutError` where the block takes more of the processor's time: others may need it, too."""

    def ring(_number: int, _frame: FrameType | None) -> None:
        raise TimeoutError(f"more than {seconds} s")

    before = signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def read(source: Source, data: bytes) -> Counter[str]:
    """Return how many records and rejections `source` makes of `data`, having checked each."""
    found = sound(source.parse([Document("fuzz", data)]))
    return Counter("records" if isinstance(each, Record) else "rejections" for each in found)


def run(count: int, seed: int, answers: Sequence[Seed]) -> tuple[Counter[str], tuple[float, str], list[str]]:
    """Read `count` mutated answers; return what came of them, the slowest, and what went wrong."""
    total: Counter[str] = Counter()
    slowest = (0.0, "")
    wrong = []
    for number in range(count):
        chance = random.Random(f"{seed}/{number}")
        name, data = chance.choice(answers)
        data = mutated(data, chance)
        started = process_time()
        try:
            with within(LONGEST_SECONDS):
                total += read(SOURCES[name], data)
                taken = recognised(data[: 1 << 16])
                if taken and taken.name != name:
                    total += read(taken, data)
        except Exception as error:  # noqa: BLE001  Whatever it is, it is what we are looking for.
            where = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{where.filename}:{where.lineno}"
            wrong.append(f"{number} of seed {seed}, {name}: {error!r} at {place}: {data[:600]!r}")
        slowest = max(slowest, (process_time() - started, f"{number}, {name}"))
    return total, slowest, wrong


def main() -> int:
    """Read as many mutated answers as the command line says; return 1 where anything went wrong."""
    count, seed = (*map(int, sys.argv[1:3]), *(1000, 1)[len(sys.argv) - 1 :])
    answers = seeds()
    started = process_time()
    total, slowest, wrong = run(count, seed, answers)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(*wrong, sep="\n")
    print(
        f"{count:,} mutations of {len(answers):,} answers: {total['records']:,} records, {total['rejections']:,} "
        f"rejections, {len(wrong)} failures; {process_time() - started:.0f} s, the slowest {slowest[0]:.2f} s "
        f"({slowest[1]}); peak {peak:.0f} MB"
    )
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
