// The first screen: my router in words, what is going on, what may be wrong, what was fixed.
import { html, nothing } from "lit";
import { icon, type IconName } from "../icons.ts";
import { agoFrom, day } from "../moments.ts";
import { card, controls, look } from "../style.ts";
import { language, t, Worded } from "../texts.ts";
import type { Api } from "../wire/api.ts";
import type { Home, HomeConversation, HomeDevice, Symptom } from "../wire/customer.ts";
import { ApiError } from "../wire/failure.ts";
import "../elements/cf-failure.ts";
import { home } from "./home-style.ts";

const REFRESH_MS = 15_000;
/** Which of our pictures stands for an author's. */
const PICTURES: Record<string, IconName> = {
  devices: "laptop",
  access: "shield",
  restart: "again",
  settings: "sliders",
  software: "software",
  router: "router",
};

export interface Begin {
  workflow: string;
  title: string;
  device_id: string;
}

export class CfHome extends Worded {
  static override properties = {
    api: { attribute: false },
    starting: {},
    failure: { attribute: false },
    home: { state: true },
    error: { state: true },
    device: { state: true },
  };
  declare api: Api;
  /** The workflow that is being started, if any. */
  declare starting: string;
  /** Why the last start failed, if it did. */
  declare failure: ApiError | null;
  declare private home: Home | null;
  declare private error: ApiError | null;
  declare private device: number;
  #timer = 0;
  #language = "";

  constructor() {
    super();
    this.starting = "";
    this.failure = null;
    this.home = null;
    this.error = null;
    this.device = 0;
  }

  static override styles = [
    look,
    controls,
    card,
    home,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("visibilitychange", this.#seen);
    void this.#load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("visibilitychange", this.#seen);
    clearTimeout(this.#timer);
  }

  override willUpdate(): void {
    if (this.#language && this.#language !== language()) void this.#load();
  }

  #seen = (): void => {
    if (document.visibilityState === "visible") void this.#load();
  };

  #load = async (): Promise<void> => {
    clearTimeout(this.#timer);
    this.#language = language();
    try {
      this.home = await this.api.get<Home>(`home?locale=${this.#language}`);
      this.error = null;
    } catch (error) {
      this.error = ApiError.from(error);
    }
    if (this.isConnected) this.#timer = window.setTimeout(() => void this.#load(), REFRESH_MS);
  };

  override render() {
    const { home } = this;
    if (!home) {
      return this.error
        ? html`<cf-failure .error=${this.error} .retry=${this.#load}></cf-failure>`
        : html`<p class="unseen" role="status">${t("loading")}</p><div class="skeleton" aria-hidden="true"></div>`;
    }
    const device = home.devices[this.device] ?? home.devices[0];
    const open = home.conversations.filter((one) => one.state !== "ended");
    const earlier = home.conversations.filter((one) => one.state === "ended");
    return html`
      <h2>${t("home-hello", { name: home.customer.first_name })}</h2>
      ${this.error ? html`<cf-failure .error=${this.error} .retry=${this.#load}></cf-failure>` : nothing}
      ${home.devices.length > 1 ? this.#several(home.devices) : nothing}
      ${device ? this.#router(device) : html`<p class="card empty">${t("home-no-router")}</p>`}
      ${open.map((one) => this.#continue(one))}
      ${device ? this.#symptoms(home, device) : nothing}
      ${this.#fixes(home)}
      ${earlier.length
        ? html`<h3>${t("home-earlier")}</h3><div class="list">${earlier.map((one) => this.#earlier(one))}</div>`
        : nothing}
    `;
  }

  #several(devices: readonly HomeDevice[]) {
    return html`<div class="several" role="group" aria-label=${t("home-routers")}>
      ${devices.map(
        (one, index) => html`<button class="button slim ${index === this.device ? "primary" : ""}" aria-pressed=${index === this.device}
          @click=${() => (this.device = index)}>${one.model}</button>`,
      )}
    </div>`;
  }

  #router(device: HomeDevice) {
    return html`<section class="card router" aria-label=${t("home-router")}>
      <svg class="waves" aria-hidden="true" viewBox="0 0 64 64" fill="none" stroke="currentColor" stroke-width="4.500" stroke-linecap="round">
        <path d="M26.500 45.500a8 8 0 0 1 11 0"></path><path d="M18.500 36.500a19.500 19.500 0 0 1 27 0"></path><path d="M10.500 27.500a31 31 0 0 1 43 0"></path>
        <circle cx="32" cy="53" r="3.400" fill="currentColor" stroke="none"></circle>
      </svg>
      <p class="top">${icon("router")}<span>${t("home-my-router")}<small>${device.model}</small></span></p>
      <p class="state ${device.state}">${t(`quality-${device.state}`)}</p>
      <p>${device.state_text}</p>
      <p class="contact ${device.online ? "" : "away"}"><i></i>${this.#contact(device)}</p>
    </section>`;
  }

  #contact(device: HomeDevice): string {
    const when = agoFrom(device.last_contact_at, this.api.now_ms());
    if (!when) return t("home-never-heard");
    return t(device.online ? "home-online" : "home-offline", { ago: when });
  }

  #continue(one: HomeConversation) {
    const words = one.state === "escalated" ? "home-with-person" : "home-continue";
    return html`<a class="tile now" href="#c/${one.id}">
      <span class="glyph">${icon(one.state === "escalated" ? "headset" : "chat")}</span>
      <span>${t(words)}<small>${one.title}</small></span>${icon("next")}
    </a>`;
  }

  #symptoms(home: Home, device: HomeDevice) {
    return html`<h3 id="wrong">${t("home-wrong")}</h3>
      <cf-failure .error=${this.failure}></cf-failure>
      ${home.symptoms.length
        ? html`<div class="list" role="group" aria-labelledby="wrong">
            ${noticedFirst(home.symptoms, device).map((symptom) => this.#symptom(symptom, device))}
          </div>`
        : html`<p class="empty">${t("home-no-symptoms")}</p>`}`;
  }

  #symptom(symptom: Symptom, device: HomeDevice) {
    const { workflow, title } = symptom;
    const noticed = device.noticed.find((one) => one.workflow === workflow)?.text;
    // What the card above says already is not said twice.
    const words = noticed === device.state_text ? t("home-noticed") : (noticed ?? (symptom.text || t("home-check-takes")));
    return html`<button class="tile ${noticed ? "noticed" : ""}" aria-disabled=${this.starting ? "true" : "false"}
      @click=${() => this.#begin({ workflow, title, device_id: device.id })}>
      <span class="glyph">${icon(PICTURES[symptom.icon] ?? "wifi")}</span>
      <span>${title}<small>${this.starting === workflow ? t("home-starting") : words}</small></span>
      ${icon("next")}
    </button>`;
  }

  #fixes(home: Home) {
    return html`<h3>${t("home-fixed")}</h3>
      ${home.fixes.length
        ? html`<ul class="card">
            ${home.fixes.map(
              (fix) => html`<li class="fix">${icon("check")}<span>${fix.text}<small>${day(fix.at)}</small></span></li>`,
            )}
          </ul>`
        : html`<p class="card empty">${t("home-nothing-fixed")}</p>`}`;
  }

  #earlier(one: HomeConversation) {
    return html`<a class="tile" href="#c/${one.id}">
      <span class="glyph">${icon("chat")}</span>
      <span>${one.title}<small>${day(one.updated_at)}</small></span>${icon("next")}
    </a>`;
  }

  #begin(detail: Begin): void {
    if (!this.starting) this.dispatchEvent(new CustomEvent("cf-begin", { detail, bubbles: true, composed: true }));
  }
}

/** What the router has told us of comes first, the worst at the top. */
function noticedFirst(symptoms: readonly Symptom[], device: HomeDevice): Symptom[] {
  const place = (one: Symptom) => {
    const found = device.noticed.findIndex((noticed) => noticed.workflow === one.workflow);
    return found < 0 ? device.noticed.length : found;
  };
  return [...symptoms].sort((a, b) => place(a) - place(b));
}

customElements.define("cf-home", CfHome);
