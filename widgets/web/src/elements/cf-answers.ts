// The answers of the open question: buttons, the primary one first, at most five at once; or a form
// with its errors by field. Fires "cf-answer" with the action and its values.
import { css, html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { controls, look } from "../style.ts";
import { t, Worded } from "../texts.ts";
import type { Question } from "../wire/conversation.ts";
import type { Action, Widget } from "../wire/types.ts";
import "./cf-choice.ts";
import "./cf-text.ts";
import { isUndo } from "./cf-undo.ts";

const FIRST_ACTIONS = 5;

export interface Answered {
  action: Action;
  values: Record<string, unknown>;
  text: string;
}

/** A single choice comes as buttons that carry their values; then there is nothing to fill in. */
export function isForm(question: Question): boolean {
  return question.fields.length > 0 && !question.actions.some((action) => Object.keys(action.values ?? {}).length);
}

export function ordered(actions: readonly Action[]): Action[] {
  return [...actions].sort((a, b) => Number(b.style === "primary") - Number(a.style === "primary"));
}

export class CfAnswers extends Worded {
  static override properties = {
    question: { attribute: false },
    chosen: { attribute: false },
    numbered: { type: Boolean, reflect: true },
    all: { state: true },
    values: { state: true },
  };
  declare question: Question;
  /** The action on its way to the server, if any: it stays marked, and no other can be pressed. */
  declare chosen: { action?: string; values?: Record<string, unknown> } | null;
  /** Show the number key of each answer, in a row. */
  declare numbered: boolean;
  declare private all: boolean;
  declare private values: Record<string, string>;
  #asked = "";

  constructor() {
    super();
    this.chosen = null;
    this.numbered = false;
    this.all = false;
    this.values = {};
  }

  static override styles = [
    look,
    controls,
    css`
      form, .answers {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 0.55rem;
      }
      form > * + .button {
        margin-top: 0.25rem;
      }
      .button {
        width: 100%;
        min-height: 3.25rem;
      }
      :host([numbered]) .answers {
        display: flex;
        flex-wrap: wrap;
      }
      :host([numbered]) .button {
        width: auto;
        min-height: var(--target);
      }
      kbd {
        display: inline-grid;
        place-items: center;
        min-width: 1.5rem;
        height: 1.5rem;
        margin-inline-start: -0.4rem;
        border-radius: 0.4rem;
        border: 1px solid currentColor;
        font: 600 0.8125rem var(--font);
      }
      .button.chosen {
        opacity: 1;
      }
      .button.chosen::after {
        content: "";
        width: 1rem;
        height: 1rem;
        border-radius: 50%;
        border: 2.5px solid currentColor;
        border-inline-end-color: transparent;
        animation: turn 0.9s linear infinite;
      }
      @keyframes turn {
        to { transform: rotate(1turn); }
      }
    `,
  ];

  override willUpdate(): void {
    if (this.question.id === this.#asked) return;
    this.#asked = this.question.id;
    this.values = {};
    this.all = false;
  }

  /** Press the n-th answer, counted from 1; false when there is none. */
  press(n: number): boolean {
    const buttons = this.renderRoot.querySelectorAll<HTMLElement>("[data-answer]");
    buttons[n - 1]?.click();
    return Boolean(buttons[n - 1]);
  }

  override render() {
    const { question } = this;
    const actions = ordered(question.actions);
    if (!isForm(question)) return html`<div class="answers">${this.#buttons(actions)}</div>`;
    const [first, ...others] = actions;
    return html`<form novalidate @submit=${this.#submit}>
      ${question.fields.map((field) => this.#field(field))}
      <button class="button primary" type="submit" data-answer aria-disabled=${this.chosen ? "true" : "false"}>
        ${first?.label ?? t("answer-send")}
      </button>
      ${this.#buttons(others)}
    </form>`;
  }

  #buttons(actions: readonly Action[]) {
    const seen = this.all ? actions : actions.slice(0, FIRST_ACTIONS);
    return html`${repeat(
      seen,
      (action) => `${this.question.id}/${action.id}/${JSON.stringify(action.values ?? {})}`,
      (action, index) => this.#button(action, index),
    )}
    ${seen.length < actions.length
      ? html`<button class="button quiet" type="button" @click=${() => (this.all = true)}>${t("answers-more", { n: actions.length - seen.length })}</button>`
      : nothing}`;
  }

  #button(action: Action, index: number) {
    const primary = action.style === "primary" || (index === 0 && !this.question.actions.some((one) => one.style === "primary"));
    const chosen = this.#isChosen(action);
    if (isUndo(action)) {
      return html`<cf-undo data-answer .action=${action} ?chosen=${chosen} ?off=${Boolean(this.chosen)} @cf-agreed=${() => this.#answer(action, {}, action.label)}></cf-undo>`;
    }
    return html`<button class="button ${primary ? "primary" : ""} ${chosen ? "chosen" : ""}" type="button" data-answer
      aria-disabled=${this.chosen ? "true" : "false"} aria-keyshortcuts=${this.numbered && index < 9 ? String(index + 1) : nothing}
      @click=${() => this.#answer(action, action.values ?? {}, action.label)}>
      ${this.numbered && index < 9 ? html`<kbd aria-hidden="true">${index + 1}</kbd>` : nothing}${action.label}
    </button>`;
  }

  #field(field: Widget) {
    const changed = (event: Event) => {
      this.values = { ...this.values, [field.id]: (event.target as HTMLElement & { value: string }).value };
    };
    const errors = this.question.errors[field.id] ?? [];
    const value = this.values[field.id] ?? "";
    return field.type === "choice"
      ? html`<cf-choice .widget=${field} .value=${value} .errors=${errors} @change=${changed}></cf-choice>`
      : html`<cf-text .widget=${field} .value=${value} .errors=${errors} @change=${changed}></cf-text>`;
  }

  #isChosen(action: Action): boolean {
    return this.chosen?.action === action.id && JSON.stringify(this.chosen.values ?? {}) === JSON.stringify(action.values ?? {});
  }

  #submit(event: Event): void {
    event.preventDefault();
    const first = ordered(this.question.actions)[0];
    const said = this.question.fields.map((field) => this.#said(field)).filter(Boolean).join("; ");
    this.#answer(first ?? { id: "answer", label: t("answer-send") }, this.values, said || t("answer-send"));
  }

  #said(field: Widget): string {
    const value = this.values[field.id] ?? "";
    return field.options?.find((option) => option.value === value)?.label ?? value;
  }

  #answer(action: Action, values: Record<string, unknown>, text: string): void {
    if (this.chosen) return;
    const detail: Answered = { action, values, text };
    this.dispatchEvent(new CustomEvent("cf-answer", { detail, bubbles: true, composed: true }));
  }
}
customElements.define("cf-answers", CfAnswers);
