// Our own words, from the Fluent files that the server shares (widgets/locales/<language>/*.ftl).
// A language is one folder: it is found here by its name alone, and of the chosen one only the files
// that a page asks for are fetched.
import { FluentBundle, FluentResource, type FluentVariable } from "@fluent/bundle";
import { LitElement } from "lit";

const FILES = import.meta.glob<string>("../../locales/*/{screens,widgets,staff,people,landing,router}.ftl", { query: "?raw", import: "default" });
const KEY = "careflow.language";
const FALLBACK = "en";
const RIGHT_TO_LEFT = new Set(["ar", "fa", "he", "ur"]);

export const LANGUAGES: readonly string[] = [...new Set(Object.keys(FILES).map((path) => path.split("/").at(-2)!))].sort();

let bundle = new FluentBundle(FALLBACK);
let current = FALLBACK;
let parts: readonly string[] = ["screens"];
const listeners = new Set<() => void>();

function wanted(): string {
  const kept = readKept();
  const asked = [kept, ...navigator.languages].map((tag) => (tag ?? "").toLowerCase().split("-")[0]!);
  return asked.find((language) => LANGUAGES.includes(language)) ?? FALLBACK;
}

function readKept(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

async function load(language: string): Promise<void> {
  const texts = await Promise.all(parts.map((part) => FILES[`../../locales/${language}/${part}.ftl`]!()));
  const rtl = RIGHT_TO_LEFT.has(language);
  const fresh = new FluentBundle(language, { useIsolating: rtl });
  for (const text of texts) fresh.addResource(new FluentResource(text));
  bundle = fresh;
  current = language;
  document.documentElement.lang = language;
  document.documentElement.dir = rtl ? "rtl" : "ltr";
  for (const listener of listeners) listener();
}

/** Load the words before the first paint, in the language kept, else the browser's, else English. */
export function begin(...more: readonly string[]): Promise<void> {
  parts = ["screens", ...more];
  return load(wanted());
}

export function language(): string {
  return current;
}

/** For dates and numbers: the browser's own variety of the language (en-GB), where it has one. */
export function variety(): string {
  return navigator.languages.find((tag) => tag.toLowerCase().split("-")[0] === current) ?? current;
}

export async function choose(next: string): Promise<void> {
  await load(next);
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // Not remembered, and still in force for this page.
  }
}

/** Called after each change of language; returns how to stop. */
export function onLanguage(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function has(id: string): boolean {
  return bundle.hasMessage(id);
}

export function t(id: string, values?: Record<string, FluentVariable>): string {
  const pattern = bundle.getMessage(id)?.value;
  return pattern ? bundle.formatPattern(pattern, values) : id;
}

/** The first of these that the language has; for codes that a newer server may invent. */
export function oneOf(id: string, fallback: string, values?: Record<string, FluentVariable>): string {
  return t(has(id) ? id : fallback, values);
}

/** An element drawn again when the language changes. */
export class Worded extends LitElement {
  #stop: (() => void) | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stop = onLanguage(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.();
  }
}
