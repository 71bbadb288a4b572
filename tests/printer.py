"""A printer for tests: IPP on the loopback, standard library only, with every fault a queue must survive.

    with FaultyPrinter() as printer:        # printer.uri
        printer.fault = "media-empty"       # "" heals it
        printer.script.extend(["busy", ""]) # or one fault for each document that comes, before `fault` counts

`printer.paper` is what lies in the tray: (title, document), in order. It has its own reading and writing of IPP, so
that a mistake on our side is not answered by the same mistake here.
"""

from __future__ import annotations

import http.server
import socket
import struct
import threading
from collections import deque

FAULTS = {
    "media-empty": "takes documents, prints them when paper is back; state processing, media-empty-warning",
    "stopped": "state stopped, paused; takes documents all the same and prints them when healed",
    "not-accepting": "says so, and turns documents away with 0x0506",
    "busy": "turns documents away with 0x0507",
    "drop": "closes before it has read the document: nothing is printed",
    "swallow": "reads the document, prints nothing, closes without an answer",
    "drop-after": "reads the document, prints it, closes without an answer",
    "garbage": "reads the document, prints it, answers with nonsense",
    "slow": "reads the document, prints it, answers only after it is healed",
    "refuse": "turns this document away for good with 0x040a",
    "abort": "takes the document and gives it up",
    "forget": "takes the document, prints it, knows nothing of it afterwards",
    "unsure": "takes the document, says job-completed-with-errors",
    "auth": "turns documents away with HTTP 401",
}
PENDING, PROCESSING, ABORTED, COMPLETED = 3, 5, 8, 9


class FaultyPrinter:
    def __init__(self, fault: str = "", *, port: int = 0, formats: tuple[str, ...] = ("application/pdf",)) -> None:
        self.fault, self.formats = fault, formats
        self.script: deque[str] = deque()
        self.paper: list[tuple[str, bytes]] = []
        self.jobs: dict[int, dict] = {}
        self.requests: list[int] = []
        self.copies_known = True
        self.oldest_only = False        # knows IPP 1.1 only
        self.lock = threading.RLock()
        self.server = _Server(("127.0.0.1", port), type("Handler", (_Handler,), {"printer": self}))
        self.port = self.server.server_address[1]
        self.uri = f"ipp://127.0.0.1:{self.port}/ipp/print"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def __enter__(self) -> FaultyPrinter:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def titles(self) -> list[str]:
        with self.lock:
            return [title for title, _ in self.paper]

    def take_fault(self) -> str:
        with self.lock:
            return self.script.popleft() if self.script else self.fault

    def print_job(self, fault: str, title: str, copies: int, document: bytes) -> tuple[int, bytes]:
        early = {"busy": 0x0507, "not-accepting": 0x0506, "refuse": 0x040A}
        if fault in early:
            return early[fault], b""
        with self.lock:
            number = len(self.jobs) + 1
            job = {"title": title, "document": document, "state": PROCESSING, "fault": fault}
            self.jobs[number] = job
            if fault == "abort":
                job["state"] = ABORTED
            elif fault not in ("media-empty", "stopped"):
                self.finish(job)
        out = b"\x02" + integer("job-id", number) + enum("job-state", job["state"])
        if copies > 1 and not self.copies_known:
            return 0x0001, b"\x05" + attribute(0x10, "copies", b"") + out
        return 0, out

    def finish(self, job: dict) -> None:
        job["state"] = COMPLETED
        self.paper.append((job["title"], job["document"]))

    def job_attributes(self, number: int) -> tuple[int, bytes]:
        with self.lock:
            job = self.jobs.get(number)
            if job is None or job["fault"] == "forget":
                return 0x0406, b""
            if job["state"] == PROCESSING and self.fault not in ("media-empty", "stopped"):
                self.finish(job)
            reason = {COMPLETED: "job-completed-successfully", ABORTED: "aborted-by-system"}.get(job["state"], "none")
            if job["fault"] == "unsure":
                reason = "job-completed-with-errors"
            return 0, (b"\x02" + enum("job-state", job["state"]) + keyword("job-state-reasons", reason)
                       + attribute(0x42, "job-name", job["title"].encode()))

    def printer_attributes(self) -> tuple[int, bytes]:
        fault = self.fault
        working = fault in ("media-empty", "busy") or any(j["state"] == PROCESSING for j in self.jobs.values())
        state = 5 if fault == "stopped" else 4 if working else 3
        reason = {"media-empty": "media-empty-warning", "stopped": "paused"}.get(fault, "none")
        formats = b"".join(attribute(0x49, "document-format-supported" if not i else "", f.encode())
                           for i, f in enumerate(self.formats))
        return 0, (b"\x04" + enum("printer-state", state) + keyword("printer-state-reasons", reason) + formats
                   + attribute(0x22, "printer-is-accepting-jobs", b"\0" if fault == "not-accepting" else b"\1"))


def attribute(tag: int, name: str, value: bytes) -> bytes:
    return bytes([tag]) + len(name).to_bytes(2, "big") + name.encode() + len(value).to_bytes(2, "big") + value


def integer(name: str, value: int) -> bytes:
    return attribute(0x21, name, value.to_bytes(4, "big"))


def enum(name: str, value: int) -> bytes:
    return attribute(0x23, name, value.to_bytes(4, "big"))


def keyword(name: str, value: str) -> bytes:
    return attribute(0x44, name, value.encode())


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is no news in a test."""


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    printer: FaultyPrinter

    def log_message(self, *_: object) -> None:
        """Quiet."""

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        head = self.rfile.read(8)
        version, operation, request_id = struct.unpack(">HHI", head)
        self.printer.requests.append(operation)
        fault = self.printer.take_fault() if operation == 2 else ""
        if fault == "drop":
            return self.reset()
        body = self.rfile.read(length - 8)
        given, document = parse(body)
        if self.printer.oldest_only and version != 0x0101:
            return self.answer(request_id, 0x0503, b"")
        if operation == 2:
            return self.document(fault, request_id, given, document)
        if operation == 9:
            return self.answer(request_id, *self.printer.job_attributes(int.from_bytes(given["job-id"], "big")))
        if operation == 11:
            return self.answer(request_id, *self.printer.printer_attributes())
        return self.answer(request_id, 0x0501, b"")

    def document(self, fault: str, request_id: int, given: dict[str, bytes], document: bytes) -> None:
        if fault == "swallow":
            return self.reset()
        if fault == "auth":
            self.send_response(401)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return None
        copies = int.from_bytes(given.get("copies", b"\1"), "big")
        status, groups = self.printer.print_job(fault, given["job-name"].decode(), copies, document)
        if fault == "drop-after":
            return self.reset()
        if fault == "slow":
            while self.printer.fault == "slow" and self.printer.thread.is_alive():
                threading.Event().wait(0.01)
        if fault == "garbage":
            groups = b"\x21\xff\xff not IPP at all"
        return self.answer(request_id, status, groups)

    def reset(self) -> None:
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def answer(self, request_id: int, status: int, groups: bytes) -> None:
        out = (b"\x01\x01" + struct.pack(">HI", status, request_id) + b"\x01"
               + attribute(0x47, "attributes-charset", b"utf-8") + attribute(0x48, "attributes-natural-language", b"ja")
               + groups + b"\x03")
        self.send_response(200)
        self.send_header("Content-Type", "application/ipp")
        self.send_header("Content-Length", str(len(out)))
        self.end_headers()
        self.wfile.write(out)


def parse(body: bytes) -> tuple[dict[str, bytes], bytes]:
    """Attributes by name (the first value), and the document behind them."""
    given: dict[str, bytes] = {}
    at = 0
    while body[at] != 3:
        tag, at = body[at], at + 1
        if tag < 0x10:
            continue
        parts = []
        for _ in range(2):
            end = at + 2 + int.from_bytes(body[at:at + 2], "big")
            parts.append(body[at + 2:end])
            at = end
        if parts[0]:
            given[parts[0].decode()] = parts[1]
    return given, body[at + 1:]
