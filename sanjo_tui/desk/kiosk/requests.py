"""依頼ファイル for the issuing system: one JSON file an issue, written whole and durably, with its sha256 beside it.

It holds what the issuing system needs to find and print the certificate: numbers, kind, contents; no name, no address.
Nobody protected stands in one: their sheet is handed to the issuing counter by a person.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from sanjo_tui.errors import PrintError
from sanjo_tui.receptions.kiosk.events import Issued
from sanjo_tui.vault import durable

NOT_INSIDE = ("依頼ファイルの置き場所が拠点の中にあります。", "kiosk.toml の out_folder を、拠点の外にしてください。")


def write(home: Path, folder: str, lg_code: str, station: str, issued: Issued, at: str) -> tuple[str, str]:
    """File name and sha256. `at`: ISO 8601 with offset. Raises PrintError: the issue stands, the request is due."""
    place = Path(folder)
    if place.resolve().is_relative_to(home.resolve()):
        raise PrintError(*NOT_INSIDE)
    request = {
        "lg_code": lg_code, "station_id": station, "issue_no": issued.issue_no, "reception_id": issued.reception_no,
        "requested_at": at, "certificate_kind": issued.certificate.value, "channel": issued.channel.value,
        "requester": issued.person, "subjects": list(issued.subjects),
        "include": [one.value for one in issued.includes], "fiscal_year": issued.fiscal_year or None,
        "copies": issued.copies}
    data = (json.dumps(request, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
    digest = hashlib.sha256(data).hexdigest()
    name = f"{lg_code}-{issued.issue_no}.json"
    try:
        durable.replace_file(place / name, data)
        durable.replace_file(place / f"{name}.sha256", f"{digest}  {name}\n".encode())
    except OSError as error:
        raise PrintError("依頼ファイルを書けません。発行の記録は残っています。",
                         "置き場所を確かめ、F8 の「依頼を出し直す」を行ってください。",
                         detail=type(error).__name__) from error
    return name, digest
