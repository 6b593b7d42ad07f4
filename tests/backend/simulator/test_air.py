"""The air of a home: which channels are crowded, and who gets in."""

from __future__ import annotations

import pytest

from backend.simulator.air import Neighbour, Radio, busy_share, calmest, links
from backend.simulator.home import Station

NEAR = Station("phone", "06:00:00:00:00:01", "2.4GHz", signal_dbm=-50)
FAR = Station("camera", "06:00:00:00:00:02", "2.4GHz", signal_dbm=-75)
CABLE = Station("printer", "06:00:00:00:00:03", "")
ALL = (NEAR, FAR, CABLE)


def radio(channel=6, **more):
    usual = {"band": "2.4GHz", "on": True, "channel": channel, "width_mhz": 20, "ssid": "ours", "key": "k"}
    return Radio(**{**usual, **more})


def heard(channel, signal_dbm, band="2.4GHz", width_mhz=20):
    return Neighbour("theirs", "0A:00:00:00:00:01", band, channel, signal_dbm, width_mhz)


def troubles(*neighbours, stations=ALL, **more):
    found = links({"2.4GHz": radio(**more.pop("radio", {}))}, stations, neighbours, **more)
    return {mac[-2:]: link.trouble for mac, link in found.items()}


def test_neighbours_take_time_where_their_channel_overlaps():
    assert busy_share(radio(6), [heard(6, -40)]) == pytest.approx(0.5)
    assert 0 < busy_share(radio(6), [heard(9, -40)]) < busy_share(radio(6), [heard(7, -40)])
    assert busy_share(radio(6), [heard(11, -40), heard(6, -95), heard(6, -40, "5GHz")]) == 0
    assert busy_share(radio(6), [heard(6, -40)] * 5) == 1.0
    five = radio(36, band="5GHz", width_mhz=80)
    assert busy_share(five, [heard(48, -40, "5GHz", 80)]) == pytest.approx(0.5)
    assert busy_share(five, [heard(52, -40, "5GHz", 80)]) == 0


def test_the_calmest_channel_of_those_that_do_not_overlap():
    channels = range(1, 14)
    assert calmest(radio(), channels, [heard(6, -45), heard(1, -70)]) == 11
    assert calmest(radio(), channels, []) == 1
    assert calmest(radio(3), [], []) == 3
    five = radio(36, band="5GHz", width_mhz=80)
    assert calmest(five, [36, 52], [heard(36, -50, "5GHz", 80)]) == 52


def test_a_crowded_channel_slows_the_near_and_loses_the_far():
    assert troubles() == {"01": "", "02": ""}
    assert troubles(heard(6, -40), heard(6, -40)) == {"01": "crowded", "02": "lost"}
    slow, fast = (
        links({"2.4GHz": radio()}, [NEAR], neighbours)[NEAR.mac]
        for neighbours in ([heard(6, -40), heard(6, -40)], [])
    )
    assert slow.rate_kbps < fast.rate_kbps / 5
    assert slow.retransmissions > 50 > fast.retransmissions
    assert slow.joined and slow.signal_dbm == -50


def test_who_is_not_let_in():
    only_near = frozenset({NEAR.mac})
    assert troubles(radio={"allow": only_near}) == {"01": "", "02": "filtered"}
    assert troubles(radio={"deny": only_near}) == {"01": "filtered", "02": ""}
    assert troubles(radio={"on": False}) == {"01": "radio-off", "02": "radio-off"}
    assert set(troubles(knows=("ours", "another key")).values()) == {"wrong-network"}
    assert set(troubles(knows=("ours", "k")).values()) == {""}


def test_a_radio_that_was_changed_is_away_for_a_moment():
    assert set(troubles(restarted_at={"2.4GHz": 100.0}, now=102.0).values()) == {"reconnecting"}
    assert set(troubles(restarted_at={"2.4GHz": 100.0}, now=103.0).values()) == {""}


def test_an_old_firmware_throws_off_the_five_gigahertz():
    station = Station("laptop", "06:00:00:00:00:04", "5GHz")
    five = {"5GHz": radio(36, band="5GHz", width_mhz=80)}
    at = [links(five, [station], [], drops=True, now=float(second)) for second in range(60)]
    assert sum(one[station.mac].trouble == "dropping" for one in at) == 20
    assert links({}, [station], [])[station.mac].trouble == "radio-off"
