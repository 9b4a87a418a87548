"""Memory of pure functions, in memory and as files."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.memo import Memory, digest
from generator.store import memory as store

STAMP, OTHER = digest(b"this code"), digest(b"other code")
VALUES = st.dictionaries(st.binary(min_size=16, max_size=16), st.binary(max_size=300), max_size=9)


def saved(folder: Path, values: dict[bytes, bytes]) -> Path:
    """Keep `values` in the memory "f" and return its file."""
    memory = store.memory(folder, STAMP)
    for key, value in values.items():
        memory.of("f").keep(key, value)
    store.save(memory, folder, STAMP)
    return folder / "f.memo"


@given(VALUES)
def test_what_was_kept_is_recalled(tmp_path_factory: pytest.TempPathFactory, values: dict[bytes, bytes]) -> None:
    """Every value comes back from the file, and nothing else."""
    folder = tmp_path_factory.mktemp("memory")
    saved(folder, values)

    again = store.memory(folder, STAMP).of("f")

    assert {key: again.recall(key) for key in values} == values
    assert again.recall(digest(b"never kept")) is None


def test_another_stamp_is_another_memory(tmp_path: Path) -> None:
    """What other code made is not believed."""
    key = digest(b"x")
    saved(tmp_path, {key: b"value"})

    assert store.memory(tmp_path, OTHER).of("f").recall(key) is None


@given(st.data())
def test_a_damaged_file_gives_the_truth_or_nothing(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Cut off, overwritten or random: a value is what was kept, or forgotten."""
    values = {digest(bytes([n])): bytes([n]) * 40 for n in range(5)}
    file = saved(tmp_path_factory.mktemp("memory"), values)
    whole = file.read_bytes()
    noise = data.draw(st.binary(min_size=1, max_size=60), "noise")
    place = data.draw(st.integers(0, len(whole)), "place")
    damaged = [whole[:place], whole[:place] + noise, whole[:place] + noise + whole[place + len(noise) :], noise]
    file.write_bytes(data.draw(st.sampled_from(damaged), "damaged"))

    again = store.memory(file.parent, STAMP).of("f")

    assert all(again.recall(key) in (None, value) for key, value in values.items())


def test_what_nobody_asks_for_is_forgotten(tmp_path: Path) -> None:
    """A memory is as large as what the last build used."""
    values = {digest(bytes([n])): bytes([n]) * 40 for n in range(100)}
    file = saved(tmp_path, values)
    before = file.stat().st_size
    memory = store.memory(tmp_path, STAMP)
    for key in list(values)[:10]:
        assert memory.of("f").recall(key) == values[key]

    store.save(memory, tmp_path, STAMP)

    assert file.stat().st_size < before / 5
    assert [file.name for file in tmp_path.iterdir()] == ["f.memo"]


def test_a_memory_that_was_only_read_is_left_alone(tmp_path: Path) -> None:
    """Nothing new, nothing written."""
    key = digest(b"x")
    before = saved(tmp_path, {key: b"value"}).stat().st_mtime_ns
    memory = store.memory(tmp_path, STAMP)
    memory.of("f").recall(key)

    store.save(memory, tmp_path, STAMP)

    assert (tmp_path / "f.memo").stat().st_mtime_ns == before


def test_memories_have_names() -> None:
    """What one function returned is nothing to another."""
    memory = Memory()
    memory.of("f").keep(digest(b"x"), b"f of x")

    assert memory.of("g").recall(digest(b"x")) is None
    assert memory.of("f").recall(digest(b"x")) == b"f of x"


@given(st.lists(st.binary(max_size=4), max_size=4), st.lists(st.binary(max_size=4), max_size=4))
def test_a_digest_stands_for_its_parts(one: list[bytes], other: list[bytes]) -> None:
    """The same bytes cut elsewhere are something else."""
    assert (digest(*one) == digest(*other)) == (one == other)


def test_what_is_new_is_added_to_a_memory(tmp_path: Path) -> None:
    """One value more costs its own bytes and the index; what was there is still there, and so after many turns."""
    values = {digest(bytes([n])): bytes([n]) * 4000 for n in range(40)}
    file = saved(tmp_path, values)
    for turn in range(60):
        memory = store.memory(tmp_path, STAMP)
        assert all(memory.of("f").recall(key) == value for key, value in values.items())
        key = digest(bytes([turn]), b"new")
        values[key] = memory.of("f").keep(key, bytes([turn]) * 4000)
        values.pop(next(iter(values)))

        store.save(memory, tmp_path, STAMP)

    assert file.stat().st_size < 3 * 40 * 4000


def test_a_memo_of_nothing_is_not_worth_saving(tmp_path: Path) -> None:
    """A build that asked for nothing leaves no file."""
    memory = store.memory(tmp_path, STAMP)
    memory.of("f").recall(digest(b"x"))

    store.save(memory, tmp_path, STAMP)

    assert list(tmp_path.iterdir()) == []


def test_a_memory_that_is_let_go_of_is_a_file_and_no_more(tmp_path: Path) -> None:
    """What was kept is there for the next build, and takes no room in this one."""
    memory = store.memory(tmp_path, STAMP)
    memory.of("papers").keep(b"k" * 16, b"value")

    store.let_go(memory, "papers", tmp_path, STAMP)

    assert not memory.memos
    assert store.memory(tmp_path, STAMP).of("papers").recall(b"k" * 16) == b"value"
