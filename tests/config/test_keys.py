"""Keys that the embedded default makes for itself."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cryptography.fernet import Fernet

from config.keys import fernet_key, random_text, stored_key


def test_a_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path):
    path = tmp_path / "keys" / "secret_key"
    first = stored_key(path, random_text)
    assert stored_key(path, random_text) == first
    assert len(first) >= 50
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["secret_key"]


def test_processes_that_start_together_get_the_same_key(tmp_path: Path):
    path = tmp_path / "history_key"
    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(lambda _: stored_key(path, random_text), range(64)))
    assert len(keys) == 1


def test_the_key_for_fields_encrypts():
    box = Fernet(fernet_key())
    assert box.decrypt(box.encrypt("堃".encode())).decode() == "堃"
