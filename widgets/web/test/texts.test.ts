// Every word a screen may ask for is in every language, with the same arguments.
import { strict as assert } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { FluentBundle, FluentResource } from "@fluent/bundle";

const SOURCE = join(process.cwd(), "src");
const LOCALES = join(process.cwd(), "..", "locales");

const FILES = ["screens", "widgets", "staff", "people", "landing", "router"];

function words(language: string): string {
  return FILES.map((name) => readFileSync(join(LOCALES, language, `${name}.ftl`), "utf8")).join("\n");
}

function bundle(language: string): FluentBundle {
  const held = new FluentBundle(language);
  assert.deepEqual(held.addResource(new FluentResource(words(language))), []);
  return held;
}

function ids(language: string): string[] {
  return [...words(language).matchAll(/^([a-z][a-z0-9_-]*) =/gm)].map((found) => found[1]!);
}

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? sources(join(folder, entry.name)) : entry.name.endsWith(".ts") ? [join(folder, entry.name)] : [],
  );
}

/** Ids that the sources name in a call: t("…"), oneOf(…, "…"), and either branch of a condition. */
function named(): Set<string> {
  const found = new Set<string>();
  for (const file of sources(SOURCE)) {
    for (const call of readFileSync(file, "utf8").matchAll(/\b(?:t|oneOf)\(([^;]*?)\)/g)) {
      for (const id of call[1]!.matchAll(/"([a-z]+(?:-[a-z0-9]+)+)"/g)) found.add(id[1]!);
    }
  }
  return found;
}

const languages = readdirSync(LOCALES);

test("every language has every message, each once", () => {
  const english = ids("en");
  assert.equal(new Set(english).size, english.length);
  for (const language of languages) assert.deepEqual(ids(language), english, language);
});

test("what a screen names is there", () => {
  const known = new Set(ids("en"));
  const wanted = named();
  assert.ok(wanted.size > 100);
  assert.deepEqual([...wanted].filter((id) => !known.has(id)), []);
});

test("every message can be said in every language", () => {
  const values = { n: 2, seconds: 5, so_far: 3, span: "5 s", name: "Ola", ago: "now", until: "12:00", phone: "+48", role: "agent", names: "a" };
  const others = Object.fromEntries(["amount", "channel", "code", "days", "done", "here", "hours", "in", "left", "models", "out", "path", "phase", "serial", "tag", "time", "title", "took", "total", "version", "what", "when"].map((name) => [name, "something"]));
  for (const language of languages) {
    const held = bundle(language);
    for (const id of ids(language)) {
      const errors: Error[] = [];
      held.formatPattern(held.getMessage(id)!.value!, { ...others, ...values }, errors);
      assert.deepEqual(errors, [], `${language} ${id}`);
    }
  }
});
