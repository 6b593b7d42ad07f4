// Where channels lie on the picture of the WiFi around a home.
import assert from "node:assert/strict";
import { test } from "node:test";
import { axis, loudness, span } from "../src/elements/spectrum.ts";

test("2.4 GHz goes to 13, and to 14 where somebody is there", () => {
  assert.equal(axis("2.4GHz", [1, 6]).ticks.at(-1), 13);
  assert.equal(axis("2.4GHz", [14]).ticks.at(-1), 14);
});

test("channels follow each other from left to right, within the picture", () => {
  for (const [band, used] of [["2.4GHz", [1, 13]], ["5GHz", [36, 100, 157]], ["6GHz", [1, 233]]] as const) {
    const along = axis(band, used);
    const places = along.ticks.map((tick) => along.at(tick));
    assert.deepEqual(places, [...places].sort((a, b) => a - b));
    assert.ok(places.every((place) => place > 0 && place < 1), `${band}: ${places}`);
    assert.ok(along.ticks.length <= 14);
  }
});

test("what nobody uses takes no room in 5 GHz", () => {
  assert.deepEqual(axis("5GHz", [36, 44]).ticks, [36, 40, 44, 48, 52, 56, 60, 64]);
  assert.deepEqual(axis("5GHz", []).ticks[0], 36);
  assert.equal(axis("5GHz", [173]).ticks.at(-1), 177);
});

test("a wide network covers its block, a plain one two numbers each way", () => {
  assert.deepEqual(span("2.4GHz", 6, 20), [4, 8]);
  assert.deepEqual(span("2.4GHz", 6, 40), [2, 10]);
  assert.deepEqual(span("5GHz", 44, 80), [34, 50]);
  assert.deepEqual(span("5GHz", 157, 20), [155, 159]);
});

test("loud networks are tall, and none is out of sight", () => {
  assert.equal(loudness(-20), 1);
  assert.equal(loudness(-120), 0.12);
  assert.ok(loudness(-50) > loudness(-70));
  assert.ok(loudness(null) > 0);
});
