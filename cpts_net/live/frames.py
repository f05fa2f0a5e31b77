"""Websocket frames: how long one may be, and how one is written (RFC 6455, section 5.2)."""

import struct

LARGEST_MESSAGE = 64 * 1024  # Bytes; what a page sends has a hundred.
_FIN, _MASKED, _LENGTH, _CONTROL = 0x80, 0x80, 0x7F, 0x08
_IN_2_BYTES, _IN_8_BYTES = 126, 127  # Stand in place of a length that follows.
_SHORTEST_HEADER = 2


class FrameTooLong(ConnectionError):
    """A frame, or the fragments of one message, announce more than a page would ever send."""


class TooManyFrames(ConnectionError):
    """More frames in a few seconds than a page would ever send."""


class FrameLimit:
    """Reads the headers of incoming frames, and refuses a long one before its body arrives."""

    def __init__(self, largest: int = LARGEST_MESSAGE) -> None:
        self.largest = largest
        self._header = bytearray()
        self._body_left = 0
        self._message = 0
        self.begun = 0  # Frames whose header was read.

    def feed(self, data: bytes) -> None:
        """Follow the next bytes of the stream, however they are cut.

        Raises:
            FrameTooLong: at the header of the frame that exceeds the limit.
        """
        view = memoryview(data)
        while view:
            if self._body_left:
                skipped = min(self._body_left, len(view))
                self._body_left -= skipped
                view = view[skipped:]
                continue
            self._header.append(view[0])
            view = view[1:]
            if len(self._header) == header_size(self._header):
                self._begin_body()

    def _begin_body(self) -> None:
        length = self._header[1] & _LENGTH
        if length == _IN_2_BYTES:
            (length,) = struct.unpack_from(">H", self._header, 2)
        elif length == _IN_8_BYTES:
            (length,) = struct.unpack_from(">Q", self._header, 2)
        is_control = bool(self._header[0] & _CONTROL)
        if (length if is_control else self._message + length) > self.largest:
            raise FrameTooLong(length)
        if not is_control:
            self._message = 0 if self._header[0] & _FIN else self._message + length
        self.begun += 1
        self._body_left = length
        self._header.clear()


def header_size(start: bytes | bytearray) -> int:
    """How many bytes the header has that begins with ``start``; at least 2."""
    if len(start) < _SHORTEST_HEADER:
        return _SHORTEST_HEADER
    extended = {_IN_2_BYTES: 2, _IN_8_BYTES: 8}.get(start[1] & _LENGTH, 0)
    return _SHORTEST_HEADER + extended + (4 if start[1] & _MASKED else 0)


def text_frame(text: str) -> bytes:
    """One whole, unmasked frame, as a server sends it."""
    body = text.encode()
    if len(body) < _IN_2_BYTES:
        return bytes((0x81, len(body))) + body
    if len(body) < 1 << 16:
        return struct.pack(">BBH", 0x81, _IN_2_BYTES, len(body)) + body
    return struct.pack(">BBQ", 0x81, _IN_8_BYTES, len(body)) + body
