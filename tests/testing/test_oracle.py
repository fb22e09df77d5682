"""The oracle against the table of vectors, and its decoder against the Encoding Standard."""

from __future__ import annotations

import itertools

from sse_events.events import Event
from sse_events.testing import Interpretation, interpret
from tests.parser_vectors import every_row


class TestOracle:
    @every_row
    def test_the_table(self, row):
        interpretation = interpret(row.body)
        assert interpretation == Interpretation(row.wire, row.last_event_id, row.retry)
        assert interpretation.events == row.events

    def test_the_last_event_id_of_an_earlier_connection(self):
        assert interpret(b"", last_event_id="7").last_event_id == "7"
        assert interpret(b"data: a\n\nid\ndata: b\n\n", last_event_id="7").events == [Event("a", id="7"), Event("b")]

    def test_it_decodes_as_the_encoding_standard_says(self):
        # Every sequence of up to three bytes from both sides of each boundary in the decoder's steps.
        boundaries = [0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE]
        boundaries += [0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF]
        for length in (1, 2, 3):
            for sequence in itertools.product(boundaries, repeat=length):
                value = bytes(sequence) + b"\xbf."
                assert interpret(b"data: " + value + b"\n\n").events == [Event(utf_8_decoder(value))]


def utf_8_decoder(stream: bytes) -> str:
    """The UTF-8 decoder of https://encoding.spec.whatwg.org/#utf-8-decoder with its error mode "replacement"."""
    output = ""
    code_point = bytes_seen = bytes_needed = 0
    lower_boundary, upper_boundary = 0x80, 0xBF
    position = 0
    while position < len(stream):
        byte = stream[position]
        position += 1
        if bytes_needed == 0:
            if byte <= 0x7F:
                output += chr(byte)
            elif 0xC2 <= byte <= 0xDF:
                bytes_needed, code_point = 1, byte & 0x1F
            elif 0xE0 <= byte <= 0xEF:
                # It says: "If byte is 0xE0, set UTF-8 lower boundary to 0xA0."
                # It says: "If byte is 0xED, set UTF-8 upper boundary to 0x9F."
                lower_boundary = 0xA0 if byte == 0xE0 else 0x80
                upper_boundary = 0x9F if byte == 0xED else 0xBF
                bytes_needed, code_point = 2, byte & 0xF
            elif 0xF0 <= byte <= 0xF4:
                # It says: "If byte is 0xF0, set UTF-8 lower boundary to 0x90."
                # It says: "If byte is 0xF4, set UTF-8 upper boundary to 0x8F."
                lower_boundary = 0x90 if byte == 0xF0 else 0x80
                upper_boundary = 0x8F if byte == 0xF4 else 0xBF
                bytes_needed, code_point = 3, byte & 0x7
            else:
                output += "\ufffd"
            continue
        if not lower_boundary <= byte <= upper_boundary:
            # "Set UTF-8 code point, UTF-8 bytes needed, and UTF-8 bytes seen to 0, set UTF-8 lower boundary to 0x80,
            # and set UTF-8 upper boundary to 0xBF. Restore byte to ioQueue. Return error."
            code_point = bytes_seen = bytes_needed = 0
            lower_boundary, upper_boundary = 0x80, 0xBF
            position -= 1
            output += "\ufffd"
            continue
        lower_boundary, upper_boundary = 0x80, 0xBF
        code_point = (code_point << 6) | (byte & 0x3F)
        bytes_seen += 1
        if bytes_seen == bytes_needed:
            output += chr(code_point)
            code_point = bytes_seen = bytes_needed = 0
    # At last: "If byte is end-of-queue and UTF-8 bytes needed is not 0, set UTF-8 bytes needed to 0 and return error."
    return output + "\ufffd" if bytes_needed else output
