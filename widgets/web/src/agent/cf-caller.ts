// One customer on the line: the facts on the left, beside them the scripts to start, or the one that runs.
import { css, html, nothing } from "lit";
import { icon } from "../icons.ts";
import { card, controls, look } from "../style.ts";
import { language, t, Worded } from "../texts.ts";
import type { Api } from "../wire/api.ts";
import { ApiError } from "../wire/failure.ts";
import { newMessageId } from "../wire/outbox.ts";
import type { Live } from "../wire/socket.ts";
import type { ConversationBrief, Customer, DeviceOverview, WorkflowBrief } from "../wire/staff.ts";
import "../elements/cf-failure.ts";
import "./cf-facts.ts";
import "./cf-script.ts";

const REFRESH_MS = 15_000;

export class CfCaller extends Worded {
  static override properties = {
    api: { attribute: false },
    live: { attribute: false },
    customer: {},
    conversation: {},
    known: { state: true },
    scripts: { state: true },
    error: { state: true },
    starting: { state: true },
  };
  declare api: Api;
  declare live: Live;
  /** The customer's id. */
  declare customer: string;
  /** The id of the conversation that is open, "" for none. */
  declare conversation: string;
  declare private known: Customer | null;
  declare private scripts: readonly WorkflowBrief[];
  declare private error: ApiError | null;
  declare private starting: string;
  #device = "";
  #language = "";
  #timer = 0;
  /** One id for a press of the button and all its repetitions. */
  #start: { name: string; id: string } | null = null;

  constructor() {
    super();
    this.known = null;
    this.scripts = [];
    this.error = null;
    this.starting = "";
  }

  static override styles = [
    look,
    controls,
    card,
    css`
      :host {
        width: 100%;
        max-width: 92rem;
        margin: 0 auto;
        padding: 1rem 1.25rem 2rem;
      }
      .back {
        margin: 0 0 0.6rem -0.6rem;
      }
      .desk {
        display: grid;
        grid-template-columns: minmax(14rem, 17rem) minmax(0, 1fr);
        gap: 1rem;
        align-items: start;
      }
      @media (max-width: 56rem) {
        .desk { grid-template-columns: minmax(0, 1fr); }
        .desk cf-facts { order: 2; }
      }
      .scripts {
        padding: 1.5rem;
        box-shadow: var(--shadow);
      }
      h2 {
        font-size: 1.5rem;
        letter-spacing: -0.02em;
        margin-bottom: 0.3rem;
      }
      .tile {
        display: flex;
        align-items: center;
        gap: 0.9rem;
        width: 100%;
        min-height: 4rem;
        margin-top: 0.7rem;
        padding: 0.8rem 1.1rem;
        border: 1.5px solid var(--line);
        border-radius: var(--radius);
        background: var(--surface);
        font-weight: 600;
        text-align: start;
        cursor: pointer;
      }
      @media (hover: hover) {
        .tile:hover {
          border-color: var(--accent);
          background: var(--accent-wash);
        }
      }
      .tile span {
        flex: 1;
      }
      .tile .icon:first-child {
        color: var(--accent);
      }
      .tile small {
        display: block;
        color: var(--soft);
        font-weight: 450;
      }
      .tile.noticed .icon:first-child {
        color: var(--warn);
      }
      .tile.noticed small {
        color: var(--ink);
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#timer = window.setInterval(() => void this.#load(), REFRESH_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("customer") || this.#language !== language()) void this.#load();
    else if (changed.has("conversation") && !this.conversation) void this.#load();
  }

  async #load(): Promise<void> {
    this.#language = language();
    try {
      const [known, scripts] = await Promise.all([
        this.api.get<Customer>(`staff/customers/${encodeURIComponent(this.customer)}?locale=${this.#language}`),
        this.api.get<WorkflowBrief[]>(`staff/workflows?audience=agent&locale=${this.#language}`),
      ]);
      this.known = known;
      this.scripts = scripts;
      this.error = null;
    } catch (error) {
      this.error = ApiError.from(error);
    }
  }

  override render() {
    if (!this.known) {
      return this.error
        ? html`<cf-failure .error=${this.error} .retry=${() => void this.#load()}></cf-failure>`
        : html`<p class="soft" role="status">${t("loading")}</p>`;
    }
    return html`
      <a class="button quiet slim back" href=${this.conversation ? `#k/${this.customer}` : "#"}>${icon("back", 18)}
        ${t(this.conversation ? "script-back" : "find-back")}</a>
      <div class="desk">
        <cf-facts .customer=${this.known}></cf-facts>
        ${this.conversation
          ? html`<cf-script .api=${this.api} .live=${this.live} .conversation=${this.conversation}></cf-script>`
          : this.#choose(this.known)}
      </div>
    `;
  }

  #choose(known: Customer) {
    return html`<section class="card scripts">
      <h2>${t("script-choose")}</h2>
      <p class="soft">${t("script-choose-lead", { name: known.first_name })}</p>
      <cf-failure .error=${this.error}></cf-failure>
      ${known.devices.map((device) => noticedFirst(this.scripts, device).map((script) => this.#tile(script, device, known.devices.length > 1)))}
      ${known.devices.length ? nothing : html`<p class="soft">${t("script-no-router")}</p>`}
      ${this.scripts.length ? nothing : html`<p class="soft">${t("script-none")}</p>`}
    </section>`;
  }

  #tile(script: WorkflowBrief, device: DeviceOverview, several: boolean) {
    const busy = this.starting === script.name && this.#device === device.id;
    const noticed = device.noticed.find((one) => one.workflow === script.name)?.text;
    const does = noticed ?? (script.text || t("script-starts"));
    const words = several ? `${device.model} · ${device.serial_number} · ${does}` : does;
    return html`<button class="tile ${noticed ? "noticed" : ""}" aria-disabled=${this.starting ? "true" : "false"} @click=${() => void this.#begin(script, device)}>
      ${icon(noticed ? "alert" : "headset")}<span>${script.title}<small>${busy ? t("home-starting") : words}</small></span>${icon("next")}
    </button>`;
  }

  async #begin(script: WorkflowBrief, device: DeviceOverview): Promise<void> {
    if (this.starting) return;
    this.starting = script.name;
    this.#device = device.id;
    this.error = null;
    const name = `${script.name}/${device.id}`;
    if (this.#start?.name !== name) this.#start = { name, id: newMessageId() };
    try {
      const made = await this.api.post<ConversationBrief>("staff/conversations", {
        customer_id: this.customer,
        device_id: device.id,
        workflow: script.name,
        locale: this.known?.locale ?? language(),
        client_message_id: this.#start.id,
      });
      this.#start = null;
      location.hash = `k/${this.customer}/c/${made.id}`;
    } catch (error) {
      this.error = ApiError.from(error);
    } finally {
      this.starting = "";
    }
  }
}

/** Scripts for what the router has told us of come first, the worst at the top. */
function noticedFirst(scripts: readonly WorkflowBrief[], device: DeviceOverview): WorkflowBrief[] {
  const place = (one: WorkflowBrief) => {
    const found = device.noticed.findIndex((noticed) => noticed.workflow === one.name);
    return found < 0 ? device.noticed.length : found;
  };
  return [...scripts].sort((a, b) => place(a) - place(b));
}

customElements.define("cf-caller", CfCaller);
