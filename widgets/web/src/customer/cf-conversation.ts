// One conversation on a phone: the log, and docked below it the answers of the one open question.
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
import "../elements/cf-writer.ts";

export class CfConversation extends Worded {
  static override properties = { api: { attribute: false }, live: { attribute: false }, conversation: {} };
  declare api: Api;
  declare live: Live;
  declare conversation: string;
  #chat: Chat | null = null;

  static override styles = [
    look,
    controls,
    css`
      :host {
        flex: 1;
        display: flex;
        flex-direction: column;
        width: 100%;
        max-width: 44rem;
        margin: 0 auto;
      }
      cf-transcript {
        flex: 1;
      }
      .dock {
        position: sticky;
        bottom: 0;
        z-index: 4;
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 0.55rem;
        max-height: 62dvh;
        overflow: auto;
        padding: 0.8rem max(1rem, env(safe-area-inset-right)) max(0.9rem, env(safe-area-inset-bottom)) max(1rem, env(safe-area-inset-left));
        background: color-mix(in oklab, var(--surface) 97%, transparent);
        backdrop-filter: blur(14px) saturate(1.4);
        border-top: 1px solid var(--line);
      }
      @media (min-width: 46rem) {
        .dock {
          bottom: 1rem;
          margin: 0 1rem 1rem;
          border: 1px solid var(--line);
          border-radius: calc(var(--radius) + 0.4rem);
          box-shadow: var(--shadow);
        }
      }
      @media (max-height: 30rem) {
        .dock {
          position: static;
          max-height: none;
        }
      }
      @container (max-width: 16rem) {
        .dock {
          position: static;
          max-height: none;
        }
      }
      .hint {
        text-align: center;
        font-size: 0.875rem;
        color: var(--soft);
      }
      .pad {
        padding: 1rem;
      }
      .pair {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(14rem, 100%), 1fr));
        gap: 0.55rem;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#open();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#chat?.close();
    this.#chat = null;
  }

  override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("conversation") && this.#chat?.id !== this.conversation) this.#open();
  }

  #open(): void {
    if (!this.conversation) return;
    this.#chat?.close();
    this.#chat = new Chat(this.api, this.live, this.conversation, () => {
      this.dispatchEvent(new CustomEvent("cf-link", { detail: this.#chat?.link, bubbles: true, composed: true }));
      this.requestUpdate();
    });
    void this.#chat.open();
  }

  override render() {
    const chat = this.#chat;
    if (!chat) return nothing;
    if (chat.failure && !chat.loaded) {
      return html`<div class="pad"><cf-failure .error=${chat.failure}></cf-failure></div>${this.#homeDock()}`;
    }
    return html`
      <cf-transcript .view=${chat.view} .pending=${chat.pending} me="customer" .ahead=${this.api.ahead_ms}></cf-transcript>
      ${chat.loaded ? nothing : html`<p class="pad soft" role="status">${t(chat.link === "offline" ? "log-offline" : "loading")}</p>`}
      ${chat.refusal ? html`<div class="pad"><cf-failure .error=${chat.refusal.error}></cf-failure></div>` : nothing}
      ${chat.loaded ? this.#dock(chat) : nothing}
    `;
  }

  #dock(chat: Chat) {
    const { view } = chat;
    const human = view.handoff === "waiting" || view.handoff === "taken" || view.owner === "operator";
    if (view.ended) return this.#endDock(chat);
    return html`<footer class="dock" aria-label=${t("dock-label")}>
      ${view.question
        ? html`<cf-answers .question=${view.question} .chosen=${chat.answering}
            @cf-answer=${(event: CustomEvent<Answered>) => chat.answer(event.detail.action, event.detail.values, event.detail.text)}></cf-answers>`
        : nothing}
      ${view.handoff === "waiting" ? html`<p class="hint">${t("waiting-person")}</p>` : nothing}
      ${human
        ? html`<cf-writer .label=${t("write-person")} @cf-write=${(event: CustomEvent<string>) => chat.say(event.detail)}></cf-writer>`
        : this.#personButton(chat)}
    </footer>`;
  }

  #personButton(chat: Chat) {
    const asked = chat.pending.some((entry) => entry.kind === "person");
    return html`<button class="button ${chat.view.question ? "quiet" : ""} wide" aria-disabled=${asked ? "true" : "false"}
      @click=${() => chat.person(t("person-ask"))}>${icon("person", 20)}${t("person-ask")}</button>`;
  }

  #endDock(chat: Chat) {
    const question = chat.view.question;
    const actions = question?.actions ?? [];
    return html`<footer class="dock" aria-label=${t("dock-label")}>
      <a class="button primary wide" href="#">${t("ended-home")}</a>
      <div class="pair">
        ${actions.map((action) =>
          isUndo(action)
            ? html`<cf-undo .action=${action} ?off=${Boolean(chat.answering)} @cf-agreed=${() => chat.answer(action, {})}></cf-undo>`
            : html`<button class="button" aria-disabled=${chat.answering ? "true" : "false"}
                @click=${() => chat.answer(action, action.values ?? {})}>${icon("again", 20)}${action.label}</button>`,
        )}
        ${this.#personButton(chat)}
      </div>
    </footer>`;
  }

  #homeDock() {
    return html`<footer class="dock"><a class="button primary wide" href="#">${t("ended-home")}</a></footer>`;
  }
}
customElements.define("cf-conversation", CfConversation);
