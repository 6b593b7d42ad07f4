// A run that was started on the page of a router, live: the conversation with its answers, in a pane beside
// what one looks at, or over it on a small screen.
import { css, html, nothing } from "lit";
import { icon } from "../icons.ts";
import { controls, look } from "../style.ts";
import { t, Worded } from "../texts.ts";
import type { Api } from "../wire/api.ts";
import { Chat } from "../wire/chat.ts";
import type { Live } from "../wire/socket.ts";
import "../elements/cf-answers.ts";
import type { Answered } from "../elements/cf-answers.ts";
import "../elements/cf-failure.ts";
import "../elements/cf-transcript.ts";
import { isUndo } from "../elements/cf-undo.ts";

export class CfRun extends Worded {
  static override properties = { api: { attribute: false }, live: { attribute: false }, conversation: {}, heading: { state: true } };
  declare api: Api;
  declare live: Live;
  declare conversation: string;
  declare private heading: string;
  #chat: Chat | null = null;

  constructor() {
    super();
    this.heading = "";
  }

  static override styles = [
    look,
    controls,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-height: 0;
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--canvas);
        box-shadow: var(--shadow);
        overflow: hidden;
      }
      header {
        display: flex;
        align-items: center;
        gap: 0.5rem;
        padding: 0.5rem 0.5rem 0.5rem 1.1rem;
        border-bottom: 1px solid var(--line);
        background: var(--surface);
      }
      h2 {
        flex: 1;
        font-size: 1.0625rem;
        overflow-wrap: anywhere;
      }
      cf-transcript {
        flex: 1;
      }
      footer {
        max-height: 45%;
        overflow: auto;
        padding: 0.8rem 1rem 1rem;
        border-top: 1px solid var(--line);
        background: var(--surface);
      }
      .over {
        display: grid;
        gap: 0.5rem;
      }
      .pad {
        padding: 1rem;
      }
      @media (max-width: 70rem), (max-height: 30rem) {
        :host { border-radius: 0; border: 0; }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener("keydown", this.#key);
    if (this.hasUpdated) this.#open();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.removeEventListener("keydown", this.#key);
    this.#chat?.close();
    this.#chat = null;
  }

  override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("conversation") && this.#chat?.id !== this.conversation) this.#open();
  }

  override firstUpdated(): void {
    this.renderRoot.querySelector<HTMLElement>("h2")?.focus();
  }

  #open(): void {
    this.#chat?.close();
    this.heading = "";
    this.#chat = new Chat(this.api, this.live, this.conversation, () => {
      this.dispatchEvent(new CustomEvent("cf-link", { detail: this.#chat?.link, bubbles: true, composed: true }));
      this.requestUpdate();
    });
    void this.#chat.open();
    const id = this.conversation;
    this.api
      .get<{ title: string }>(`conversations/${encodeURIComponent(id)}`)
      .then((told) => id === this.conversation && (this.heading = told.title), () => undefined);
  }

  override render() {
    const chat = this.#chat;
    return html`
      <header><h2 tabindex="-1">${this.heading || t("router-run")}</h2>
        <button class="round" aria-label=${t("router-run-close")} @click=${this.#close}>${icon("cross", 22)}</button></header>
      ${chat ? this.#inside(chat) : nothing}
    `;
  }

  #inside(chat: Chat) {
    if (chat.failure && !chat.loaded) return html`<div class="pad"><cf-failure .error=${chat.failure}></cf-failure></div>`;
    const { view } = chat;
    return html`
      <cf-transcript inner me="operator" .view=${view} .pending=${chat.pending} .ahead=${this.api.ahead_ms}></cf-transcript>
      ${chat.loaded ? nothing : html`<p class="pad soft" role="status">${t(chat.link === "offline" ? "log-offline" : "loading")}</p>`}
      ${chat.refusal ? html`<div class="pad"><cf-failure .error=${chat.refusal.error}></cf-failure></div>` : nothing}
      ${chat.loaded && view.ended
        ? this.#over(chat)
        : chat.loaded && view.question
          ? html`<footer aria-label=${t("dock-label")}>
              <cf-answers .question=${view.question} .chosen=${chat.answering}
                @cf-answer=${(event: CustomEvent<Answered>) => chat.answer(event.detail.action, event.detail.values, event.detail.text)}></cf-answers>
            </footer>`
          : nothing}
    `;
  }

  /** At the end the way out comes first; what was changed may be put back, or all done once more. */
  #over(chat: Chat) {
    const off = Boolean(chat.answering);
    return html`<footer class="over" aria-label=${t("dock-label")}>
      <button class="button primary wide" @click=${this.#close}>${t("router-run-close")}</button>
      ${(chat.view.question?.actions ?? []).map((action) =>
        isUndo(action)
          ? html`<cf-undo .action=${action} ?off=${off} @cf-agreed=${() => chat.answer(action, {})}></cf-undo>`
          : html`<button class="button wide" aria-disabled=${off ? "true" : "false"} @click=${() => chat.answer(action, action.values ?? {})}>${icon("again", 20)}${action.label}</button>`,
      )}
    </footer>`;
  }

  #close = (): void => {
    this.dispatchEvent(new CustomEvent("cf-closed"));
  };

  #key = (event: KeyboardEvent): void => {
    if (event.key === "Escape" && !event.defaultPrevented) this.#close();
  };
}
customElements.define("cf-run", CfRun);
