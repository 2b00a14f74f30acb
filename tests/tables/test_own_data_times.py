"""Times as exports write them: days and hours, halves of a day, other calendars, zones and changes of the clock."""

import datetime as dt

import pandas as pd
import pytest
from openpyxl import Workbook

from adapted import message, row, told
from liveshop.tables import adapt, adapt_all
from liveshop.tables.adapt import times
from liveshop.tables.adapt.values import UnreadableError

EVENING = dt.datetime(2025, 6, 18, 20, 5)


@pytest.mark.parametrize(
    "text",
    [
        "2025-06-18 20:05",
        "2025/6/18 20:05:00",
        "2025年6月18日 20时05分",
        "20250618200500",
        "2025-06-18T20:05",
        "2025.06.18 20:05",
        EVENING,
        20250618200500,
        "2025/6/18 下午 8:05:00",
        "2025/6/18 下午8:05",
        "2025-06-18 8:05 PM",
        "2025-06-18 08:05:00 p.m.",
        "2025년 6월 18일 오후 8:05",
        "2025. 6. 18. 오후 8:05",
        "2025/6/18 晚上8:05",
        "2568-06-18 20:05",
        dt.datetime(2568, 6, 18, 20, 5),
    ],
)
def test_times(text):
    assert times.moment(text) == EVENING


@pytest.mark.parametrize("text", ["2025-06-18T12:05:00Z", "2025-06-18 21:05:00+09:00", "2025-06-18 08:05:00 -0400",
                                  "2025-06-18 20:05 GMT+8", "2025-06-18 12:05 UTC", "2025-06-18 20:05+08"])
def test_times_that_state_their_zone(text):
    assert times.moment(text) == dt.datetime(2025, 6, 18, 12, 5, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "text, hour",
    [
        ("上午 12:05", 0),
        ("上午 8:05", 8),
        ("凌晨 12:05", 0),
        ("中午 12:05", 12),
        ("中午 11:05", 11),
        ("中午 1:05", 13),
        ("下午 12:05", 12),
        ("下午 20:05", 20),
        ("12:05 AM", 0),
        ("12:05 PM", 12),
    ],
)
def test_halves_of_a_day(text, hour):
    assert times.moment(f"2025-06-18 {text}") == dt.datetime(2025, 6, 18, hour, 5)


def test_times_that_need_a_word():
    assert times.moment(45826.5, unit="excel") == dt.datetime(2025, 6, 18, 12)
    assert times.moment(45826, unit="excel") == dt.date(2025, 6, 18)
    assert times.moment("1750248300", unit="epoch") == dt.datetime(2025, 6, 18, 12, 5, tzinfo=dt.UTC)
    assert times.moment("1750248300000", unit="epoch_ms") == dt.datetime(2025, 6, 18, 12, 5, tzinfo=dt.UTC)
    assert times.moment("18.06.2025 20:05", ["%d.%m.%Y %H:%M"]) == EVENING
    assert times.moment("18/06/2568 20:05", ["%d/%m/%Y %H:%M"]) == EVENING
    assert times.moment("29/02/2567", ["%d/%m/%Y"]) == dt.date(2024, 2, 29)
    for form in ("%Y/%m/%d %p %I:%M", "%Y/%m/%d 下午 %I:%M"):
        assert times.moment("2025/6/18 下午 8:05", [form]) == EVENING
        assert times.moment("2025/6/18 上午 8:05", [form]).hour == 8
    for text in (
        "4/5/2025",
        "2025-02-30",
        "soon",
        45826.5,
        "2025-06-18 25:00",
        "2025-06-18 AM 13:05",
        "2025-06-18 晚上 12:05",
    ):
        with pytest.raises(UnreadableError):
            times.moment(text)


@pytest.mark.parametrize(
    "text",
    [
        "20:05",
        "20:05:00",
        "8:05 PM",
        "下午8:05",
        "20时05分",
        0.836805556,
        dt.time(20, 5),
        dt.timedelta(hours=20, minutes=5),
        dt.datetime(1899, 12, 30, 20, 5),
    ],
)
def test_times_of_day(text):
    assert times.clock(text) == dt.timedelta(hours=20, minutes=5)


@pytest.mark.parametrize("text", ["24:05", "8", 1.5, True, "soon", "20:61"])
def test_what_is_no_time_of_day(text):
    with pytest.raises(UnreadableError):
        times.clock(text)


# Zones ----------------------------------------------------------------------------------------------------------------


def started(*cells, **mapping):
    frame = adapt(
        pd.concat([row(stream_id=f"A{i}", started=c) for i, c in enumerate(cells)]), {"table": "streams", **mapping}
    )
    return [str(t) for t in frame.started], told(frame)


def test_zones_are_converted():
    (found,), said = started("2025-06-01 12:00", timezone="UTC")
    assert found == "2025-06-01 20:00:00" and "by the clock of UTC were converted to Asia/Shanghai" in said


def test_a_day_has_no_zone():
    spend = pd.DataFrame(
        {"day": ["2026-03-01", "2026-03-02"], "channel_id": "marketplace", "kind": "traffic", "amount": 1}
    )
    for days in (spend.day, pd.to_datetime(spend.day), spend.day + " 00:00:00"):
        for zone in ("Asia/Tokyo", "America/New_York"):
            frame = adapt(spend.assign(day=days), {"table": "spend", "timezone": zone})
            assert list(frame.day.astype(str)) == ["2026-03-01", "2026-03-02"]
    assert started("2026-03-01", "2026-03-02", timezone="Asia/Tokyo")[0] == [
        "2026-03-01 00:00:00",
        "2026-03-02 00:00:00",
    ]
    assert started("2026-03-01", "2026-03-02 12:00", timezone="Asia/Tokyo")[0] == [
        "2026-03-01 00:00:00",
        "2026-03-02 11:00:00",
    ]


def test_all_ways_to_write_a_time_obey_the_zones_alike():
    excel = {"columns": {"started": {"from": "started", "unit": "excel"}}}
    epoch = {"columns": {"started": {"from": "started", "unit": "epoch"}}}
    zones = {"timezone": "America/New_York", "shop_timezone": "Asia/Tokyo"}
    wanted = ["2025-06-19 01:00:00"]
    assert started("2025-06-18 12:00", **zones)[0] == started(dt.datetime(2025, 6, 18, 12), **zones)[0] == wanted
    assert started(45826.5, **zones, **excel)[0] == wanted
    assert started("1750262400", **zones, **epoch)[0] == started("2025-06-18T16:00Z", **zones)[0] == wanted
    assert started(45826, **zones, **excel)[0] == ["2025-06-18 00:00:00"]


def test_the_hours_can_be_those_of_the_shop():
    found, said = started("2026-03-01 20:00:00 -0500", "2026-03-03T21:00-05:00", shop_timezone="America/New_York")
    assert found == ["2026-03-01 20:00:00", "2026-03-03 21:00:00"]
    assert "Started: the hours are those of America/New_York." in said
    found, said = started("2026-03-02T01:00Z", "2026-03-01 20:00", shop_timezone="America/New_York")
    assert found == ["2026-03-01 20:00:00"] * 2 and "times with a zone were converted to America/New_York" in said
    assert "there is no time zone “Mars”" in message(row(), {"table": "streams", "shop_timezone": "Mars"})
    with pytest.raises(ValueError, match="several shop_timezone"):
        adapt_all(row(), {"tables": [{"table": "streams", "shop_timezone": "UTC"}, {"table": "orders"}]})


NEW_YORK = {"timezone": "America/New_York", "shop_timezone": "UTC"}
AUTUMN = [
    "2025-11-01 23:00",
    "2025-11-02 00:30",
    "2025-11-02 01:10",
    "2025-11-02 01:50",
    "2025-11-02 01:20",
    "2025-11-02 01:40",
    "2025-11-02 02:10",
    "2025-11-03 09:00",
]
IN_UTC = [
    "2025-11-02 03:00:00",
    "2025-11-02 04:30:00",
    "2025-11-02 05:10:00",
    "2025-11-02 05:50:00",
    "2025-11-02 06:20:00",
    "2025-11-02 06:40:00",
    "2025-11-02 07:10:00",
    "2025-11-03 14:00:00",
]


def test_the_order_of_the_lines_settles_a_repeated_hour():
    found, said = started(*AUTUMN, **NEW_YORK)
    assert (
        found == IN_UTC and "4 in an hour that the clock of America/New_York repeats were settled by the order" in said
    )
    assert started(*AUTUMN[::-1], **NEW_YORK)[0] == IN_UTC[::-1]


def test_where_the_order_does_not_tell_the_first_of_two_hours_is_taken_and_counted():
    found, said = started("2025-11-02 00:30", "2025-11-02 01:40", "2025-11-02 02:10", **NEW_YORK)
    assert (
        found[1] == "2025-11-02 05:40:00"
        and "1 in an hour that the clock of America/New_York repeats were taken" in said
    )
    assert "2 in an hour" in started(*[AUTUMN[i] for i in (6, 3, 0, 4, 7, 1)], **NEW_YORK)[1]


def test_an_hour_that_the_clock_leaves_out_is_moved_on_and_counted():
    found, said = started("2025-03-09 02:30", "2025-03-09 04:00", **NEW_YORK)
    assert found[0] == "2025-03-09 07:30:00" and "1 in the hour that the clock of America/New_York leaves out" in said


# Day and clock in two columns -----------------------------------------------------------------------------------------


def test_day_and_clock_in_two_columns():
    mapping = {"columns": {"started": {"from": "day", "clock": "hour"}}}
    for day, hour in (
        ("2025-06-18", "20:05"),
        (dt.datetime(2025, 6, 18), dt.time(20, 5)),
        ("2025/6/18", "下午 8:05"),
        (dt.date(2025, 6, 18), 0.836805556),
    ):
        frame = adapt(row(day=day, hour=hour).drop(columns="started"), {"table": "streams", **mapping})
        assert frame.started[0] == EVENING and frame.attrs["report"].ignored == []
    shaped = {"columns": {"started": {"from": "day", "clock": "hour", "format": "%d/%m/%Y"}}, "timezone": "Asia/Tokyo"}
    frame = adapt(row(day="18/06/2025", hour="21:05").drop(columns="started"), {"table": "streams", **shaped})
    assert frame.started[0] == EVENING


def test_a_day_without_a_clock_is_told_and_a_time_with_one_is_refused():
    mapping = {"table": "streams", "columns": {"started": {"from": "day", "clock": "hour"}}}
    frame = adapt(row(day="2025-06-18", hour=None).drop(columns="started"), mapping)
    assert str(
        frame.started[0]
    ) == "2025-06-18 00:00:00" and "days without a time of day were taken as they are" in told(frame)
    assert "has a time of day already; leave clock: out" in message(row(day="2025-06-18 20:00", hour="20:05"), mapping)
    assert "has no column “hour” for its clock" in message(row(day="2025-06-18"), mapping)
    assert "a cell of the form “aa” is not a time of day" in message(row(day="2025-06-18", hour="late"), mapping)
    both = pd.concat([row(day="2025-06-18", hour="late"), row(stream_id="B", day="2025-06-18", hour="20:05")])
    assert list(adapt(both, {**mapping, "bad_rows": "set_aside"}).stream_id) == ["B"]
    assert "clock: is for times" in message(
        row(hour="20:05"),
        {"table": "streams", "columns": {"stream_seconds": {"from": "stream_seconds", "clock": "hour"}}},
    )


# What cannot be known -------------------------------------------------------------------------------------------------


def test_twelve_hours_need_the_half_of_the_day():
    mapping = {"table": "streams", "columns": {"started": {"from": "started", "format": "%Y/%m/%d %I:%M"}}}
    assert "%I counts to twelve" in message(row(started="2025/6/18 8:05"), mapping)


def test_dates_that_a_spreadsheet_has_turned_round_are_warned_of(tmp_path):
    book = Workbook()
    book.active.append(["stream_id", "started", "stream_seconds"])
    for number, cell in enumerate([dt.datetime(2026, 4, 3), "25/04/2026", dt.datetime(2026, 12, 4), "13/04/2026"]):
        book.active.append([f"A{number}", cell, 60])
    book.save(tmp_path / "dates.xlsx")
    shaped = {"table": "streams", "columns": {"started": {"from": "started", "format": "%d/%m/%Y"}}}
    assert "a spreadsheet has turned day and month round" in told(adapt(tmp_path / "dates.xlsx", shaped))
    assert "a spreadsheet has turned day and month round" in message(tmp_path / "dates.xlsx", "streams")
    sound = pd.concat([row(stream_id="A", started=dt.datetime(2026, 4, 13)), row(stream_id="B", started="25/04/2026")])
    assert "turned" not in told(adapt(sound, shaped))


def test_years_of_the_buddhist_calendar_are_told():
    found, said = started("2568-06-18 20:05")
    assert (
        found == ["2025-06-18 20:05:00"] and "years of the Buddhist calendar, such as 2569, were counted down" in said
    )


def test_dates_that_cannot_be_read_are_not_set_aside_by_advice():
    assert "set_aside" not in message(row(started="4/5/2025"), "streams")
    assert "set_aside" not in message(row(started="5. Juni 2025"), "streams")
