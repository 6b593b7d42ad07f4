// Work on the router as a plain checklist that ticks while one watches. It takes the body of a
// step.state event and needs nothing else, so it can stand in somebody else's app.
import { css, html, nothing } from "lit";
import { icon } from "../icons.ts";
import { clock, shown, size, span, toMs } from "../moments.ts";
import { amount, look } from "../style.ts";
import { t, Worded } from "../texts.ts";
import type { Body, Stage } from "../wire/types.ts";

const BUSY = new Set(["queued", "contacting", "running", "waiting"]);
const TICK_MS = 500;
/** The bar nears its end and never reaches it before the work does. */
const BAR_LIMIT = 0.96;

export class CfStep extends Worded {
  static override properties = {
    body: { attribute: false },
    heading: {},
    ts: {},
    ahead: { type: Number },
    now: { state: true },
  };
  declare body: Body;
  declare heading: string;
  /** When the event was written; the start, if the body does not tell one. */
  declare ts: string;
  /** The server's clock minus ours, in milliseconds. */
  declare ahead: number;
  declare private now: number;
  #timer = 0;
  #part = 0;

  constructor() {
    super();
    this.body = {};
    this.heading = "";
    this.ts = "";
    this.ahead = 0;
    this.now = Date.now();
  }

  static override styles = [
    look,
    amount,
    css`
      :host {
        padding: 1.05rem 1.2rem 1.1rem;
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--surface);
      }
      h2 {
        font-size: 1.0625rem;
        line-height: 1.35;
      }
      .bar {
        height: 0.4rem;
        margin: 0.85rem 0 0.5rem;
        border-radius: 1rem;
        background: var(--sunken);
        overflow: hidden;
      }
      .bar i {
        display: block;
        height: 100%;
        border-radius: inherit;
        background: var(--accent);
        transform-origin: left;
        transition: transform 600ms linear;
      }
      :host(:dir(rtl)) .bar i {
        transform-origin: right;
      }
      .counted {
        margin: 0.85rem 0 0.5rem;
      }
      .time {
        font-size: 0.875rem;
        color: var(--soft);
      }
      ol {
        display: grid;
        gap: 0.15rem;
        margin-top: 0.6rem;
      }
      li {
        display: flex;
        align-items: flex-start;
        gap: 0.7rem;
        padding: 0.22rem 0;
      }
      li.waiting {
        color: var(--soft);
      }
      li.active {
        font-weight: 620;
      }
      .mark {
        display: grid;
        place-items: center;
        flex: none;
        width: 1.5rem;
        height: 1.5rem;
        border-radius: 50%;
      }
      .done .mark {
        background: var(--good-wash);
        color: var(--good);
        animation: arrive var(--motion) ease-out;
      }
      .failed .mark {
        background: var(--bad-wash);
        color: var(--bad);
      }
      .waiting .mark::before {
        content: "";
        width: 0.5rem;
        height: 0.5rem;
        border-radius: 50%;
        border: 1.5px solid var(--edge);
      }
      .active .mark::before {
        content: "";
        width: 1.1rem;
        height: 1.1rem;
        border-radius: 50%;
        border: 2.5px solid var(--accent-wash);
        border-top-color: var(--accent);
        animation: turn 0.9s linear infinite;
      }
      @keyframes turn {
        to { transform: rotate(1turn); }
      }
      @keyframes arrive {
        from { transform: scale(0.4); }
      }
      @media (prefers-reduced-motion: reduce) {
        .active .mark::before { border-color: var(--accent); border-style: dotted; }
      }
    `,
  ];

  get busy(): boolean {
    return BUSY.has(this.body.state ?? "");
  }

  override updated(): void {
    // Through the CSS object model: a style attribute would break the page's policy.
    const bar = this.renderRoot.querySelector<HTMLElement>(".bar i");
    if (bar) bar.style.transform = `scaleX(${this.#part.toFixed(3)})`;
    clearTimeout(this.#timer);
    if (this.busy && this.isConnected) this.#timer = window.setTimeout(() => (this.now = Date.now()), TICK_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.now = Date.now();
  }

  override render() {
    const { body } = this;
    const heading = this.heading || body.text;
    // What the checklist below says already is not said twice.
    const more = this.busy && body.text !== heading && !body.stages?.some((stage) => stage.text === body.text);
    return html`
      ${heading ? html`<h2>${heading}</h2>` : nothing} ${more && body.text ? html`<p>${body.text}</p>` : nothing}
      ${this.busy ? this.#progress() : nothing}
      ${body.stages?.length ? html`<ol>${body.stages.map((stage) => this.#stage(stage))}</ol>` : nothing}
      ${body.state === "failed" || body.state === "timed_out"
        ? html`<p class="time">${t(body.state === "failed" ? "step-failed" : "step-timed-out")}</p>`
        : nothing}
    `;
  }

  #progress() {
    const { expected_s, k, n } = this.body;
    const started = toMs(this.body.started_at) ?? toMs(this.ts) ?? this.now;
    const elapsed_s = Math.max(0, (this.now + this.ahead - started) / 1000);
    const expected = expected_s || 10;
    const byTime = 1 - Math.exp((-1.6 * elapsed_s) / expected);
    const part = Math.min(BAR_LIMIT, Math.max(byTime, k && n ? (k - 1) / n : 0));
    this.#part = part;
    if (this.body.state === "waiting") return this.#awaited(Math.round(elapsed_s));
    const counted = this.body.progress;
    if (counted && counted.done > 0 && counted.done < (counted.total ?? 0)) return this.#counted(counted.done, counted.total!, counted.unit);
    const late = elapsed_s > expected * 1.5 + 2;
    const words = this.body.state === "queued" ? "step-queued" : late ? "step-late" : "step-usual";
    return html`
      <div class="bar" role="progressbar" aria-label=${t("step-progress")} aria-valuemin="0" aria-valuemax="100"
        aria-valuenow=${Math.round(part * 100)}><i></i></div>
      <p class="time figures" aria-live="off">${t(words, { span: span(expected), so_far: Math.round(elapsed_s) })}</p>
    `;
  }

  /** The router does not answer: until when we wait, where that is known. */
  #awaited(so_far: number) {
    const until = clock(this.body.deadline_at ?? null);
    const words = until ? t("step-waiting-until", { so_far, until }) : t("step-waiting", { so_far });
    return html`<p class="time figures" aria-live="off">${words}</p>`;
  }

  /** Where the work can be counted, the bar is no guess. */
  #counted(done: number, total: number, unit: string) {
    const told = (count: number) => (unit === "bytes" ? size(count) : shown(count, unit));
    return html`<progress class="counted" aria-label=${t("step-progress")} max=${total} value=${Math.min(done, total)}></progress>
      <p class="time figures" aria-live="off">${t("step-counted", { done: told(done), total: told(total) })}</p>`;
  }

  #stage(stage: Stage) {
    const mark = stage.state === "done" ? icon("check", 16) : stage.state === "failed" ? icon("cross", 16) : nothing;
    return html`<li class=${stage.state}>
      <span class="mark">${mark}</span>
      <span>${stage.text}<span class="unseen">, ${t(`stage-${stage.state}`)}</span></span>
    </li>`;
  }
}

customElements.define("cf-step", CfStep);
