// The data model of a router as a tree that is read level by level, searched as one types, and read anew from
// the router branch by branch. A value is opened to be seen whole, shown in clear, or changed.
import { css, html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { icon } from "../icons.ts";
import { card, controls, look } from "../style.ts";
import { language, t } from "../texts.ts";
import { deviceUrl, type DeviceTask, type Operation, type ParameterItem, type Rows } from "../wire/device.ts";
import { newMessageId } from "../wire/outbox.ts";
import "./cf-parameter.ts";
import { entry } from "./fitting.ts";
import { may } from "./may.ts";
import { DevicePart, part } from "./part.ts";

const PAUSE_MS = 250;
const OPEN_LIMIT = 40;
const TASKS_LIMIT = "50";
const OVER = new Set(["done", "expired"]);

export class CfModel extends DevicePart {
  static override properties = {
    ...DevicePart.properties,
    operations: { attribute: false },
    levels: { state: true },
    open: { state: true },
    chosen: { state: true },
    found: { state: true },
    pending: { state: true },
    trouble: { state: true },
  };
  declare operations: readonly Operation[];
  declare private levels: ReadonlyMap<string, Rows<ParameterItem>>;
  declare private open: ReadonlySet<string>;
  /** The path of the parameter that is opened. */
  declare private chosen: string;
  declare private found: Rows<ParameterItem> | null;
  /** Task -> the path that it reads anew. */
  declare private pending: ReadonlyMap<string, string>;
  declare private trouble: string;
  protected readonly hears = ["parameters", "tasks"];
  #asked = "";
  #timer = 0;

  constructor() {
    super();
    this.operations = [];
    this.levels = new Map();
    this.open = new Set([""]);
    this.chosen = "";
    this.found = null;
    this.pending = new Map();
    this.trouble = "";
  }

  static override styles = [
    look,
    controls,
    card,
    part,
    css`
      .find {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        gap: 0.7rem;
        margin-bottom: 1rem;
      }
      .find search {
        flex: 1 1 16rem;
        position: relative;
      }
      .find .icon {
        pointer-events: none;
      }
      search .icon {
        position: absolute;
        inset: auto auto 0.8rem 0.95rem;
        color: var(--soft);
      }
      search .input {
        padding-inline-start: 2.8rem;
      }
      .card {
        padding: 0.4rem 0.6rem;
      }
      ul ul {
        margin-inline-start: 0.85rem;
        padding-inline-start: 0.55rem;
        border-inline-start: 1px solid var(--line);
      }
      .row {
        display: flex;
        align-items: center;
        gap: 0.2rem;
        border-radius: 0.6rem;
      }
      @media (hover: hover) {
        .row:hover { background: var(--sunken); }
      }
      .node {
        flex: 1;
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.1rem 0.6rem;
        min-width: 0;
        min-height: 2.6rem;
        padding: 0.25rem 0.5rem;
        border: 0;
        border-radius: 0.6rem;
        background: none;
        text-align: start;
        cursor: pointer;
      }
      .node .icon {
        color: var(--soft);
        transition: transform var(--motion);
      }
      .node[aria-expanded="true"] > .icon.turn, .node[aria-expanded="true"] > .turn .icon {
        transform: rotate(90deg);
      }
      .name {
        font-weight: 570;
        overflow-wrap: anywhere;
      }
      .object .name {
        font-weight: 620;
      }
      .value {
        flex: 1 1 8rem;
        min-width: 0;
        color: var(--soft);
        font: 0.875rem ui-monospace, "DejaVu Sans Mono", monospace;
        overflow-wrap: anywhere;
        display: -webkit-box;
        -webkit-line-clamp: 2;
        -webkit-box-orient: vertical;
        overflow: hidden;
      }
      .count {
        color: var(--soft);
        font-size: 0.875rem;
      }
      .fixed {
        color: var(--soft);
      }
      .row .round {
        width: 2.5rem;
        height: 2.5rem;
      }
      .busy {
        animation: turn 1.1s linear infinite;
      }
      @keyframes turn {
        to { transform: rotate(1turn); }
      }
      .told {
        margin-bottom: 0.75rem;
        color: var(--soft);
      }
      cf-parameter {
        margin: 0.2rem 0 0.8rem;
      }
      .below {
        padding: 0.4rem 0.6rem;
        color: var(--soft);
        font-size: 0.9375rem;
      }
      @media (max-width: 40rem) {
        ul ul { margin-inline-start: 0.3rem; padding-inline-start: 0.3rem; }
        .card { padding-inline: 0.2rem; }
      }
      @media (pointer: coarse) {
        .node, .row .round { min-height: var(--target); }
        .row .round { width: var(--target); height: var(--target); }
      }
    `,
  ];

  protected async load(current: () => boolean): Promise<void> {
    const paths = [...this.open].slice(0, OPEN_LIMIT);
    const [levels, found] = await Promise.all([
      Promise.all(paths.map(async (path) => [path, await this.#level(path)] as const)),
      this.#asked ? this.#search(this.#asked) : null,
      this.#settle(),
    ]);
    if (!current()) return;
    this.levels = new Map([...this.levels, ...levels]);
    this.found = found;
    const root = this.levels.get("")?.items ?? [];
    // A tree has one trunk; nobody needs to open it by hand.
    if (root.length === 1 && root[0]!.kind === "object" && this.open.size === 1) await this.#unfold(root[0]!.path);
  }

  #level(path: string, after: string | null = null): Promise<Rows<ParameterItem>> {
    return this.api.get(deviceUrl(this.device, "parameters", { path, after }));
  }

  #search(q: string, after: string | null = null): Promise<Rows<ParameterItem>> {
    return this.api.get(deviceUrl(this.device, "parameters", { q, after }));
  }

  /** What became of the branches that are read anew. */
  async #settle(): Promise<void> {
    if (!this.pending.size) return;
    const page = await this.api.get<Rows<DeviceTask>>(deviceUrl(this.device, "tasks", { limit: TASKS_LIMIT, locale: language() }));
    const over = page.items.filter((task) => this.pending.has(task.id) && OVER.has(task.state));
    if (!over.length) return;
    const failed = over.find((task) => task.fault ?? task.state === "expired");
    if (failed) this.trouble = failed.fault?.why || failed.fault?.text || t("router-read-expired");
    this.pending = new Map([...this.pending].filter(([task]) => !over.some((one) => one.id === task)));
  }

  override render() {
    return html`
      <div class="find">
        <search>
          <label for="q">${t("router-model-find")}</label>
          ${icon("search", 20)}
          <input class="input" id="q" type="search" maxlength="100" autocomplete="off" spellcheck="false" placeholder=${t("router-model-hint")} @input=${this.#typed} />
        </search>
        <button class="button" @click=${() => void this.#read("")}>${icon("again", 18)}${t("router-read-all")}</button>
      </div>
      ${this.state()}
      <p class="told" role="status">${this.pending.size ? t("router-reading", { n: this.pending.size }) : ""}${this.trouble}</p>
      ${this.found ? this.#results(this.found) : this.#tree()}
    `;
  }

  #tree() {
    const root = this.levels.get("");
    if (!root) return nothing;
    if (!root.items.length) return html`<p class="card empty">${t("router-model-empty")}</p>`;
    return html`<div class="card">${this.#branch("", root)}</div>`;
  }

  #results(found: Rows<ParameterItem>) {
    if (!found.items.length) return html`<p class="card empty">${t("router-model-none")}</p>`;
    return html`<div class="card"><ul>${found.items.map((item) => html`<li>${this.#item(item, true)}</li>`)}</ul>
      ${found.next ? html`<button class="button quiet slim" @click=${() => void this.#moreFound(found.next!)}>${t("list-more")}</button>` : nothing}</div>`;
  }

  #branch(path: string, level: Rows<ParameterItem>): TemplateResult {
    if (!level.items.length) return html`<p class="below">${t("router-branch-empty")}</p>`;
    return html`<ul aria-label=${path || t("router-tab-model")}>
      ${repeat(level.items, (item) => item.path, (item) => html`<li>${this.#item(item, false)}</li>`)}
      ${level.next ? html`<li><button class="button quiet slim" @click=${() => void this.#moreBelow(path, level.next!)}>${t("list-more")}</button></li>` : nothing}
    </ul>`;
  }

  #item(item: ParameterItem, whole: boolean) {
    return item.kind === "object" ? this.#object(item, whole) : this.#parameter(item, whole);
  }

  #object(item: ParameterItem, whole: boolean) {
    const open = !whole && this.open.has(item.path);
    const level = this.levels.get(item.path);
    const reading = [...this.pending.values()].includes(item.path);
    return html`<div class="row object">
        <button class="node" aria-expanded=${open ? "true" : "false"} @click=${() => (whole ? this.#goTo(item.path) : this.#toggle(item.path))} @keydown=${this.#arrows}>
          <span class="turn">${icon("next", 18)}</span><span class="name">${whole ? item.path : item.name}</span>
          <span class="count figures">${item.children}</span>
        </button>
        ${this.#deeds(item)}
        <button class="round" aria-label=${t("router-read-this", { path: item.path })} @click=${() => void this.#read(item.path)}>
          <span class=${reading ? "busy" : ""}>${icon("again", 18)}</span></button>
      </div>
      ${open && level ? this.#branch(item.path, level) : nothing}`;
  }

  /** Entries of a table (their name is a number) can be deleted, tables added to, where a workflow does it. */
  #deeds(item: ParameterItem) {
    if (!may(this.api.subject?.role, "operate") || item.writable === false) return nothing;
    const deed = /^\d+$/.test(item.name) ? "delete" : "add";
    const wanted = item.writable ? entry(this.operations, deed, item.path) : null;
    if (!wanted?.operation.available) return nothing;
    return html`<button class="round" aria-label=${t(`router-entry-${deed}`, { path: item.path })} @click=${() => this.tell("cf-operate", wanted)}>
      ${icon(deed === "add" ? "plus" : "cross", 18)}</button>`;
  }

  #parameter(item: ParameterItem, whole: boolean) {
    const open = this.chosen === item.path;
    return html`<div class="row">
        <button class="node" aria-expanded=${open ? "true" : "false"} @click=${() => (this.chosen = open ? "" : item.path)}>
          <span class="name">${whole ? item.path : item.name}</span>
          <span class="value">${item.value === null ? t("router-not-read") : item.value === "" ? t("router-value-empty") : item.value}</span>
          ${item.secret ? html`<span class="fixed">${icon("shield", 16)}<span class="unseen">${t("router-secret")}</span></span>` : nothing}
        </button>
      </div>
      ${open
        ? html`<cf-parameter .api=${this.api} .device=${this.device} .item=${item} .operations=${this.operations} @cf-read=${() => void this.#read(item.path)}></cf-parameter>`
        : nothing}`;
  }

  #typed = (event: Event): void => {
    this.#asked = (event.target as HTMLInputElement).value.trim();
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.refresh(), PAUSE_MS);
  };

  /** Right opens a branch, left closes it, as in any tree. */
  #arrows = (event: KeyboardEvent): void => {
    const button = event.currentTarget as HTMLButtonElement;
    const open = button.getAttribute("aria-expanded") === "true";
    const rtl = document.documentElement.dir === "rtl";
    const opens = event.key === (rtl ? "ArrowLeft" : "ArrowRight");
    const closes = event.key === (rtl ? "ArrowRight" : "ArrowLeft");
    if ((opens && !open) || (closes && open)) button.click();
  };

  #toggle(path: string): void {
    if (this.open.has(path)) this.open = new Set([...this.open].filter((one) => one === "" || !one.startsWith(path)));
    else void this.#unfold(path);
  }

  async #unfold(path: string): Promise<void> {
    await this.act(async () => {
      const level = await this.#level(path);
      this.levels = new Map([...this.levels, [path, level]]);
      this.open = new Set([...this.open, path]);
    });
  }

  /** From a search to the place in the tree: all branches on the way are opened. */
  #goTo(path: string): void {
    const names = path.split(".").slice(0, -1);
    this.open = new Set(["", ...names.map((_, index) => `${names.slice(0, index + 1).join(".")}.`)]);
    this.#asked = "";
    this.renderRoot.querySelector<HTMLInputElement>("#q")!.value = "";
    void this.refresh();
  }

  async #moreBelow(path: string, after: string): Promise<void> {
    await this.act(async () => {
      const level = await this.#level(path, after);
      const before = this.levels.get(path)?.items ?? [];
      this.levels = new Map([...this.levels, [path, { ...level, items: [...before, ...level.items] }]]);
    });
  }

  async #moreFound(after: string): Promise<void> {
    await this.act(async () => {
      const more = await this.#search(this.#asked, after);
      this.found = { ...more, items: [...(this.found?.items ?? []), ...more.items] };
    });
  }

  async #read(path: string): Promise<void> {
    this.trouble = "";
    if ([...this.pending.values()].includes(path)) return;
    await this.act(async () => {
      const body = { path, client_message_id: newMessageId() };
      const { task } = await this.api.post<{ task: string }>(deviceUrl(this.device, "parameters/refresh"), body);
      this.pending = new Map([...this.pending, [task, path]]);
    });
  }
}
customElements.define("cf-model", CfModel);
