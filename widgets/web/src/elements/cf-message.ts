// One thing that somebody said. The side and the colour show whose it is, and so do words.
import { css, html, nothing } from "lit";
import { icon } from "../icons.ts";
import { look } from "../style.ts";
import { t, Worded } from "../texts.ts";

export type Voice = "bot" | "mine" | "person" | "customer" | "note";

export class CfMessage extends Worded {
  static override properties = {
    text: {},
    voice: { reflect: true },
    name: {},
    time: {},
    sending: { type: Boolean, reflect: true },
  };
  declare text: string;
  declare voice: Voice;
  declare name: string;
  declare time: string;
  declare sending: boolean;

  static override styles = [
    look,
    css`
      :host {
        display: flex;
        flex-direction: column;
        align-items: flex-start;
        max-width: 100%;
      }
      .bubble {
        max-width: min(34rem, 100%);
        padding: 0.75rem 1.05rem;
        border: 1px solid var(--line);
        border-radius: 0.35rem var(--radius) var(--radius) var(--radius);
        background: var(--surface);
        white-space: pre-line;
      }
      :host([voice="mine"]) {
        align-items: flex-end;
      }
      :host([voice="mine"]) .bubble {
        max-width: min(30rem, 86%);
        background: var(--accent);
        border-color: transparent;
        color: var(--on-accent);
        border-radius: var(--radius) var(--radius) 0.35rem var(--radius);
      }
      :host([voice="person"]) .bubble {
        background: var(--accent-wash);
        border-color: transparent;
      }
      :host([voice="note"]) .bubble {
        background: var(--note);
        border: 1px dashed var(--edge);
      }
      :host([sending]) .bubble {
        opacity: 0.75;
      }
      .who {
        display: flex;
        align-items: center;
        gap: 0.35rem;
        margin: 0 0.3rem 0.25rem;
        font-size: 0.8125rem;
        color: var(--soft);
        font-weight: 600;
      }
    `,
  ];

  override render() {
    const who = this.#who();
    return html`
      ${who ? html`<p class="who">${this.voice === "note" ? icon("note", 16) : nothing}${who}</p>` : nothing}
      <p class="bubble">${this.voice === "mine" ? html`<span class="unseen">${t("said-by-you")} </span>` : nothing}${this.text}</p>
      ${this.sending ? html`<p class="who">${t("said-sending")}</p>` : nothing}
    `;
  }

  #who(): string {
    const time = this.time ? ` · ${this.time}` : "";
    if (this.voice === "note") return `${t("said-note", { name: this.name || "" })}${time}`;
    if (this.voice === "person" || this.voice === "customer") return `${this.name || t("said-person")}${time}`;
    return "";
  }
}
customElements.define("cf-message", CfMessage);
