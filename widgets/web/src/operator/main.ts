// The operator's desk: list, conversation, what was found. The address after # says which case is open.
import { css, html } from "lit";
import "../tokens.css";
import { icon } from "../icons.ts";
import { Workplace } from "../staff/workplace.ts";
import { begin, t } from "../texts.ts";
import "./cf-case.ts";
import "./cf-queue.ts";
import type { CfQueue } from "./cf-queue.ts";

class CfOperator extends Workplace {
  protected readonly roles = ["operator", "supervisor"];

  constructor() {
    super("operator");
  }

  static override styles = [
    ...Workplace.styles,
    css`
      .desk {
        flex: none;
        display: grid;
        grid-template-columns: minmax(16rem, 20rem) minmax(0, 1fr);
        grid-template-rows: minmax(0, 1fr);
        height: calc(100dvh - 4.1rem);
        background: var(--surface);
      }
      .desk > * {
        min-height: 0;
      }
      cf-case {
        background: var(--canvas);
      }
      .none {
        display: grid;
        place-content: center;
        justify-items: center;
        gap: 0.6rem;
        padding: 2rem;
        border-inline-start: 1px solid var(--line);
        background: var(--canvas);
        color: var(--soft);
        text-align: center;
      }
      .none .icon {
        color: var(--accent);
      }
      .none h2 {
        color: var(--ink);
        font-size: 1.25rem;
      }
      @media (max-width: 72rem), (max-height: 34rem) {
        .desk {
          flex: 1;
          height: auto;
          grid-template-rows: auto;
        }
      }
      @media (max-width: 52rem) {
        .desk { grid-template-columns: minmax(0, 1fr); }
        .none { display: none; }
        cf-queue { max-height: 22rem; border-bottom: 1px solid var(--line); }
      }
    `,
  ];

  protected words() {
    return { title: t("desk-title"), heading: t("desk-sign-in"), lead: t("desk-sign-in-lead") };
  }

  protected screen() {
    const chosen = /^#e\/([\w-]{1,64})$/.exec(this.hash)?.[1] ?? "";
    return html`<div class="desk">
      <cf-queue .api=${this.api} .live=${this.live} .chosen=${chosen}></cf-queue>
      ${chosen
        ? html`<cf-case .api=${this.api} .live=${this.live} .escalation=${chosen} @cf-changed=${this.#changed} @cf-taken=${this.#taken}></cf-case>`
        : html`<div class="none">${icon("inbox", 44)}<h2>${t("desk-choose")}</h2><p>${t("desk-choose-lead")}</p></div>`}
    </div>`;
  }

  #changed = (): void => {
    void this.renderRoot.querySelector<CfQueue>("cf-queue")?.refresh();
  };

  /** What was taken is shown among mine, so that it does not vanish from the list. */
  #taken = (): void => this.renderRoot.querySelector<CfQueue>("cf-queue")?.see("mine");
}

void begin("people", "staff", "widgets").then(() => customElements.define("cf-operator", CfOperator));
