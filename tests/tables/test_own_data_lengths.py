"""Lengths of time in other languages and as spreadsheets hand them over, and lengths that cannot be right."""

import datetime as dt
from decimal import Decimal

import pandas as pd
import pytest
from openpyxl import Workbook

from adapted import message, row, told
from liveshop.tables import adapt, validate
from liveshop.tables.adapt import lengths
from sample_exports import streams


@pytest.mark.parametrize("text", [
    "4ชั่วโมง9นาที28วินาที", "4 giờ 9 phút 28 giây", "4 jam 9 menit 28 detik", "4시간 9분 28초", "4時間9分28秒",
    "4 horas 9 minutos 28 segundos", "4 Std. 9 Min. 28 Sek.", "4 Stunden, 9 Minuten und 28 Sekunden",
    "4 heures 9 minutes et 28 secondes", "4 ч 9 мин 28 с", "4 hours, 9 minutes and 28 seconds", "PT4H9M28S",
    "0 days 04:09:28", "04:09:28"])  # fmt: skip
def test_lengths_in_other_languages(text):
    assert lengths.seconds(text) == 14_968


def test_lengths_of_more_than_a_day():
    for value in ("27:20:00", "1 day, 3:20:00", "1 days 03:20:00", "P1DT3H20M", dt.timedelta(hours=27, minutes=20),
                  dt.datetime(1900, 1, 1, 3, 20), dt.datetime(1904, 1, 2, 3, 20)):
        assert lengths.seconds(value) == 98_400, value
    assert lengths.seconds("1,5 h") == lengths.seconds("1.5 h") == 5400
    assert lengths.seconds(dt.datetime(1900, 3, 1)) == 61 * 86_400
    assert lengths.seconds("1.138888889", "days").quantize(Decimal(1)) == 98_400
    assert "or translate its words under values:" in message(row(stream_seconds="4 moons"), "streams")


@pytest.mark.parametrize("form", ["h:mm:ss", "[h]:mm:ss", "General"])
def test_what_a_spreadsheet_shows_as_27_hours(tmp_path, form):
    book = Workbook()
    book.active.append(["stream_id", "started", "stream_seconds"])
    for number, hours in enumerate((27 + 20 / 60, 2.5, 1500)):
        book.active.append([f"A{number}", "2026-03-01 20:00", hours / 24])
        book.active.cell(number + 2, 3).number_format = form
    book.save(tmp_path / "live.xlsx")
    columns = {"stream_seconds": {"from": "stream_seconds", "unit": "days"}}
    frame = adapt(tmp_path / "live.xlsx", {"table": "streams", "columns": columns})
    assert list(frame.stream_seconds) == [98_400, 9000, 5_400_000]


def test_a_length_before_three_digits_is_asked_about():
    assert "it may separate thousands or decimals" in message(row(stream_seconds="5.400"), "streams")
    told_so = {"table": "streams", "columns": {"stream_seconds": {"from": "stream_seconds", "decimal": ","}}}
    assert list(adapt(row(stream_seconds="5.400"), told_so).stream_seconds) == [5400]


def suspected(**changes):
    return [str(p) for p in validate(streams().drop(columns="ended").assign(**changes), "streams")
            if p.kind == "unit" and "lengths look like" in p.what]


def test_lengths_that_cannot_be_those_of_a_broadcast_are_warned_of():
    assert suspected() == []
    assert "the lengths look like minutes" in suspected(stream_seconds=120)[0]
    assert "the lengths look like hours" in suspected(stream_seconds=2)[0]
    assert "the lengths look like milliseconds" in suspected(stream_seconds=7_200_000)[0]
    assert "write unit: days into the mapping" in suspected(watch_seconds=12.5)[0]
    assert "the lengths look like milliseconds" in suspected(watch_seconds=2_500_000_000.0)[0]
    assert "a spreadsheet shows 12.5 days as 300:00:00" in told(
        adapt(pd.concat([row(watch_seconds="12.5"), row(stream_id="B", watch_seconds="9.25")]), "streams"))
