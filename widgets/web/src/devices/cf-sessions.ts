// The talks a router had with us: when, why it called, how it ended, how much was said; opened, every message
// in order, readable, secrets masked.
import { css, html, nothing } from "lit";
import { icon } from "../icons.ts";
import { agoFrom, day, size, toMs } from "../moments.ts";
import { card, controls, look } from "../style.ts";
import { language, oneOf, t, variety } from "../texts.ts";
import { deviceUrl, type DeviceMessage, type DeviceSession, type DeviceSessionDetail, type Rows } from "../wire/device.ts";
import { DevicePart, part } from "./part.ts";
import { laidOut } from "./xml.ts";

const ENDING: Record<string, string> = { well: "good", open: "busy", silent: "warn", failed: "bad", superseded: "warn" };

export class CfSessions extends DevicePart {
  static override properties = { ...DevicePart.properties, page: { state: true }, chosen: { state: true }, detail: { state: true } };
  declare private page: Rows<DeviceSession>;
  declare private chosen: string;
  declare private detail: DeviceSessionDetail | null;
  protected readonly hears = ["sessions"];

  constructor() {
    super();
    this.page = { items: [], next: null };
    this.chosen = "";
    this.detail = null;
  }

  static override styles = [
    look,
    controls,
    card,
    part,
    css`
      ul.card {
        padding: 0;
      }
      li.session + li.session {
        border-top: 1px solid var(--line);
      }
      .row {
        display: grid;
        grid-template-columns: 1.2rem minmax(9rem, 1fr) minmax(0, 2fr) minmax(7rem, 12rem);
        gap: 0.25rem 0.9rem;
        align-items: center;
        width: 100%;
        padding: 0.8rem 1.1rem;
        border: 0;
        border-radius: var(--radius-small);
        background: none;
        text-align: start;
        cursor: pointer;
      }
      .row > .icon {
        color: var(--soft);
        transition: transform var(--motion);
      }
      .row[aria-expanded="true"] > .icon {
        transform: rotate(90deg);
      }
      @media (hover: hover) {
        .row:hover { background: var(--sunken); }
      }
      .row small {
        display: block;
        font-size: 0.875rem;
        color: var(--soft);
        overflow-wrap: anywhere;
      }
      .row b {
        font-weight: 600;
      }
      .row .pill {
        justify-self: end;
      }
      .messages {
        display: grid;
        gap: 0.5rem;
        padding: 0.2rem 1.1rem 1.1rem;
      }
      .message {
        border: 1px solid var(--line);
        border-radius: var(--radius-small);
      }
      .message summary {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr) auto;
        gap: 0.15rem 0.7rem;
        align-items: center;
        width: auto;
        padding: 0.6rem 0.9rem;
        border-radius: var(--radius-small);
        color: inherit;
        font-weight: 500;
      }
      .message summary span {
        min-width: 0;
        overflow-wrap: anywhere;
      }
      .in summary > .icon { color: var(--accent); }
      .out summary > .icon { color: var(--soft); transform: scaleX(-1); }
      .method {
        font-weight: 620;
        overflow-wrap: anywhere;
      }
      pre {
        margin: 0;
        padding: 0.75rem 0.9rem;
        border-top: 1px solid var(--line);
        max-height: 30rem;
        overflow: auto;
        font: 0.8125rem/1.55 ui-monospace, "DejaVu Sans Mono", monospace;
        white-space: pre-wrap;
        overflow-wrap: anywhere;
        tab-size: 2;
      }
      .tag { color: var(--soft); }
      .name { color: var(--soft); }
      .value { color: var(--warn); }
      .text { color: var(--ink); font-weight: 600; }
      .note { color: var(--soft); font-style: italic; }
      @container (max-width: 16rem) {
        .row { grid-template-columns: minmax(0, 1fr) !important; }
        .row > * { grid-column: 1 !important; grid-row: auto !important; }
        .row .pill { justify-self: start; }
      }
      @media (max-width: 48rem) {
        .row { grid-template-columns: 1.2rem minmax(0, 1fr) auto; padding-inline: 0.8rem; }
        .row .why { grid-column: 2 / -1; grid-row: 2; }
        .messages { padding-inline: 0.8rem; }
        .message summary { grid-template-columns: auto minmax(0, 1fr); }
        .message summary > :last-child { grid-column: 2; }
      }
    `,
  ];

  protected async load(current: () => boolean): Promise<void> {
    const page = await this.api.get<Rows<DeviceSession>>(deviceUrl(this.device, "sessions", { locale: language() }));
    if (!current()) return;
    this.page = page;
    const chosen = page.items.find((one) => one.id === this.chosen);
    // One that still goes on grows while one looks at it.
    if (chosen && this.detail && chosen.messages !== this.detail.message_count) await this.#fetch(chosen.id);
  }

  override render() {
    const { items, next } = this.page;
    return html`
      ${this.state()}
      ${this.loaded && !items.length ? html`<p class="card empty">${t("router-no-sessions")}</p>` : nothing}
      ${items.length ? html`<ul class="card">${items.map((one) => html`<li class="session">${this.#session(one)}</li>`)}</ul>` : nothing}
      ${next ? html`<button class="button wide more" @click=${() => void this.#more(next)}>${t("list-more")}</button>` : nothing}
    `;
  }

  #session(one: DeviceSession) {
    const open = this.chosen === one.id;
    const why = one.events.map((code) => eventWords(code)).join(", ");
    return html`<button class="row" aria-expanded=${open ? "true" : "false"} @click=${() => void this.#toggle(one)}>
        ${icon("next", 18)}
        <span><b>${day(one.began_at)}</b><small>${agoFrom(one.began_at, this.api.now_ms())} · ${took(one)}</small></span>
        <span class="why">${why || "–"}<small class="figures">${t("router-session-size", { n: one.messages, in: size(one.bytes_in), out: size(one.bytes_out) })} · ${one.source || "–"}</small></span>
        <span class="pill ${ENDING[one.ending] ?? ""}">${oneOf(`router-ending-${one.ending}`, "router-ending-well")}</span>
      </button>
      ${open ? this.#messages(one) : nothing}`;
  }

  #messages(one: DeviceSession) {
    const { detail } = this;
    if (!detail || detail.id !== one.id) return html`<p class="empty" role="status">${t("loading")}</p>`;
    if (!detail.messages.length) return html`<p class="empty">${t("router-no-messages")}</p>`;
    const missing = detail.message_count - detail.messages.length;
    return html`<div class="messages">${detail.messages.map((message) => this.#message(message))}
      ${missing > 0 ? html`<p class="soft small">${t("router-messages-missing", { n: missing })}</p>` : nothing}</div>`;
  }

  #message(message: DeviceMessage) {
    const who = t(message.direction === "in" ? "router-message-in" : "router-message-out");
    return html`<details class="message ${message.direction}">
      <summary>${icon("send", 18)}<span><span class="unseen">${who}: </span><span class="method">${message.method || t("router-message-empty")}</span>
          ${message.summary ? html` <span class="soft">${message.summary}</span>` : nothing}</span>
        <span class="small soft figures">${moment(message)} · ${size(message.bytes)}</span></summary>
      ${message.xml
        ? html`<pre tabindex="0" dir="ltr" aria-label="${who}: ${message.method}">${laidOut(message.xml).map(
            (line) => html`${"  ".repeat(line.depth)}${line.pieces.map((piece) => html`<span class=${piece.mark}>${piece.text}</span>`)}${"\n"}`,
          )}</pre>`
        : html`<p class="empty">${t("router-message-nothing")}</p>`}
    </details>`;
  }

  async #toggle(one: DeviceSession): Promise<void> {
    this.chosen = this.chosen === one.id ? "" : one.id;
    if (this.chosen) await this.act(() => this.#fetch(one.id));
  }

  async #fetch(id: string): Promise<void> {
    const detail = await this.api.get<DeviceSessionDetail>(deviceUrl(this.device, `sessions/${encodeURIComponent(id)}`, { locale: language() }));
    if (this.chosen === id) this.detail = detail;
  }

  async #more(after: string): Promise<void> {
    await this.act(async () => {
      const page = await this.api.get<Rows<DeviceSession>>(deviceUrl(this.device, "sessions", { locale: language(), after }));
      this.page = { ...page, items: [...this.page.items, ...page.items] };
    });
  }
}

/** "2 PERIODIC" in words; what nobody has words for stays as the router said it. */
function eventWords(code: string): string {
  const id = `router-event-${code.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`;
  return oneOf(id, "router-event-other", { code });
}

function took(one: DeviceSession): string {
  const ms = (toMs(one.ended_at) ?? 0) - (toMs(one.began_at) ?? 0);
  if (!one.ended_at || ms < 0) return t("router-ending-open");
  return new Intl.NumberFormat(variety(), { style: "unit", unit: "second", unitDisplay: "short", maximumFractionDigits: 2 }).format(ms / 1000);
}

function moment(message: DeviceMessage): string {
  const ms = toMs(message.at);
  return ms === null ? "" : new Intl.DateTimeFormat(variety(), { hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3 }).format(ms);
}

customElements.define("cf-sessions", CfSessions);
