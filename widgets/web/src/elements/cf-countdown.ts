// The home may lose its connection for a moment: a countdown that needs no network. It begins at the
// time of the event, so a reload in the middle shows what is left.
import { css, html } from "lit";
import { icon } from "../icons.ts";
import { remaining, span, toMs } from "../moments.ts";
import { look } from "../style.ts";
import { t, Worded } from "../texts.ts";

const TICK_MS = 250;
/** From so long on a pause is no moment. */
const LONG_S = 60;

export class CfCountdown extends Worded {
  static override properties = { seconds: { type: Number }, since: {}, ahead: { type: Number }, over: { type: Boolean }, now: { state: true } };
  declare seconds: number;
  declare since: string;
  declare ahead: number;
  declare over: boolean;
  declare private now: number;
  #timer = 0;

  constructor() {
    super();
    this.ahead = 0;
    this.over = false;
    this.now = Date.now();
  }

  static override styles = [
    look,
    css`
      :host {
        display: flex;
        align-items: center;
        gap: 1rem;
        padding: 0.9rem 1.1rem;
        border-radius: var(--radius);
        background: var(--warn-wash);
      }
      .ring {
        position: relative;
        display: grid;
        place-items: center;
        width: 3.25rem;
        height: 3.25rem;
        flex: none;
        font-weight: 650;
        font-size: 1.0625rem;
        letter-spacing: -0.01em;
        color: var(--warn);
      }
      svg.dial {
        position: absolute;
        inset: 0;
        transform: rotate(-90deg);
      }
      circle {
        fill: none;
        stroke-width: 4;
        stroke: color-mix(in oklab, var(--warn) 22%, transparent);
      }
      .left {
        stroke: var(--warn);
        stroke-linecap: round;
        transition: stroke-dashoffset 250ms linear;
      }
      :host([over]) {
        background: var(--sunken);
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.now = Date.now();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  get #left_s(): number {
    const since = toMs(this.since) ?? this.now;
    return Math.max(0, this.seconds - (this.now + this.ahead - since) / 1000);
  }

  override updated(): void {
    clearTimeout(this.#timer);
    if (!this.over && this.isConnected && this.#left_s > 0) this.#timer = window.setTimeout(() => (this.now = Date.now()), TICK_MS);
  }

  #words(): string {
    return this.seconds >= LONG_S ? t("loss-now-long", { span: span(this.seconds) }) : t("loss-now");
  }

  override render() {
    if (this.over) return html`${icon("wifi")}<p class="soft">${t("loss-over")}</p>`;
    const left = this.#left_s;
    const share = this.seconds ? left / this.seconds : 0;
    return html`
      <div class="ring figures" role="timer" aria-live="off">
        <svg class="dial" viewBox="0 0 52 52" aria-hidden="true">
          <circle cx="26" cy="26" r="23"></circle>
          <circle class="left" cx="26" cy="26" r="23" pathLength="100" stroke-dasharray="100" stroke-dashoffset=${100 - share * 100}></circle>
        </svg>
        ${left > 0 ? remaining(left) : icon("clock")}
      </div>
      <p>${left > 0 ? this.#words() : t("loss-waiting")}</p>
    `;
  }
}
customElements.define("cf-countdown", CfCountdown);
