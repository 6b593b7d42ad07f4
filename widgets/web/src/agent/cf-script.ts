// The script of one call: the step of the moment in the middle, the history of the run on the right.
// Number keys give the answers; they can be switched off for those who dictate (WCAG 2.1.4).
import { css, html, nothing } from "lit";
import { icon } from "../icons.ts";
import { span, toMs } from "../moments.ts";
import { card, controls, look } from "../style.ts";
import { t, Worded } from "../texts.ts";
import type { Api } from "../wire/api.ts";
import { Chat } from "../wire/chat.ts";
import type { View } from "../wire/conversation.ts";
import type { Live } from "../wire/socket.ts";
import type { Prompt, SessionEvent } from "../wire/types.ts";
import "../elements/cf-answers.ts";
import type { Answered, CfAnswers } from "../elements/cf-answers.ts";
import "../elements/cf-countdown.ts";
import "../elements/cf-failure.ts";
import "../elements/cf-notice.ts";
import "../elements/cf-offer.ts";
import "../elements/cf-result.ts";
import "../elements/cf-step.ts";
import { isUndo } from "../elements/cf-undo.ts";
import { display } from "../elements/widget.ts";
import "./cf-history.ts";
import "./cf-prompt.ts";
import type { CfPrompt } from "./cf-prompt.ts";

const KEYS = "careflow.number-keys";
/** Where what to say begins on the page: below the bar and the step's name. */
const SAY_TOP_PX = 150;

export class CfScript extends Worded {
  static override properties = {
    api: { attribute: false },
    live: { attribute: false },
    conversation: {},
    keys: { state: true },
  };
  declare api: Api;
  declare live: Live;
  declare conversation: string;
  declare private keys: boolean;
  #chat: Chat | null = null;
  #asked = "";

  constructor() {
    super();
    this.keys = localStorage.getItem(KEYS) !== "off";
  }

  static override styles = [
    look,
    controls,
    card,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr) minmax(15rem, 19rem);
        gap: 1rem;
        align-items: start;
      }
      @media (max-width: 72rem) {
        :host { grid-template-columns: minmax(0, 1fr); }
      }
      .middle {
        display: grid;
        gap: 1.1rem;
        padding: 1.3rem 1.4rem 1.4rem;
        box-shadow: var(--shadow);
      }
      h2 {
        font-size: 1.25rem;
      }
      .results {
        display: grid;
        gap: 1rem;
        padding-top: 1.1rem;
        border-top: 1px solid var(--line);
      }
      .question {
        display: grid;
        gap: 0.7rem;
      }
      .question > p {
        font-weight: 560;
      }
      .answers {
        position: sticky;
        bottom: 0;
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 0.6rem 1.25rem;
        margin: 0 -1.4rem -1.4rem;
        padding: 1rem 1.4rem 1.2rem;
        border-top: 1px solid var(--line);
        border-radius: 0 0 var(--radius) var(--radius);
        background: var(--surface);
      }
      @media (max-height: 34rem) {
        .answers { position: static; }
      }
      .head {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 0.5rem 1rem;
      }
      .keys {
        display: flex;
        align-items: center;
        gap: 0.5rem;
        margin: 0;
        min-height: 2.5rem;
        font-weight: 500;
        color: var(--soft);
      }
      .keys input {
        width: 1.15rem;
        height: 1.15rem;
        accent-color: var(--accent);
      }
      .why dl > div {
        padding: 0.35rem 0 0.45rem 1.1rem;
      }
      .why dd {
        padding-top: 0.15rem;
        font-weight: 600;
      }
      @media (min-width: 72rem) {
        cf-history {
          position: sticky;
          top: 5rem;
          max-height: calc(100dvh - 6rem);
        }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("keydown", this.#key);
    this.#open();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("keydown", this.#key);
    this.#chat?.close();
    this.#chat = null;
  }

  override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("conversation") && this.#chat?.id !== this.conversation) this.#open();
  }

  override updated(): void {
    const question = this.#chat?.view.question;
    if (!question || question.id === this.#asked) return;
    this.#asked = question.id;
    const prompt = this.renderRoot.querySelector<CfPrompt>("cf-prompt");
    void prompt?.updateComplete.then(() => {
      prompt.focus();
      // What to say comes first on every new question, wherever one had scrolled to.
      const top = prompt.getBoundingClientRect().top;
      if (top < SAY_TOP_PX || top > innerHeight / 2) scrollBy({ top: top - SAY_TOP_PX });
    });
  }

  #open(): void {
    if (!this.conversation) return;
    this.#chat?.close();
    this.#asked = "";
    this.#chat = new Chat(this.api, this.live, this.conversation, () => {
      this.dispatchEvent(new CustomEvent("cf-link", { detail: this.#chat?.link, bubbles: true, composed: true }));
      this.requestUpdate();
    });
    void this.#chat.open();
  }

  #key = (event: KeyboardEvent): void => {
    if (!this.keys || event.ctrlKey || event.altKey || event.metaKey || !/^[1-9]$/.test(event.key)) return;
    const target = event.composedPath()[0];
    if (target instanceof HTMLInputElement && target.type !== "checkbox") return;
    if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return;
    const answers = this.renderRoot.querySelector<CfAnswers>("cf-answers");
    if (answers?.press(Number(event.key))) event.preventDefault();
  };

  override render() {
    const chat = this.#chat;
    if (!chat) return nothing;
    if (chat.failure && !chat.loaded) return html`<cf-failure .error=${chat.failure}></cf-failure>`;
    if (!chat.loaded) return html`<p class="card soft" role="status">${t(chat.link === "offline" ? "log-offline" : "loading")}</p>`;
    return html`
      <section class="card middle" aria-label=${t("script-label")}>${this.#middle(chat)}</section>
      <cf-history .view=${chat.view}></cf-history>
    `;
  }

  #middle(chat: Chat) {
    const { view } = chat;
    const now = view.working ?? view.question?.event ?? view.prompt?.event ?? null;
    const prompt: Prompt = this.#promptNow(view);
    const resting = Boolean(view.ended) || view.handoff === "waiting" || view.handoff === "taken";
    return html`
      <div class="head">
        <h2>${resting ? t("script-label") : (now?.step?.title ?? t("script-label"))}</h2>
        ${this.#handOver(chat)}
      </div>
      ${this.#loss(view)}
      ${view.working
        ? html`<cf-step .body=${view.working.body} .heading=${view.working.step?.title ?? ""} .ts=${view.working.ts} .ahead=${this.api.ahead_ms}></cf-step>`
        : nothing}
      <cf-prompt lang=${now?.locale ?? nothing} .prompt=${prompt} .words=${resting ? "" : (view.question?.text ?? "")}></cf-prompt>
      ${this.#state(view)}
      ${this.#results(view)}
      ${prompt.not_offered?.length ? this.#whyNot(prompt.not_offered) : nothing}
      ${chat.refusal ? html`<cf-failure .error=${chat.refusal.error}></cf-failure>` : nothing}
      ${this.#answers(chat)}
    `;
  }

  /** The prompt belongs to the step of the moment; an older one would say what is over. */
  #promptNow(view: View): Prompt {
    const { prompt, question, working } = view;
    if (!prompt || view.ended || view.handoff === "waiting" || view.handoff === "taken") return {};
    const step = (question?.event ?? working)?.step;
    const same = !step || !prompt.event.step || prompt.event.step.node === step.node;
    if (!working) return same ? prompt.body : {};
    // What was asked is answered; what remains is to say how long it takes, and the questions one may be asked.
    const say = t("script-say-working", { span: span(working.body.expected_s ?? 10) });
    return same ? { say, if_asked: prompt.body.if_asked ?? null } : { say };
  }

  #loss(view: View) {
    const last = view.items.findLast((item) => item.kind === "loss");
    if (last?.kind !== "loss" || last.over) return nothing;
    return html`<cf-countdown .seconds=${last.event.body.seconds ?? 0} .since=${last.event.ts} .ahead=${this.api.ahead_ms}></cf-countdown>`;
  }

  #state(view: View) {
    if (view.ended) return html`<cf-notice glyph="check" tone="good" .heading=${view.ended.body.text || t("ended-heading")}></cf-notice>`;
    if (view.handoff === "waiting") return html`<cf-notice glyph="headset" .heading=${t("script-waiting-operator")}></cf-notice>`;
    if (view.handoff === "taken") return html`<cf-notice glyph="headset" .heading=${t("handoff-taken", { name: view.ownerName || t("said-person") })}></cf-notice>`;
    return nothing;
  }

  #results(view: View) {
    const result = view.items.findLast((item) => item.kind === "result")?.event;
    const question = view.question?.event;
    const widgets = question?.body.widgets ?? [];
    const offers = (question?.body.actions ?? []).filter((action) => !isUndo(action) && (action.reason || action.writes));
    if (!result && !widgets.length && !question?.body.text) return nothing;
    return html`<div class="results">
      ${result ? html`<cf-result plain technical .body=${result.body} .heading=${result.step?.title ?? ""} .elapsed=${this.#elapsed(result)}></cf-result>` : nothing}
      ${question
        ? html`<div class="question">
            ${question.body.text && this.#promptNow(view).say ? html`<p>${question.body.text}</p>` : nothing}
            ${widgets.map((widget) => display(widget, question.body.text ?? "", this.#elapsed(question)))}
            ${offers.map((action) => html`<cf-offer .action=${action}></cf-offer>`)}
          </div>`
        : nothing}
    </div>`;
  }

  #elapsed(event: SessionEvent): number {
    return Math.max(0, (this.api.now_ms() - (toMs(event.ts) ?? this.api.now_ms())) / 1000);
  }

  #answers(chat: Chat) {
    const { view } = chat;
    const human = view.handoff === "waiting" || view.handoff === "taken";
    const waiting = !view.question || view.ended;
    return html`<div class="answers">
      ${waiting
        ? html`<p class="soft" role="status">${t(view.ended ? "script-over" : human ? "script-with-operator" : "script-wait")}</p>`
        : nothing}
      ${view.question
        ? html`<cf-answers ?numbered=${this.keys} .question=${view.question} .chosen=${chat.answering}
            @cf-answer=${(event: CustomEvent<Answered>) => chat.answer(event.detail.action, event.detail.values, event.detail.text)}></cf-answers>`
        : nothing}
      ${view.question
        ? html`<label class="keys"><input type="checkbox" .checked=${this.keys} @change=${this.#setKeys} />${t("script-number-keys")}</label>`
        : nothing}
    </div>`;
  }

  #handOver(chat: Chat) {
    if (chat.view.handoff === "waiting" || chat.view.handoff === "taken") return nothing;
    const asked = chat.pending.some((entry) => entry.kind === "person");
    return html`<button class="button slim" aria-disabled=${asked ? "true" : "false"} @click=${() => chat.person(t("script-hand-over"))}>
      ${icon("person", 18)}${t("script-hand-over")}</button>`;
  }

  #whyNot(listed: NonNullable<Prompt["not_offered"]>) {
    // One reason often holds for several; it is said once, with the steps below it.
    const reasons = new Map<string, string[]>();
    for (const one of listed) {
      const missing = one.missing?.length ? ` ${t("script-missing", { names: one.missing.join(", ") })}` : "";
      const why = `${one.why}${missing}`;
      reasons.set(why, [...(reasons.get(why) ?? []), one.label || one.node]);
    }
    return html`<details class="why">
      <summary>${t("script-why-not", { n: listed.length })}</summary>
      <dl>
        ${[...reasons].map(([why, labels]) => html`<div><dt class="soft">${why}</dt>${labels.map((label) => html`<dd>${label}</dd>`)}</div>`)}
      </dl>
    </details>`;
  }

  #setKeys = (event: Event): void => {
    this.keys = (event.target as HTMLInputElement).checked;
    localStorage.setItem(KEYS, this.keys ? "on" : "off");
  };
}
customElements.define("cf-script", CfScript);
