// A whole conversation, for whoever looks at it. The log is polite to screen readers; the new
// question takes the focus unless one is writing; and the end stays in sight unless one scrolled up.
import { css, html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { clock, toMs } from "../moments.ts";
import { look } from "../style.ts";
import { oneOf, t, Worded } from "../texts.ts";
import type { Item, View } from "../wire/conversation.ts";
import type { Pending } from "../wire/outbox.ts";
import type { SessionEvent } from "../wire/types.ts";
import type { IconName } from "../icons.ts";
import "./cf-countdown.ts";
import "./cf-message.ts";
import type { Voice } from "./cf-message.ts";
import "./cf-notice.ts";
import "./cf-question.ts";
import type { CfQuestion } from "./cf-question.ts";
import "./cf-result.ts";
import "./cf-step.ts";

const NEAR_END_PX = 160;

export class CfTranscript extends Worded {
  static override properties = {
    view: { attribute: false },
    pending: { attribute: false },
    me: {},
    ahead: { type: Number },
    inner: { type: Boolean, reflect: true },
  };
  declare view: View;
  declare pending: readonly Pending[];
  declare me: "customer" | "agent" | "operator";
  declare ahead: number;
  /** Scrolls by itself (a pane of a desk) rather than with the page. */
  declare inner: boolean;
  #asked = "";
  #atEnd = true;
  #top = 0;
  #sent = 0;
  #sizes: ResizeObserver | null = null;

  static override styles = [
    look,
    css`
      .log {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 0.85rem;
        padding: 1.1rem max(1rem, env(safe-area-inset-right)) 1.4rem max(1rem, env(safe-area-inset-left));
      }
      :host([inner]) {
        overflow: auto;
        min-height: 0;
        overscroll-behavior: contain;
      }
      .log > * {
        animation: rise var(--motion) ease-out;
      }
      @keyframes rise {
        from { opacity: 0; transform: translateY(0.5rem); }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#scroller.addEventListener("scroll", this.#scrolled, { passive: true });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#scroller.removeEventListener("scroll", this.#scrolled);
    this.#sizes?.disconnect();
  }

  override firstUpdated(): void {
    this.#sizes = new ResizeObserver(() => this.#atEnd && this.#toEnd());
    this.#sizes.observe(this.renderRoot.querySelector(".log")!);
    if (!this.inner) this.#sizes.observe(document.documentElement);
  }

  override updated(): void {
    // What one has just said, or just pressed, brings the end into sight, wherever one was reading.
    if (this.pending.length > this.#sent) {
      this.#atEnd = true;
      this.#toEnd();
    }
    this.#sent = this.pending.length;
    const question = this.view.question;
    if (!question || question.id === this.#asked) return;
    const first = this.#asked === "";
    this.#asked = question.id;
    this.#atEnd = true;
    void this.#focusQuestion(first);
  }

  async #focusQuestion(first: boolean): Promise<void> {
    const element = this.renderRoot.querySelector<CfQuestion>("cf-question[open]");
    await element?.updateComplete;
    if (!writing() && !(first && this.inner)) element?.focus();
    this.#toEnd();
  }

  get #scroller(): HTMLElement | Window {
    return this.inner ? this : window;
  }

  #scrolled = (): void => {
    const page = this.inner ? this : document.documentElement;
    const rest = page.scrollHeight - page.scrollTop - page.clientHeight;
    // What grows below moves the end away by itself; only a person's own move up leaves it.
    if (rest < NEAR_END_PX) this.#atEnd = true;
    else if (page.scrollTop < this.#top) this.#atEnd = false;
    this.#top = page.scrollTop;
  };

  #toEnd(): void {
    const page = this.inner ? this : document.documentElement;
    page.scrollTo({ top: page.scrollHeight, behavior: "instant" });
  }

  override render() {
    return html`<div class="log" role="log" aria-label=${t("log-label")} tabindex=${this.inner ? "0" : nothing}>
      ${repeat(this.view.items, (item) => item.key, (item) => this.#item(item))}
      ${repeat(
        this.pending,
        (entry) => entry.client_message_id,
        (entry) => html`<cf-message voice="mine" .text=${entry.text} sending></cf-message>`,
      )}
    </div>`;
  }

  #elapsed(event: SessionEvent): number {
    return Math.max(0, (Date.now() + this.ahead - (toMs(event.ts) ?? Date.now())) / 1000);
  }

  #item(item: Item) {
    const { event } = item;
    const { body } = event;
    const lang = event.locale ?? nothing;
    switch (item.kind) {
      case "said":
        return this.#said(event, body.text ?? "");
      case "answer":
        return this.#said(event, item.text);
      case "note":
        return html`<cf-message lang=${lang} voice="note" .text=${body.text ?? ""} .name=${event.actor.name ?? ""} .time=${clock(event.ts)}></cf-message>`;
      case "working":
        return html`<cf-step lang=${lang} .body=${body} .heading=${event.step?.title ?? ""} .ts=${event.ts} .ahead=${this.ahead}></cf-step>`;
      case "result":
        return html`<cf-result lang=${lang} .body=${body} .heading=${event.step?.title ?? ""} .elapsed=${this.#elapsed(event)} .technical=${this.me !== "customer"}></cf-result>`;
      case "question":
        return html`<cf-question lang=${lang} .event=${event} ?open=${this.view.question?.id === event.id} .elapsed=${this.#elapsed(event)}
          .passed=${!this.#answered(event)} .known=${this.#knownBefore(event)}></cf-question>`;
      case "loss":
        return html`<cf-countdown .seconds=${body.seconds ?? 0} .since=${event.ts} .ahead=${this.ahead} ?over=${item.over}></cf-countdown>`;
      case "handoff":
        return this.#handoff(event);
      case "ended":
        return html`<cf-notice lang=${lang} glyph=${endGlyph(body.status)} tone=${endTone(body.status)} ?line=${this.#toldBefore(item)} .heading=${body.text || t("ended-heading")}></cf-notice>`;
    }
  }

  /** A result just above told the good news; the end is then one quiet line. */
  #toldBefore(item: Item): boolean {
    const before = this.view.items[this.view.items.indexOf(item) - 1];
    return before?.kind === "result" && before.event.body.status === "SUCCESS" && item.event.body.status === "SUCCESS";
  }

  #answered(event: SessionEvent): boolean {
    return this.view.question?.id === event.id || this.view.items.some((item) => item.kind === "answer" && item.event.reply_to === event.id);
  }

  /** What the last result before this event said, so that a reason does not say it again. */
  #knownBefore(event: SessionEvent): string {
    return this.view.items.findLast((item) => item.kind === "result" && item.event.seq < event.seq)?.event.body.text ?? "";
  }

  #said(event: SessionEvent, text: string) {
    const kind = event.actor.kind;
    const mine = kind === this.me || (this.me !== "customer" && kind !== "customer" && event.type === "input.answer" && kind !== "bot");
    const person = kind === "agent" || kind === "operator";
    const voice: Voice = mine ? "mine" : person ? "person" : kind === "customer" ? "customer" : "bot";
    return html`<cf-message lang=${event.locale ?? nothing} voice=${voice} .text=${text} .name=${event.actor.name ?? ""} .time=${person || voice === "customer" ? clock(event.ts) : ""}></cf-message>`;
  }

  #handoff(event: SessionEvent) {
    const state = event.type === "handoff.initiate" ? "waiting" : (event.body.state ?? "waiting");
    const who = typeof event.body.by === "object" ? (event.body.by?.name ?? "") : "";
    const glyph: IconName = state === "resolved" ? "check" : state === "handed_back" ? "again" : "headset";
    const heading = oneOf(`handoff-${state.replaceAll("_", "-")}`, "handoff-waiting", { name: who || t("said-person") });
    return html`<cf-notice glyph=${glyph} tone=${state === "resolved" ? "good" : "calm"} .heading=${heading} .text=${event.body.text ?? ""}></cf-notice>`;
  }
}

function endTone(status: string | null | undefined): string {
  return status === "SUCCESS" ? "good" : status === "ERROR" ? "warn" : "calm";
}

function endGlyph(status: string | null | undefined): IconName {
  return status === "SUCCESS" ? "check" : "info";
}

/** Whether one is typing, through any depth of shadow roots. */
function writing(): boolean {
  let active = document.activeElement;
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  return active instanceof HTMLTextAreaElement || (active instanceof HTMLInputElement && active.type === "text");
}

customElements.define("cf-transcript", CfTranscript);
