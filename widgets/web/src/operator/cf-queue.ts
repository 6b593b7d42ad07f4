// The desk's list: mine, unassigned, all; the longest waiting first. It follows the desk over the
// socket, and asks every few seconds where there is none.
import { css, html, nothing } from "lit";
import { icon } from "../icons.ts";
import { toMs, waited } from "../moments.ts";
import { card, controls, look } from "../style.ts";
import { oneOf, t, Worded } from "../texts.ts";
import type { Api } from "../wire/api.ts";
import { ApiError } from "../wire/failure.ts";
import type { Live } from "../wire/socket.ts";
import type { DeskView, Escalation, EscalationPage } from "../wire/staff.ts";
import "../elements/cf-failure.ts";

const VIEWS: readonly DeskView[] = ["mine", "unassigned", "all"];
const POLL_MS = 4000;
const WATCH_MS = 20_000;
const LATE_S = 300;

export class CfQueue extends Worded {
  static override properties = {
    api: { attribute: false },
    live: { attribute: false },
    chosen: {},
    view: { state: true },
    page: { state: true },
    error: { state: true },
    now: { state: true },
  };
  declare api: Api;
  declare live: Live;
  /** The id of the open escalation. */
  declare chosen: string;
  declare private view: DeskView;
  declare private page: EscalationPage | null;
  declare private error: ApiError | null;
  declare private now: number;
  #timer = 0;
  #stops: (() => void)[] = [];

  constructor() {
    super();
    this.chosen = "";
    this.view = "unassigned";
    this.page = null;
    this.error = null;
    this.now = Date.now();
  }

  static override styles = [
    look,
    controls,
    card,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-height: 0;
      }
      .views {
        display: flex;
        gap: 0.25rem;
        margin: 0.9rem;
        padding: 0.25rem;
        border-radius: var(--radius-small);
        background: var(--sunken);
      }
      .views button {
        flex: 1 1 auto;
        min-height: 2.5rem;
        padding: 0.3rem 0.5rem;
        white-space: nowrap;
        border: 0;
        border-radius: 0.55rem;
        background: none;
        color: var(--soft);
        font-weight: 600;
        font-size: 0.9375rem;
        cursor: pointer;
      }
      .views button[aria-pressed="true"] {
        background: var(--surface);
        color: var(--accent);
        box-shadow: 0 0 0 1.5px var(--accent);
      }
      ul {
        overflow: auto;
        min-height: 0;
        flex: 1;
        padding: 0 0.5rem 1rem;
      }
      .row {
        display: grid;
        gap: 0.1rem;
        margin-bottom: 0.25rem;
        padding: 0.75rem 0.85rem;
        border-radius: var(--radius-small);
        border: 1.5px solid transparent;
        color: inherit;
        text-decoration: none;
      }
      @media (hover: hover) {
        .row:hover {
          background: var(--sunken);
        }
      }
      .row[aria-current="true"] {
        background: var(--accent-wash);
        border-color: var(--accent);
      }
      .top {
        display: flex;
        gap: 0.5rem;
        align-items: baseline;
      }
      b {
        flex: 1;
        min-width: 0;
        overflow-wrap: anywhere;
        font-weight: 630;
      }
      .wait {
        display: inline-flex;
        align-items: center;
        gap: 0.25rem;
        font-size: 0.875rem;
        color: var(--soft);
        white-space: nowrap;
      }
      .wait.late {
        color: var(--warn);
        font-weight: 650;
      }
      .title {
        font-size: 0.9375rem;
      }
      .tags {
        display: flex;
        flex-wrap: wrap;
        gap: 0.3rem 0.6rem;
        margin-top: 0.15rem;
        font-size: 0.8125rem;
        color: var(--soft);
      }
      .empty {
        padding: 1.5rem 1.25rem;
        color: var(--soft);
        text-align: center;
      }
      .empty .icon {
        margin: 0 auto 0.5rem;
        color: var(--accent);
      }
      cf-failure {
        padding: 0 0.9rem;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stops = [
      this.live.on("desk", () => void this.refresh()),
      this.live.watch((up) => {
        if (up) void this.live.ask("join_desk", {}).then(() => this.refresh(), () => undefined);
      }),
    ];
    if (this.live.up) void this.live.ask("join_desk", {}).catch(() => undefined);
    void this.refresh();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    for (const stop of this.#stops) stop();
  }

  /** Ask again for the list. */
  async refresh(): Promise<void> {
    clearTimeout(this.#timer);
    const { view } = this;
    try {
      const page = await this.api.get<EscalationPage>(`staff/escalations?view=${view}&limit=50`);
      if (view === this.view) this.page = page;
      this.error = null;
    } catch (error) {
      this.error = ApiError.from(error);
    }
    this.now = this.api.now_ms();
    clearTimeout(this.#timer);
    if (this.isConnected) this.#timer = window.setTimeout(() => void this.refresh(), this.live.up ? WATCH_MS : POLL_MS);
  }

  override render() {
    const { page } = this;
    return html`
      <div class="views" role="group" aria-label=${t("desk-views")}>
        ${VIEWS.map(
          (view) => html`<button aria-pressed=${this.view === view} @click=${() => this.see(view)}>
            ${t(`desk-view-${view}`)}${view !== "all" && page ? html` <span class="figures">${page.counts[view]}</span>` : nothing}
          </button>`,
        )}
      </div>
      <cf-failure .error=${this.error} .retry=${() => void this.refresh()}></cf-failure>
      <p class="unseen" role="status">${page ? t("desk-count", { n: page.items.length }) : ""}</p>
      ${page?.items.length
        ? html`<ul>${page.items.map((one) => html`<li>${this.#row(one)}</li>`)}</ul>`
        : page
          ? html`<div class="empty">${icon("inbox", 34)}${t(`desk-empty-${this.view}`)}</div>`
          : html`<p class="empty">${t("loading")}</p>`}
    `;
  }

  #row(one: Escalation) {
    const until = one.state === "waiting" ? this.now : (toMs(one.taken_at) ?? this.now);
    const wait_s = (until - (toMs(one.created_at) ?? until)) / 1000;
    return html`<a class="row" href="#e/${one.id}" aria-current=${one.id === this.chosen ? "true" : "false"}>
      <span class="top"><b>${one.customer_name || t("desk-customer")}</b>
        <span class="wait figures ${one.state === "waiting" && wait_s > LATE_S ? "late" : ""}">${icon("clock", 15)}
          <span class="unseen">${t("desk-waited")}</span>${waited(wait_s)}</span></span>
      <span class="title">${one.title}</span>
      <span class="tags"><span>${oneOf(`reason-${one.reason}`, "reason-other")}</span><span>${one.locale.toUpperCase()}</span>
        ${one.state === "waiting" ? nothing : html`<span>${t(`desk-state-${one.state.replace("_", "-")}`, { name: one.taken_by?.name ?? "" })}</span>`}</span>
    </a>`;
  }

  /** Show one of the lists. */
  see(view: DeskView): void {
    if (view !== this.view) this.page = null;
    this.view = view;
    void this.refresh();
  }
}
customElements.define("cf-queue", CfQueue);
