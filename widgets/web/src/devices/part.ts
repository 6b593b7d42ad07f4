// What every part of a router's page shares: it reads its own piece of the API, again when the router's
// doorbell names it, when the language changes, and now and then where there is no socket.
import { css, html, nothing } from "lit";
import { language, t, Worded } from "../texts.ts";
import type { Api } from "../wire/api.ts";
import { ApiError } from "../wire/failure.ts";
import type { Live } from "../wire/socket.ts";
import "../elements/cf-failure.ts";

const POLL_MS = 5000;
const TOGETHER_MS = 150;

/** What the socket says: something of this router is different now. */
export interface Rung {
  id: string;
  what: string[];
}

export const part = css`
  h2 {
    font-size: 1.125rem;
  }
  h3 {
    font-size: 1rem;
  }
  .head {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 0.6rem 1rem;
    margin-bottom: 0.9rem;
  }
  .empty {
    padding: 1.5rem 1.25rem;
    color: var(--soft);
    text-align: center;
  }
  .pill {
    display: inline-flex;
    align-items: center;
    gap: 0.35rem;
    padding: 0.15rem 0.65rem;
    border-radius: 999px;
    background: var(--sunken);
    color: var(--soft);
    font-size: 0.875rem;
    font-weight: 600;
    white-space: nowrap;
  }
  .pill.good { background: var(--good-wash); color: var(--good); }
  .pill.warn { background: var(--warn-wash); color: var(--warn); }
  .pill.bad { background: var(--bad-wash); color: var(--bad); }
  .pill.busy { background: var(--accent-wash); color: var(--accent); }
  @container (max-width: 16rem) {
    .pill {
      white-space: normal;
      overflow-wrap: anywhere;
    }
    .head, .empty {
      overflow-wrap: anywhere;
    }
  }
  code {
    font: 0.8125rem ui-monospace, "DejaVu Sans Mono", monospace;
    overflow-wrap: anywhere;
  }
  .more {
    margin-top: 0.75rem;
  }
  cf-failure {
    margin-bottom: 0.75rem;
  }
`;

export abstract class DevicePart extends Worded {
  static override properties: Record<string, object> = {
    api: { attribute: false },
    live: { attribute: false },
    device: {},
    error: { state: true },
    loaded: { state: true },
  };
  declare api: Api;
  declare live: Live;
  /** The router's id. */
  declare device: string;
  declare protected error: ApiError | null;
  declare protected loaded: boolean;
  /** Parts of the doorbell that this one reads again for. */
  protected abstract readonly hears: readonly string[];
  #language = "";
  #asked = "";
  #timer = 0;
  #soon = 0;
  #turn = 0;
  #stop: (() => void) | null = null;

  constructor() {
    super();
    this.error = null;
    this.loaded = false;
  }

  /** Read; `current()` says whether the answer is still wanted. Errors may be thrown. */
  protected abstract load(current: () => boolean): Promise<void>;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stop = this.live.on("device", (rung: Rung) => {
      if (rung.id !== this.device || !rung.what.some((what) => this.hears.includes(what))) return;
      clearTimeout(this.#soon);
      this.#soon = window.setTimeout(() => void this.refresh(), TOGETHER_MS);
    });
    this.#timer = window.setInterval(() => {
      if (!this.live.up && document.visibilityState === "visible") void this.refresh();
    }, POLL_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.();
    clearInterval(this.#timer);
    clearTimeout(this.#soon);
  }

  override willUpdate(_changed: Map<string, unknown>): void {
    if (this.#asked === this.device && this.#language === language()) return;
    if (this.#asked !== this.device) this.loaded = false;
    void this.refresh();
  }

  /** Read again now. */
  async refresh(): Promise<void> {
    this.#asked = this.device;
    this.#language = language();
    const turn = ++this.#turn;
    const current = () => turn === this.#turn && this.isConnected;
    try {
      await this.load(current);
      if (!current()) return;
      this.error = null;
      this.loaded = true;
    } catch (error) {
      if (current()) this.error = ApiError.from(error);
    }
  }

  /** Do something; true when the server did it, else the failure is shown. */
  protected async act(deed: () => Promise<unknown>): Promise<boolean> {
    this.error = null;
    try {
      await deed();
      return true;
    } catch (error) {
      this.error = ApiError.from(error);
      return false;
    }
  }

  /** The failure, or that it is being read; nothing once it is there. */
  protected state() {
    if (this.error) return html`<cf-failure .error=${this.error} .retry=${() => void this.refresh()}></cf-failure>`;
    return this.loaded ? nothing : html`<p class="empty" role="status">${t("loading")}</p>`;
  }

  protected tell(name: string, detail?: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}
