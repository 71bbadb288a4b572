"""What a demo has loaded before the first card: a fictitious disaster of yesterday, houses, and surveys of some."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from sanjo_tui.receptions.certificate import setup
from sanjo_tui.register import shelf
from sanjo_tui.register.houses import snapshot
from sanjo_tui.station import fixtures

if TYPE_CHECKING:
    from sanjo_tui.desk.certificate.desk import CertificateDesk

DAY = dt.date(2026, 11, 20)
"""The day of the disaster in the samples."""


def begin(desk: CertificateDesk) -> None:
    """Load what is missing and open the disaster; costs nothing where it is ready."""
    now = desk.opening()
    if desk.desk.who.role is not None or (now is not None and now.is_open):
        return
    if desk.desk.register is None:
        return
    sample, home, today = fixtures() / "certificate", desk.desk.station.home, desk.today()
    day = max(desk.desk.register.info.as_of, today - dt.timedelta(days=1)) if today > DAY else today
    if desk.disaster is None:
        desk.load_setup(setup.moved_to((sample / "disaster.toml").read_bytes(), day))
    if shelf.live_id(home / "houses", snapshot.HOUSES) is None:
        desk.load_data(sample / "houses")
    desk.open_disaster()
    if shelf.live_id(home / "surveys", snapshot.SURVEYS) is None:
        with tempfile.TemporaryDirectory(prefix="sanjo-") as place:
            desk.load_data(moved_surveys(sample / "surveys", Path(place), desk.known().code, day))


def moved_surveys(sample: Path, out: Path, code: str, day: dt.date) -> Path:
    """The sample's surveys as if the disaster had been on that day."""
    rows = list(csv.DictReader(io.StringIO((sample / "surveys.csv").read_text(encoding="utf-8"))))
    for row in rows:
        row["disaster"] = code
        for name in ("date", "decided_on"):
            if row[name]:
                row[name] = (dt.date.fromisoformat(row[name]) - DAY + day).isoformat()
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)
    data = text.getvalue().encode()
    (out / "surveys.csv").write_bytes(data)
    manifest = (sample / "manifest.toml").read_text(encoding="utf-8")
    manifest = re.sub('sha256 = "[0-9a-f]+"', f'sha256 = "{hashlib.sha256(data).hexdigest()}"', manifest)
    (out / "manifest.toml").write_text(manifest, encoding="utf-8")
    return out
