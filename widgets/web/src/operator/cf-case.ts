// One escalation: the conversation in the middle, what was found on the right, and what an operator
// can do: take, write, note, hand back, resolve.
import { css, html, nothing } from "lit";
import { icon } from "../icons.ts";
import { card, controls, look } from "../style.ts";
import { language, oneOf, t, Worded } from "../texts.ts";
import type { Api } from "../wire/api.ts";
import { Chat } from "../wire/chat.ts";
import { ApiError } from "../wire/failure.ts";
import { newMessageId } from "../wire/outbox.ts";
import type { Live } from "../wire/socket.ts";
import type { EscalationDetail } from "../wire/staff.ts";
import "../elements/cf-failure.ts";
import "../elements/cf-transcript.ts";
import "../elements/cf-writer.ts";
import type { CfWriter } from "../elements/cf-writer.ts";
import "./cf-found.ts";

export class CfCase extends Worded {
  static override properties = {
    api: { attribute: false },
    live: { attribute: false },
    escalation: {},
    detail: { state: true },
    error: { state: true },
    busy: { state: true },
    noting: { state: true },
  };
  declare api: Api;
  declare live: Live;
  /** The escalation's id. */
  declare escalation: string;
  declare private detail: EscalationDetail | null;
  declare private error: ApiError | null;
  declare private busy: boolean;
  declare private noting: boolean;
  #chat: Chat | null = null;
  #stops: (() => void)[] = [];
  #language = "";
  /** The error shown is about reading, and gone once reading works. */
  #unread = false;

  constructor() {
    super();
    this.detail = null;
    this.error = null;
    this.busy = false;
    this.noting = false;
  }

  static override styles = [
    look,
    controls,
    card,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr) minmax(18rem, 23rem);
        grid-template-rows: minmax(0, 1fr);
        min-height: 0;
      }
      .talk {
        display: flex;
        flex-direction: column;
        min-height: 0;
        border-inline: 1px solid var(--line);
      }
      .head {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.5rem;
        padding: 0.8rem 1.1rem;
        border-bottom: 1px solid var(--line);
        background: var(--surface);
      }
      .head div {
        flex: 1;
        min-width: 12rem;
      }
      h2 {
        font-size: 1.125rem;
      }
      cf-transcript {
        flex: 1;
      }
      .write {
        padding: 0.8rem 1.1rem 1rem;
        border-top: 1px solid var(--line);
        background: var(--surface);
      }
      .kinds {
        display: flex;
        gap: 0.4rem;
        margin-bottom: 0.6rem;
      }
      .kinds .button[aria-pressed="true"] {
        background: var(--accent-wash);
        border-color: var(--accent);
      }
      .kinds .note[aria-pressed="true"] {
        background: var(--note);
        color: var(--ink);
        border-color: var(--edge);
      }
      .found {
        background: var(--surface);
        min-height: 0;
        overflow: auto;
      }
      .pad {
        padding: 0.8rem 1.1rem;
      }
      dialog {
        width: min(30rem, calc(100vw - 2rem));
        padding: 1.6rem;
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--surface);
        color: var(--ink);
        box-shadow: var(--shadow);
      }
      dialog::backdrop {
        background: oklch(0.2 0.03 220 / 0.5);
      }
      dialog form {
        display: grid;
        gap: 1rem;
        margin-top: 0.9rem;
      }
      .ends {
        display: flex;
        justify-content: flex-end;
        flex-wrap: wrap;
        gap: 0.5rem;
      }
      @media (max-width: 72rem) {
        :host { grid-template: auto / minmax(0, 1fr); }
        .talk { border: 0; min-height: 34rem; }
        .found { border-top: 1px solid var(--line); }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stops = [
      this.live.on("desk", (change: { id?: string }) => {
        if (change.id === this.escalation) void this.#load();
      }),
    ];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const stop of this.#stops) stop();
    this.#chat?.close();
    this.#chat = null;
  }

  override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("escalation")) {
      this.detail = null;
      this.noting = false;
      this.#chat?.close();
      this.#chat = null;
    }
    if (changed.has("escalation") || this.#language !== language()) void this.#load();
  }

  #load = async (): Promise<void> => {
    this.#language = language();
    const id = this.escalation;
    try {
      const detail = await this.api.get<EscalationDetail>(`staff/escalations/${encodeURIComponent(id)}?locale=${this.#language}`);
      if (id !== this.escalation || !this.isConnected) return;
      this.detail = detail;
      if (this.#unread) this.error = null;
      this.#unread = false;
      this.#follow(detail.conversation_id);
    } catch (error) {
      this.error = ApiError.from(error);
      this.#unread = true;
    }
  };

  #follow(conversation: string): void {
    if (this.#chat?.id === conversation) return;
    this.#chat?.close();
    let seen = 0;
    this.#chat = new Chat(this.api, this.live, conversation, () => {
      this.dispatchEvent(new CustomEvent("cf-link", { detail: this.#chat?.link, bubbles: true, composed: true }));
      this.requestUpdate();
      // A new result changes what was found; the context is asked for again.
      const results = this.#chat?.view.items.filter((item) => item.kind === "result").length ?? 0;
      if (seen && results > seen) void this.#load();
      seen = results;
    });
    void this.#chat.open();
  }

  override render() {
    const { detail } = this;
    if (!detail) {
      return this.error
        ? html`<div class="pad"><cf-failure .error=${this.error} .retry=${this.#load}></cf-failure></div>`
        : html`<p class="pad soft" role="status">${t("loading")}</p>`;
    }
    return html`
      <section class="talk" aria-label=${t("desk-conversation")}>
        ${this.#head(detail)}
        ${this.error ? html`<div class="pad"><cf-failure .error=${this.error}></cf-failure></div>` : nothing}
        ${this.#chat
          ? html`<cf-transcript inner me="operator" .view=${this.#chat.view} .pending=${this.#chat.pending} .ahead=${this.api.ahead_ms}></cf-transcript>`
          : nothing}
        ${this.#chat?.refusal ? html`<div class="pad"><cf-failure .error=${this.#chat.refusal.error}></cf-failure></div>` : nothing}
        ${this.#write(detail)}
      </section>
      <aside class="found" tabindex="0" aria-label=${t("desk-found")}><cf-found .detail=${detail}></cf-found></aside>
      ${this.#handBackDialog(detail)} ${this.#resolveDialog(detail)}
    `;
  }

  get #mine(): boolean {
    return this.detail?.state === "taken" && this.detail.taken_by?.id === this.api.subject?.id;
  }

  #head(detail: EscalationDetail) {
    const customer = `${detail.customer.first_name ?? ""} ${detail.customer.last_name ?? ""}`.trim();
    const state = t(`desk-state-${detail.state.replace("_", "-")}`, { name: detail.taken_by?.name ?? "" });
    return html`<header class="head">
      <div><h2>${customer || detail.customer_name || t("desk-customer")}</h2><p class="small soft">${detail.title} · ${state}</p></div>
      ${detail.state === "waiting"
        ? html`<button class="button primary slim" aria-disabled=${this.busy ? "true" : "false"} @click=${this.#take}>${t("desk-take")}</button>`
        : nothing}
      ${this.#mine
        ? html`<button class="button slim" ?disabled=${!detail.hand_back_steps.length} @click=${() => this.#show("back")}>${icon("again", 18)}${t("desk-hand-back")}</button>
            <button class="button primary slim" @click=${() => this.#show("resolve")}>${icon("check", 18)}${t("desk-resolve")}</button>`
        : nothing}
    </header>`;
  }

  #write(detail: EscalationDetail) {
    const open = detail.state === "waiting" || detail.state === "taken";
    if (!open) {
      const words = detail.state === "handed_back" ? "desk-with-assistant" : "desk-closed";
      return html`<p class="write soft">${t(words)}${detail.note ? ` ${detail.note}` : ""}</p>`;
    }
    const noting = this.noting || !this.#mine;
    // Two fields, so that what was begun as a private note can never go to the customer.
    return html`<div class="write">
      <div class="kinds" role="group" aria-label=${t("desk-write-kind")}>
        ${this.#mine
          ? html`<button class="button slim" aria-pressed=${!noting} @click=${() => (this.noting = false)}>${icon("chat", 18)}${t("desk-to-customer")}</button>`
          : nothing}
        <button class="button slim note" aria-pressed=${noting} @click=${() => (this.noting = true)}>${icon("note", 18)}${t("desk-note")}</button>
      </div>
      <cf-writer note ?hidden=${!noting} .label=${t("desk-write-note")} @cf-write=${(event: CustomEvent<string>) => void this.#note(event.detail)}></cf-writer>
      <cf-writer ?hidden=${noting} .label=${t("desk-write-customer")} @cf-write=${(event: CustomEvent<string>) => this.#chat?.say(event.detail)}></cf-writer>
      ${this.#mine ? nothing : html`<p class="hint">${t("desk-take-first")}</p>`}
    </div>`;
  }

  #handBackDialog(detail: EscalationDetail) {
    return html`<dialog id="back" aria-labelledby="back-title">
      <h2 id="back-title">${t("desk-hand-back")}</h2>
      <p class="soft">${t("desk-hand-back-lead")}</p>
      <form method="dialog" @submit=${this.#handBack}>
        <div>
          <label for="node">${t("desk-hand-back-step")}</label>
          <select class="input" id="node">${detail.hand_back_steps.map((step) => html`<option value=${step.node}>${step.title}</option>`)}</select>
        </div>
        ${this.#ends("back", t("desk-hand-back"))}
      </form>
    </dialog>`;
  }

  #resolveDialog(detail: EscalationDetail) {
    return html`<dialog id="resolve" aria-labelledby="resolve-title">
      <h2 id="resolve-title">${t("desk-resolve")}</h2>
      <p class="soft">${t("desk-resolve-lead")}</p>
      <form method="dialog" @submit=${this.#resolve}>
        <div>
          <label for="disposition">${t("desk-disposition")}</label>
          <select class="input" id="disposition">
            ${detail.dispositions.map((one) => html`<option value=${one}>${oneOf(`disposition-${one}`, "disposition-other", { name: one })}</option>`)}
          </select>
        </div>
        <div>
          <label for="note">${t("desk-resolve-note")}</label>
          <textarea class="input" id="note" rows="3" maxlength="4000"></textarea>
        </div>
        ${this.#ends("resolve", t("desk-resolve"))}
      </form>
    </dialog>`;
  }

  #ends(id: string, go: string) {
    return html`<div class="ends">
      <button class="button" type="button" @click=${() => this.#dialog(id).close()}>${t("dialog-cancel")}</button>
      <button class="button primary">${go}</button>
    </div>`;
  }

  #dialog(id: string): HTMLDialogElement {
    return this.renderRoot.querySelector<HTMLDialogElement>(`dialog#${id}`)!;
  }

  #show(id: string): void {
    this.#dialog(id).showModal();
  }

  #take = async (): Promise<void> => {
    const taken = await this.#act("take", undefined);
    // A note that is being written stays the field one writes in.
    this.noting = this.renderRoot.querySelector<CfWriter>("cf-writer[note]")?.written ?? false;
    if (taken) this.dispatchEvent(new CustomEvent("cf-taken", { bubbles: true, composed: true }));
  };

  #handBack = () => this.#act("hand-back", { node: this.renderRoot.querySelector<HTMLSelectElement>("#node")!.value });

  #resolve = () => {
    const disposition = this.renderRoot.querySelector<HTMLSelectElement>("#disposition")!.value;
    const note = this.renderRoot.querySelector<HTMLTextAreaElement>("#note")!.value.trim();
    return this.#act("resolve", { disposition, note });
  };

  /** True when the server did it. */
  async #act(verb: string, body: unknown): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.error = null;
    try {
      await this.api.post(`staff/escalations/${encodeURIComponent(this.escalation)}/${verb}`, body);
    } catch (error) {
      this.error = ApiError.from(error);
    } finally {
      this.busy = false;
    }
    const done = this.error === null;
    await Promise.all([this.#load(), this.#chat?.refresh()]);
    this.dispatchEvent(new CustomEvent("cf-changed", { bubbles: true, composed: true }));
    return done;
  }

  async #note(text: string): Promise<void> {
    const id = this.detail!.conversation_id;
    this.error = null;
    try {
      await this.api.post(`staff/conversations/${encodeURIComponent(id)}/notes`, { client_message_id: newMessageId(), text });
      await this.#chat?.refresh();
    } catch (error) {
      this.error = ApiError.from(error);
    }
  }
}
customElements.define("cf-case", CfCase);
