"""The calmest WiFi channel, from what a router hears."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.channels import band_of, best_channel, channels_of

ALL_2G = ["1-11"]


def heard(*networks: tuple[int, int], width_mhz: int = 20) -> list[dict[str, Any]]:
    return [
        {"ssid": f"n{i}", "channel": channel, "signal_dbm": signal, "width_mhz": width_mhz}
        for i, (channel, signal) in enumerate(networks)
    ]


def test_moves_away_from_a_crowd() -> None:
    found = best_channel(heard((6, -50), (6, -55), (6, -60), (11, -80)), 6, ALL_2G, "2.4GHz")
    assert found == {
        "channel": 1,
        "better": True,
        "load": 0.0,
        "load_now": pytest.approx(2.4),
        "networks": 0,
        "networks_now": 3,
    }


def test_stays_where_it_is_calm() -> None:
    found = best_channel(heard((1, -50), (11, -50)), 6, ALL_2G, "2.4GHz")
    assert (found["channel"], found["better"], found["networks_now"]) == (6, False, 0)


def test_stays_when_every_channel_is_as_full() -> None:
    crowd = heard((1, -50), (1, -52), (6, -50), (6, -52), (11, -50), (11, -52))
    assert best_channel(crowd, 6, ALL_2G, "2.4GHz")["better"] is False


def test_half_overlapping_networks_count_half() -> None:
    found = best_channel(heard((3, -45)), 1, ALL_2G, "2.4GHz")
    assert found["load_now"] == pytest.approx(0.6)
    assert found["channel"] == 11


def test_a_channel_the_radio_lacks_is_never_advised() -> None:
    crowd = heard((6, -45), (6, -45))
    assert best_channel(crowd, 6, ["6-11"], "2.4GHz")["channel"] == 11


def test_wide_networks_cover_their_block_and_radar_channels_come_last() -> None:
    crowd = heard((36, -45), (40, -50), width_mhz=80)
    found = best_channel(crowd, 44, ["36-48", "52-64", "149-161"], "5GHz")
    assert (found["channel"], found["networks_now"]) == (149, 2)


def test_the_other_band_does_not_matter() -> None:
    assert best_channel(heard((36, -40), (36, -40)), 6, ALL_2G, "2.4GHz")["networks_now"] == 0


def test_rows_that_cannot_be_read_are_left_out() -> None:
    rows = [{"ssid": "x"}, {"channel": "6", "signal_dbm": -40}, {"channel": True}, {"channel": 6}]
    found = best_channel(rows, 6, ["no", "", "1-11"], "2.4GHz")
    assert found["networks_now"] == 1


def test_possible_channels() -> None:
    assert channels_of(["1-3", "13", "36-48", "x"]) == (1, 2, 3, 13, 36, 40, 44, 48)
    assert channels_of([]) == ()


networks = st.lists(
    st.fixed_dictionaries(
        {
            "channel": st.integers(1, 165),
            "signal_dbm": st.integers(-110, -20),
            "width_mhz": st.sampled_from([20, 40, 80]),
        }
    ),
    max_size=30,
)


@given(networks, st.integers(1, 13))
def test_advice_is_never_worse_than_the_present(rows: list[dict[str, Any]], current: int) -> None:
    found = best_channel(rows, current, ["1-13"], "2.4GHz")
    assert found["load"] <= found["load_now"]
    assert found["better"] == (found["channel"] != current)
    assert band_of(found["channel"]) == "2.4GHz"


def test_a_network_four_channels_away_is_no_neighbour_on_the_channel() -> None:
    found = best_channel(heard((6, -45), (6, -52), (7, -60), (1, -66), (11, -85)), 6, ALL_2G, "2.4GHz")
    assert (found["channel"], found["networks_now"], found["networks"]) == (11, 3, 1)
