"""What a sentence model that the owner has says of papers; each text is read once."""

from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

import numpy as np
from numpy.typing import ArrayLike

from generator.errors import SettingsError
from generator.memo import Memo, digest
from generator.search.meaning import Embed, Vectors
from generator.search.postings import Document


class Encoder(Protocol):
    """A sentence model, as sentence-transformers has it."""

    def encode(self, sentences: str, /) -> ArrayLike:
        """Return the vector of a text."""


def load(root: Path, model: str) -> Encoder:
    """Return the model in a folder, seen from `root`, or of a name that was downloaded before; nothing is downloaded.

    Raises `SettingsError` where there is none, or nothing to read it with.
    """
    try:
        library = import_module("sentence_transformers")
    except ImportError as error:
        hint = 'install it: pip install "broadsheet[embeddings]"; or write search.meaning: lsa'
        raise SettingsError("a sentence model needs sentence-transformers", where="search.model", hint=hint) from error
    # A text is too short to share out: threads would wait for each other, on a busy machine for most of the time.
    import_module("torch").set_num_threads(1)
    place = root / model
    try:
        found = library.SentenceTransformer(
            str(place) if place.is_dir() else model, device="cpu", local_files_only=True
        )
    except (OSError, ValueError, RuntimeError) as error:
        hint = "give the folder of a model of sentence-transformers, or the name of one that was downloaded before"
        said = f'the sentence model "{model}" cannot be loaded: {" ".join(str(error).split())}'
        raise SettingsError(said, where="search.model", hint=hint) from error
    return cast("Encoder", found)


def embedding(load: Callable[[], Encoder], stamp: bytes, memo: Memo | None = None) -> Embed:
    """Return what tells the vectors of documents: those of title and abstract, as the model of `stamp` has them.

    The model is loaded where a text is new to `memo`. Texts are read one by one, so that a vector does not depend on
    which others were new; half precision is more than the index shows.
    """
    encoder = cache(load)
    memory = memo or Memo()

    def vector(document: Document) -> bytes:
        text = ". ".join(part for part in document.fields[:2] if part)
        return memory.remember(
            digest(stamp, text.encode()), lambda: np.asarray(encoder().encode(text), "<f2").tobytes()
        )

    def embed(documents: Sequence[Document]) -> Vectors:
        return np.array([np.frombuffer(vector(document), "<f2") for document in documents], np.float32)

    return embed
