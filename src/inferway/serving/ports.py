"""Ports that a model server holds for its processes, so that no other program can take one in between."""

import contextlib
import socket


def reserve(host: str, port: int) -> socket.socket:
    """Give a socket that keeps `port` (0: a free one) for processes that bind it with SO_REUSEPORT; raises OSError.

    It is bound and never listens. Linux hands connections to listening sockets of a SO_REUSEPORT group only, so it
    gets none (https://man7.org/linux/man-pages/man7/socket.7.html).
    """
    family, address = _address(host, port)
    if port:
        # SO_REUSEPORT alone would let two servers share a port by mistake; a bind without it finds a listening one.
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    return _bound(family, address, shared=True)


def bind(host: str, port: int, *, shared: bool) -> socket.socket:
    """Give a socket bound to the port, for a server to listen on; `shared` joins a reserved one; raises OSError."""
    return _bound(*_address(host, port), shared=shared)


def _address(host: str, port: int) -> tuple[socket.AddressFamily, tuple[str, int]]:
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    return family, (str(address[0]), port)


def _bound(family: socket.AddressFamily, address: tuple[str, int], *, shared: bool) -> socket.socket:
    with contextlib.ExitStack() as on_failure:
        sock = on_failure.enter_context(socket.socket(family, socket.SOCK_STREAM))
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if shared:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        sock.bind(address)
        on_failure.pop_all()
    return sock
