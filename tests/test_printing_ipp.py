"""IPP: the bytes, the errors told apart, and what printers say in our words."""

from __future__ import annotations

import contextlib
import http.server
import socket
import struct
import threading
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanjo_tui.printing import ipp, network
from sanjo_tui.printing.faults import AnswerLost, NotSent, Refused
from sanjo_tui.printing.ipp import Garbled, Operation, Tag, decode, encode, one
from sanjo_tui.printing.jobs import JobState, PrintJob
from sanjo_tui.printing.network import NetworkPrinter
from sanjo_tui.printing.printers import Step
from tests.printer import FaultyPrinter, parse

JOB = PrintJob(number="RANAN1-P0001", form="roster", state=JobState.SENDING)
PDF = b"%PDF-1.4 test"


def printer_of(uri: str) -> NetworkPrinter:
    return NetworkPrinter(uri, connect=2, ask=2, send=2)


def followed(printer: NetworkPrinter, ref: str) -> Step:
    return printer.progress(PrintJob(number=JOB.number, form=JOB.form, printer=printer.address, ref=ref)).step


# --- bytes


def test_a_request_is_the_example_of_the_standard() -> None:
    """RFC 8010 appendix A.1, a Print-Job request, shortened to the kinds of attributes that we send."""
    raw = encode(2, 1, [
        (Tag.OPERATION, [one(Tag.CHARSET, "attributes-charset", "utf-8"),
                         one(Tag.LANGUAGE, "attributes-natural-language", "en-us"),
                         one(Tag.URI, "printer-uri", "ipp://printer.example.com/ipp/print/pinetree")]),
        (Tag.JOB, [one(Tag.INTEGER, "copies", 20), one(Tag.KEYWORD, "sides", "two-sided-long-edge")])], (1, 1))
    assert raw == (
        b"\x01\x01\x00\x02\x00\x00\x00\x01\x01"
        b"\x47\x00\x12attributes-charset\x00\x05utf-8"
        b"\x48\x00\x1battributes-natural-language\x00\x05en-us"
        b"\x45\x00\x0bprinter-uri\x00\x2cipp://printer.example.com/ipp/print/pinetree"
        b"\x02\x21\x00\x06copies\x00\x04\x00\x00\x00\x14"
        b"\x44\x00\x05sides\x00\x13two-sided-long-edge\x03")


def test_further_values_carry_no_name() -> None:
    raw = encode(11, 1, [(Tag.OPERATION, [one(Tag.KEYWORD, "requested-attributes", "a", "b")])])
    assert raw[9:] == b"\x44\x00\x14requested-attributes\x00\x01a\x44\x00\x00\x00\x01b\x03"


VALUES = st.one_of(
    st.tuples(st.sampled_from([Tag.INTEGER, Tag.ENUM]), st.integers(-2**31, 2**31 - 1)),
    st.tuples(st.just(Tag.BOOLEAN), st.booleans()),
    st.tuples(st.sampled_from([Tag.TEXT, Tag.NAME, Tag.KEYWORD, Tag.URI]), st.text(max_size=40)))
NAMES = st.text("abcdefghijklmnopqrstuvwxyz-", min_size=1, max_size=20)


@given(status=st.integers(0, 0x7FFF), given_=st.dictionaries(NAMES, VALUES, max_size=6))
def test_what_is_written_is_read_back(status: int, given_: dict[str, tuple[Tag, int | str]]) -> None:
    raw = encode(status, 7, [(Tag.JOB, [one(tag, name, value) for name, (tag, value) in given_.items()])])
    answer = decode(raw)
    assert answer.status == status
    assert answer.groups == ((Tag.JOB, {name: (value,) for name, (_, value) in given_.items()}),)


@given(st.binary(max_size=200))
def test_any_bytes_are_an_answer_or_garbled(raw: bytes) -> None:
    with contextlib.suppress(Garbled):
        decode(raw)


@given(st.data())
def test_a_cut_answer_is_garbled(data: st.DataObject) -> None:
    raw = encode(0, 1, [(Tag.PRINTER, [one(Tag.ENUM, "printer-state", 3), one(Tag.NAME, "printer-name", "受付")])])
    cut = data.draw(st.integers(0, len(raw) - 1))
    with pytest.raises(Garbled):
        decode(raw[:cut])


def test_words_with_a_language_are_read() -> None:
    value = struct.pack(">H", 2) + b"ja" + struct.pack(">H", 6) + "受付".encode()
    raw = (b"\x02\x00\x00\x00\x00\x00\x00\x01\x04" + b"\x36\x00\x0cprinter-name" + struct.pack(">H", len(value))
           + value + b"\x03")
    assert decode(raw).words(Tag.PRINTER, "printer-name") == ("受付",)


# --- a document and its fate


def test_what_the_printer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with FaultyPrinter() as printer:
        seen: list[bytes] = []
        exchange = encode

        def spy(*args: object, **options: object) -> bytes:
            seen.append(exchange(*args, **options))  # type: ignore[arg-type]
            return seen[-1]

        monkeypatch.setattr(ipp, "encode", spy)
        job = PrintJob(number="RANAN1-P0001", form="避難者 roster", copies=2, reissue=3)
        assert printer_of(printer.uri).send(PDF, job).ref == "1"
        told, _ = parse(seen[0][8:])
        assert told["job-name"] == b"RANAN1-P0001-----roster-R3"
        assert told["document-format"] == b"application/pdf" and told["copies"] == b"\0\0\0\2"
        assert told["sides"] == b"one-sided" and told["media"] == b"iso_a4_210x297mm"
        assert printer.paper == [("RANAN1-P0001-----roster-R3", PDF)]


def test_a_document_is_followed_to_its_end() -> None:
    with FaultyPrinter("media-empty") as fake:
        printer = printer_of(fake.uri)
        ref = printer.send(PDF, JOB).ref
        assert followed(printer, ref) is Step.PRINTING
        fake.fault = ""
        assert followed(printer, ref) is Step.DONE
        assert followed(printer, "99") is Step.UNKNOWN


@pytest.mark.parametrize(("what", "error", "code"), [
    ("busy", NotSent, "busy"), ("not-accepting", NotSent, "not-accepting"), ("auth", NotSent, "not-allowed"),
    ("refuse", Refused, "refused"), ("swallow", AnswerLost, "answer-lost"), ("drop-after", AnswerLost, "answer-lost"),
    ("garbage", AnswerLost, "answer-lost")])
def test_errors_are_told_apart(what: str, error: type[NotSent | Refused | AnswerLost], code: str) -> None:
    with FaultyPrinter(what) as fake, pytest.raises(error) as caught:
        printer_of(fake.uri).send(PDF, JOB)
    assert caught.value.fault.code == code and caught.value.message and caught.value.hint


def test_a_connection_that_breaks_inside_the_document_has_not_sent_it() -> None:
    with FaultyPrinter("drop") as fake, pytest.raises(NotSent) as caught:
        printer_of(fake.uri).send(PDF.ljust(12_000_000), JOB)
    assert caught.value.fault.code == "reset"


def test_nobody_there() -> None:
    with FaultyPrinter() as fake:
        printer = printer_of(fake.uri)
    with pytest.raises(NotSent) as caught:
        printer.send(PDF, JOB)
    assert caught.value.fault.code == "unreachable"
    state = printer.state()
    assert not state.ready and state.sentence == "プリンターにつながりません。" and state.cure
    with pytest.raises(NotSent):
        followed(printer, "1")


@pytest.mark.parametrize("host", ["printer.invalid", "x" * 70 + ".invalid", "a..b"])
def test_a_host_that_nobody_knows(host: str) -> None:
    assert printer_of(f"ipp://{host}/ipp/print").state().fault == network.fault("unreachable")


def test_copies_that_the_printer_ignores_are_told() -> None:
    with FaultyPrinter() as fake:
        fake.copies_known = False
        sent = printer_of(fake.uri).send(PDF, PrintJob(number=JOB.number, form="tag", copies=3))
        assert sent.ref == "1" and "1部" in sent.notes[0]


def test_a_printer_of_the_old_protocol_is_asked_in_its_own() -> None:
    with FaultyPrinter() as fake:
        fake.oldest_only = True
        printer = printer_of(fake.uri)
        assert printer.state().ready
        assert printer.send(PDF, JOB).ref == "1"


# --- what a printer says of itself


@pytest.mark.parametrize(("what", "ready", "code"), [
    ("", True, ""), ("media-empty", True, "media-empty"), ("stopped", False, "stopped"),
    ("not-accepting", False, "not-accepting")])
def test_the_state_of_a_printer(what: str, ready: bool, code: str) -> None:
    with FaultyPrinter(what) as fake:
        state = printer_of(fake.uri).state()
    assert (state.ready, state.fault.code if state.fault else "") == (ready, code)
    assert state.name == "127.0.0.1/ipp/print"


def test_a_printer_that_takes_no_pdf() -> None:
    with FaultyPrinter(formats=("image/pwg-raster", "image/urf")) as fake:
        state = printer_of(fake.uri).state()
    assert not state.ready and state.fault and state.fault.code == "not-pdf"


@pytest.mark.parametrize(("said", "code"), [
    (("none",), ""), (("media-empty-error",), "media-empty"), (("media-empty-warning",), "media-empty"),
    (("media-empty-report",), "media-empty"), (("media-empty",), "media-empty"), (("media-low-warning",), ""),
    (("toner-low-report", "cover-open"), "cover-open"), (("paused", "media-jam-error"), "media-jam"),
    (("offline-report",), "unreachable"), (("fuser-over-temp-error",), "fuser-over-temp-error"), ((), "")])
def test_reasons_are_compared_by_prefix(said: tuple[str, ...], code: str) -> None:
    assert network._reason(said) == code


class _Plain(http.server.BaseHTTPRequestHandler):
    status, body = 200, b""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@contextlib.contextmanager
def web_server(status: int, body: bytes = b"<html>") -> Iterator[str]:
    server = http.server.HTTPServer(("127.0.0.1", 0), type("H", (_Plain,), {"status": status, "body": body}))
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"ipp://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(("status", "code"), [
    (200, "not-ipp"), (404, "no-such-printer"), (403, "not-allowed"), (426, "certificate"), (405, "not-ipp"),
    (503, "busy"), (500, "not-ipp")])
def test_what_answers_is_no_printer(status: int, code: str) -> None:
    with web_server(status) as uri:
        state = printer_of(uri).state()
    assert not state.ready and state.fault and state.fault.code == code


@pytest.mark.parametrize(("status", "error"), [(404, NotSent), (503, NotSent), (500, AnswerLost), (502, AnswerLost)])
def test_a_gateway_that_fails_may_have_passed_the_document_on(status: int, error: type[Exception]) -> None:
    with web_server(status) as uri, pytest.raises(error):
        printer_of(uri).send(PDF, JOB)


def test_ipps_trusts_no_certificate_that_nobody_signed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as plain:
        threading.Thread(target=lambda: plain.accept()[0].sendall(b"HTTP/1.1 400 no TLS here\r\n\r\n"),
                         daemon=True).start()
        with pytest.raises(NotSent) as caught:
            ipp.exchange(f"ipps://127.0.0.1:{plain.getsockname()[1]}/", Operation.GET_PRINTER_ATTRIBUTES)
    assert caught.value.fault.code == "certificate"
