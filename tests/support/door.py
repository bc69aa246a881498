"""A way to a server that a test can shut, and hold, without harm to who else uses the server."""

from __future__ import annotations

import contextlib
import socket
import threading
from urllib.parse import urlsplit

from shared.servers.ports import free_port


class Door:
    """Passes connections on to the server of a URL; its own ``url`` leads through it.

    Shut: nothing listens, and who was connected is cut off. Held: connections are taken, and what
    the server answers does not pass, as when it hangs.
    """

    def __init__(self, url: str, *, shut: bool = False) -> None:
        split = urlsplit(url)
        assert split.hostname is not None and split.port is not None
        self._server = (split.hostname, split.port)
        self._listener: socket.socket | None = None
        self._passing = threading.Event()
        self._passing.set()
        self._sockets: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._port = free_port()
        self.url = url.replace(f"@{split.hostname}:{split.port}/", f"@127.0.0.1:{self._port}/")
        assert self.url != url
        if not shut:
            self.open()

    def open(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self._port))
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def shut(self) -> None:
        listener, self._listener = self._listener, None
        if listener is not None:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        with self._lock:
            sockets, self._sockets = self._sockets, set()
        for one in sockets:
            _end(one)
        self._passing.set()

    def hold(self) -> None:
        self._passing.clear()

    def let_go(self) -> None:
        self._passing.set()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
                server = socket.create_connection(self._server)
            except OSError:
                return
            with self._lock:
                self._sockets |= {client, server}
            for source, sink in ((client, server), (server, client)):
                threading.Thread(
                    target=self._pass_on, args=(source, sink, source is server), daemon=True
                ).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket, answers: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if answers:
                    self._passing.wait()
                sink.sendall(data)
        _end(source)
        _end(sink)
        with self._lock:
            self._sockets.discard(source)
        source.close()


def _end(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
