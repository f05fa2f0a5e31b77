import pytest
from hypothesis import given
from hypothesis import strategies as st
from wsproto.frame_protocol import FrameProtocol, Opcode

from cpts_net.live.frames import FrameLimit, FrameTooLong, text_frame


def masked_frame(length: int, *, opcode: int = 1, fin: bool = True) -> bytes:
    """A frame as a browser sends it, with ``length`` bytes of body."""
    head = bytes([(0x80 if fin else 0) | opcode])
    if length < 126:
        head += bytes([0x80 | length])
    elif length < 1 << 16:
        head += b"\xfe" + length.to_bytes(2, "big")
    else:
        head += b"\xff" + length.to_bytes(8, "big")
    return head + b"mask" + bytes(length)


FRAMES = st.lists(st.builds(masked_frame, st.integers(0, 300), opcode=st.sampled_from([1, 2, 9, 10])), max_size=6)


@given(frames=FRAMES, cuts=st.lists(st.integers(1, 50), min_size=1))
def test_short_frames_pass_however_the_stream_is_cut(frames, cuts):
    limit, stream, turn = FrameLimit(300), b"".join(frames), 0

    while stream:
        size = cuts[turn % len(cuts)]
        limit.feed(stream[:size])
        stream, turn = stream[size:], turn + 1

    with pytest.raises(FrameTooLong):
        limit.feed(masked_frame(301)[:8])


@given(before=FRAMES, length=st.integers(301, 1 << 40))
def test_a_long_frame_is_refused_at_its_header(before, length):
    limit = FrameLimit(300)
    limit.feed(b"".join(before))
    header = masked_frame(0)[:1] + (
        b"\xfe" + length.to_bytes(2, "big") if length < 1 << 16 else b"\xff" + length.to_bytes(8, "big")
    )

    with pytest.raises(FrameTooLong):
        limit.feed(header + b"mask")


def test_fragments_are_counted_together_and_a_ping_between_them_is_not():
    limit = FrameLimit(300)
    limit.feed(masked_frame(200, fin=False) + masked_frame(100, opcode=9))
    limit.feed(masked_frame(100, opcode=0))
    limit.feed(masked_frame(200, fin=False))

    with pytest.raises(FrameTooLong):
        limit.feed(masked_frame(101, opcode=0, fin=False))


@given(text=st.one_of(st.text(max_size=200), st.integers(100, 70_000).map(lambda size: "é" * size)))
def test_a_frame_that_we_write_is_read_by_the_library_as_it_was(text):
    protocol = FrameProtocol(client=True, extensions=[])
    protocol.receive_bytes(text_frame(text))

    frames = list(protocol.received_frames())

    assert "".join(frame.payload for frame in frames) == text
    assert all(frame.opcode is Opcode.TEXT for frame in frames[:1])
    assert frames[-1].message_finished
