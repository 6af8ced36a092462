"""A reserved port stays ours, gets no connections, and goes to those that share it."""

import contextlib
import errno
import socket

import pytest

from inferway.serving.ports import bind, reserve

HOST = "127.0.0.1"


def test_a_free_port_is_chosen_and_shared() -> None:
    with contextlib.closing(reserve(HOST, 0)) as reserved:
        port = reserved.getsockname()[1]
        assert port > 0
        with contextlib.closing(bind(HOST, port, shared=True)) as shared:
            assert shared.getsockname() == (HOST, port)


def test_no_one_else_can_take_it() -> None:
    with (
        contextlib.closing(reserve(HOST, 0)) as reserved,
        contextlib.closing(socket.socket()) as other,
        pytest.raises(OSError, match="in use") as error,
    ):
        other.bind((HOST, reserved.getsockname()[1]))
    assert error.value.errno == errno.EADDRINUSE


def test_a_reserved_port_refuses_connections_until_one_listens_and_takes_none_itself() -> None:
    with contextlib.closing(reserve(HOST, 0)) as reserved:
        address = reserved.getsockname()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(address)
        with contextlib.closing(bind(*address, shared=True)) as listener:
            listener.listen()
            listener.settimeout(5)
            for _ in range(20):
                with socket.create_connection(address, timeout=5):
                    listener.accept()[0].close()


def test_a_port_that_another_server_listens_on_is_refused_though_it_shares() -> None:
    with contextlib.closing(bind(HOST, 0, shared=True)) as other:
        other.listen()
        with pytest.raises(OSError, match="in use"):
            reserve(HOST, other.getsockname()[1])


def test_a_name_that_is_no_host_is_an_os_error() -> None:
    with pytest.raises(OSError, match=r"."):
        reserve("256.256.256.256", 0)
