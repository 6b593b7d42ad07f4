"""What is drawn from a diagnosis: whatever a router tells, it has bounds, and says itself as text."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widgets.channels import ROWS_LIMIT, Channels
from widgets.hops import Hops
from widgets.kinds import DISPLAY_KINDS, make
from widgets.measured import Measured

SCAN = [
    {"ssid": "Kowalscy", "bssid": "aa", "channel": 1, "signal_dbm": -48, "width_mhz": 20},
    {"ssid": "", "bssid": "bb", "channel": 6, "signal_dbm": -70, "width_mhz": 40},
    {"ssid": "Far", "bssid": "cc", "channel": 40, "band": "5GHz", "signal_dbm": -80, "width_mhz": 80},
]
PING = {"average_ms": 12, "min_ms": 10, "max_ms": 19.5, "success": 4, "failure": 0}
NUMBERS = st.one_of(st.integers(), st.floats(), st.text(), st.none(), st.booleans())
RECORDS = st.lists(
    st.one_of(
        NUMBERS,
        st.dictionaries(
            st.sampled_from(
                ["ssid", "channel", "signal_dbm", "width_mhz", "band", "host", "times_ms", "value"]
            ),
            st.one_of(NUMBERS, st.lists(NUMBERS)),
        ),
    ),
    max_size=80,
)


def channels(**attributes: Any) -> dict[str, Any]:
    return Channels.of("around", "WiFi around you", attributes).describe()


def test_the_band_of_the_own_channel_is_shown_and_the_loudest_come_first() -> None:
    shown = channels(rows=SCAN, channel=6, best=11)
    assert shown["band"] == "2.4GHz"
    assert [row["ssid"] for row in shown["rows"]] == ["Kowalscy", ""]
    assert shown["summary"] == "2 other networks. Yours is on channel 6. Least busy: channel 11."
    assert "Hidden network: channel 6, -70 dBm" in shown["fallback"]


def test_a_router_that_hears_itself_is_no_other_network() -> None:
    shown = channels(rows=SCAN, channel=1, ssid="Kowalscy")
    assert (shown["summary"].split(".")[0], len(shown["rows"])) == ("1 other network", 2)


def test_a_named_band_wins_and_without_any_the_fullest_is_shown() -> None:
    assert [row["channel"] for row in channels(rows=SCAN, channel=6, band="5GHz")["rows"]] == [40]
    assert channels(rows=SCAN)["band"] == "2.4GHz"
    assert channels(rows=SCAN[2:])["band"] == "5GHz"


def test_the_own_channel_is_not_the_one_to_move_to() -> None:
    shown = channels(rows=SCAN, channel="6", best=6.0)
    assert (shown["channel"], shown["best"]) == (6, None)
    assert "Least busy" not in shown["summary"]


def test_authors_words_stand_for_the_picture_and_ours_are_in_the_language() -> None:
    assert Channels.of("c", "Title", {"rows": []}, "Nothing near.").summary == "Nothing near."
    shown = Channels.of("c", "Tytuł", {"rows": SCAN, "channel": 1}, locale="pl").describe()
    assert shown["summary"].startswith("2 inne sieci.")


def test_odd_networks_are_left_out_and_many_are_bounded() -> None:
    odd = [{"channel": 0}, {"channel": 999}, {"channel": "x"}, {"ssid": "no channel"}, "text", None]
    assert channels(rows=odd)["rows"] == []
    assert len(channels(rows=[{"channel": 1}] * 500)["rows"]) == ROWS_LIMIT


def test_hops_are_numbered_and_silent_ones_say_so() -> None:
    rows = [
        {"host": "router", "address": "192.168.1.1", "times_ms": [1, 2, 3]},
        {"host": "", "address": "", "times_ms": []},
        {"host": "", "address": "9.9.9.9", "times_ms": 14.25},
    ]
    shown = Hops.of("way", "The way", rows).describe()
    assert [(row["n"], row["average_ms"]) for row in shown["rows"]] == [(1, 2.0), (2, None), (3, 14.2)]
    assert shown["summary"] == "3 steps on the way. The last one answered in 14.2 ms."
    assert shown["fallback"].splitlines()[1:] == ["1. router: 2 ms", "2. *: no answer", "3. 9.9.9.9: 14.2 ms"]


def test_one_diagnosis_is_measured_with_units_from_its_names() -> None:
    shown = Measured.of("ping", "Ping", PING).describe()
    assert [(row["label"], row["value"], row["unit"], row["better"]) for row in shown["rows"]] == [
        ("Average", 12, "ms", "less"),
        ("Fastest", 10, "ms", "less"),
        ("Slowest", 19.5, "ms", "less"),
        ("Answered", 4, "", "more"),
        ("Lost", 0, "", "less"),
    ]
    assert shown["summary"].startswith("Average: 12 ms; Fastest: 10 ms")


def test_what_is_no_measure_of_a_diagnosis_is_left_out() -> None:
    record = {"ended": 1_795_425_049.3, "bytes": 26_214_400, "began": 1_795_425_048.9, "mbps": 600}
    shown = Measured.of("speed", "Speed", record).describe()
    assert [(row["label"], row["unit"]) for row in shown["rows"]] == [("Speed", "Mbit/s"), ("Amount", "B")]


def test_a_measure_is_held_against_what_is_enough() -> None:
    rows = [
        {"name": "down_mbps", "value": 80, "most": 600, "enough": 300},
        {"name": "average_ms", "value": 12, "enough": 40},
        {"name": "mine", "label": "Mine", "value": 3, "unit": "things"},
        {"name": "broken", "value": "fast"},
    ]
    shown = Measured.of("speed", "Speed", rows, locale="pl").describe()
    assert [row["verdict"] for row in shown["rows"]] == ["poor", "good", ""]
    assert [row["label"] for row in shown["rows"]] == ["Pobieranie", "Średnio", "Mine"]


@given(RECORDS, NUMBERS, NUMBERS)
def test_whatever_a_router_tells_is_json_with_bounds(rows: list[Any], channel: Any, best: Any) -> None:
    for kind in DISPLAY_KINDS:
        if kind in ("hosts", "readings"):
            continue
        described = make(
            kind, "x", {"rows": rows, "channel": channel, "best": best}, {"title": "T"}
        ).describe()
        assert json.loads(json.dumps(described, allow_nan=False)) == described
        assert described["type"] == kind and described["summary"] and described["fallback"]
        assert len(described["rows"]) <= ROWS_LIMIT


@pytest.mark.parametrize("odd", [math.nan, math.inf, True, None, "a", {}])
def test_what_is_no_number_is_not_measured(odd: Any) -> None:
    assert Measured.of("m", "M", {"value": odd}).rows == ()
