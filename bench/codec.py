"""What reading and writing CWMP messages costs: the codec alone, beside lxml that only parses the same bytes.

    python bench/codec.py [--seconds N]

An Inform of 30 parameters and the answer with 200 values are what devices send most; a GetParameterValues of
8 and a SetParameterValues of 8 are what they are sent most. Each is done again and again in one thread; the
fastest of ten stretches counts, since what else the machine does only slows.

    figure codec_inform_in_us N us          read an Inform of 30 parameters
    figure codec_inform_in_us_ratio N x     the same, to lxml's parse alone
    figure codec_gpv200_in_us N us          read an answer with 200 values
    figure codec_gpv200_in_us_ratio N x
    figure codec_gpv8_out_us N us           write a GetParameterValues of 8
    figure codec_spv8_out_us N us           write a SetParameterValues of 8
    figure codec_bytes_in_per_s N MB/s      bytes read in a second, of such Informs
    figure codec_bytes_out_per_s N MB/s     bytes written in a second, of such SetParameterValues
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from lxml import etree  # noqa: E402

from backend.cwmp import rpc  # noqa: E402
from backend.cwmp.soap import decode, encode  # noqa: E402
from bench.cwmp import NAMESPACE, inform, names  # noqa: E402

STRETCHES = 10
CHUNK = 20


def fastest_us(seconds: float, *works: Callable[[], object]) -> list[float]:
    """Microseconds of one call of each, in the fastest of STRETCHES stretches; they take turns."""
    best = [float("inf")] * len(works)
    for _ in range(STRETCHES):
        for which, work in enumerate(works):
            count, began = 0, time.perf_counter()
            while (spent := time.perf_counter() - began) < seconds / STRETCHES:
                for _ in range(CHUNK):
                    work()
                count += CHUNK
            best[which] = min(best[which], spent / count)
    return [one * 1e6 for one in best]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=4.0, help="how long each figure is measured")
    given = parser.parse_args()
    parser_xml = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    values = tuple(rpc.ParameterValue(name, str(n), "xsd:unsignedInt") for n, name in enumerate(names(200)))
    incoming = {
        "inform": inform("B00001"),
        "gpv200": encode(rpc.GetParameterValuesResponse(values), "1", NAMESPACE),
    }
    us: dict[str, float] = {}
    for name, body in incoming.items():
        us[name], alone = fastest_us(
            given.seconds,
            lambda body=body: decode(body),
            lambda body=body: etree.fromstring(body, parser_xml),
        )
        print(f"figure codec_{name}_in_us {us[name]:.0f} us")
        print(f"figure codec_{name}_in_us_ratio {us[name] / alone:.2f} x", flush=True)
    outgoing = {
        "gpv8": rpc.GetParameterValues(names(8)),
        "spv8": rpc.SetParameterValues(values[:8], "key"),
    }
    for name, message in outgoing.items():
        (us[name],) = fastest_us(given.seconds, lambda message=message: encode(message, "a1b2-7", NAMESPACE))
        print(f"figure codec_{name}_out_us {us[name]:.1f} us", flush=True)
    written = len(encode(outgoing["spv8"], "a1b2-7", NAMESPACE))
    print(f"figure codec_bytes_in_per_s {len(incoming['inform']) / us['inform']:.1f} MB/s")
    print(f"figure codec_bytes_out_per_s {written / us['spv8']:.1f} MB/s")


if __name__ == "__main__":
    main()
