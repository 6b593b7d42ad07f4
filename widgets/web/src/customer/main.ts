// The customer's app: sign in, home, conversation. The address after # says where one is, so a
// reload or a shared link comes back to the same place.
import { css, html, nothing, type TemplateResult } from "lit";
import "../tokens.css";
import { look } from "../style.ts";
import { begin, language, t, Worded } from "../texts.ts";
import { Api } from "../wire/api.ts";
import { ApiError } from "../wire/failure.ts";
import type { Link } from "../wire/log.ts";
import { newMessageId } from "../wire/outbox.ts";
import { Live } from "../wire/socket.ts";
import "../elements/cf-bar.ts";
import "./cf-home.ts";
import type { Begin } from "./cf-home.ts";
import "./cf-sign-in.ts";

const START_KEY = "careflow.start";

type Start = Begin & { client_message_id: string };

class CfCustomer extends Worded {
  static override properties = {
    state: { state: true },
    place: { state: true },
    link: { state: true },
    lost: { state: true },
    titles: { state: true },
    starting: { state: true },
    error: { state: true },
  };
  declare private state: "starting" | "signed-out" | "signed-in";
  /** The conversation that is open, "" for home. */
  declare private place: string;
  declare private link: Link | "";
  declare private starting: string;
  /** Signed out by something else than one's own hand; the sign-in says so. */
  declare private lost: boolean;
  declare private titles: Record<string, string>;
  declare private error: ApiError | null;
  readonly #api = new Api("customer");
  readonly #live = new Live(this.#api);

  constructor() {
    super();
    this.state = "starting";
    this.place = placeOf(location.hash);
    this.link = "";
    this.starting = "";
    this.lost = false;
    this.titles = {};
    this.error = null;
    this.#api.signedOut = () => {
      this.lost = this.state === "signed-in";
      this.#left();
    };
    addEventListener("hashchange", () => this.#goTo(placeOf(location.hash)));
    void this.#resume();
  }

  static override styles = [
    look,
    css`
      :host {
        container-type: inline-size;
        display: flex;
        flex-direction: column;
        min-height: 100dvh;
        background: radial-gradient(60rem 32rem at 100% -8rem, var(--glow), transparent 70%), var(--canvas);
      }
      main {
        flex: 1;
        display: flex;
        flex-direction: column;
      }
      main > * {
        width: 100%;
      }
    `,
  ];

  override render() {
    const inside = this.state === "signed-in";
    const title = inside && this.place ? (this.titles[this.place] ?? t("conversation-title")) : "Careflow";
    return html`
      <cf-bar .heading=${title} .link=${inside && this.place ? this.link : ""} ?back=${inside && this.place !== ""}
        .who=${inside ? (this.#api.subject?.name || t("menu-signed-in")) : ""}
        @cf-back=${() => (location.hash = "")} @cf-leave=${this.#leave}></cf-bar>
      <main @cf-link=${(event: CustomEvent<Link>) => (this.link = event.detail)}>${this.#screen()}</main>
    `;
  }

  #screen(): TemplateResult | typeof nothing {
    if (this.state === "starting") return nothing;
    if (this.state === "signed-out") return html`<cf-sign-in .api=${this.#api} ?lost=${this.lost} @cf-signed-in=${this.#entered}></cf-sign-in>`;
    if (this.place) return html`<cf-conversation .api=${this.#api} .live=${this.#live} .conversation=${this.place}></cf-conversation>`;
    return html`<cf-home .api=${this.#api} .starting=${this.starting} .failure=${this.error}
      @cf-begin=${(event: CustomEvent<Begin>) => this.#begin(event.detail)}></cf-home>`;
  }

  #goTo(place: string): void {
    this.place = place;
    this.link = place ? "connecting" : "";
    scrollTo({ top: 0, behavior: "instant" });
    if (place) void this.#learnTitle(place);
  }

  async #resume(): Promise<void> {
    try {
      this.state = (await this.#api.resume()) ? "signed-in" : "signed-out";
    } catch {
      // No network: the shell is shown, and the first screen says so and tries again.
      this.state = "signed-in";
    }
    if (this.state === "signed-in") this.#entered();
  }

  #entered = (): void => {
    this.state = "signed-in";
    // Fetched beside the first answers of the API, so that signing in and home come up sooner.
    void import("./cf-conversation.ts");
    const start = sessionStorage.getItem(START_KEY);
    if (start) void this.#start(JSON.parse(start) as Start);
    if (this.place) void this.#learnTitle(this.place);
  };

  #leave = async (): Promise<void> => {
    await this.#api.signOut();
    this.#left();
    this.lost = false;
  };

  #left(): void {
    this.#live.close();
    location.hash = "";
    this.state = "signed-out";
  }

  #begin(asked: Begin): void {
    // Kept until the server has answered: a reload or a second press starts the same one, not another.
    const kept = JSON.parse(sessionStorage.getItem(START_KEY) ?? "null") as Start | null;
    const same = kept?.workflow === asked.workflow && kept.device_id === asked.device_id;
    const start: Start = { ...asked, client_message_id: same ? kept.client_message_id : newMessageId() };
    sessionStorage.setItem(START_KEY, JSON.stringify(start));
    void this.#start(start);
  }

  async #start(start: Start): Promise<void> {
    this.starting = start.workflow;
    this.error = null;
    const { workflow, device_id, client_message_id } = start;
    try {
      const body = { workflow, device_id, client_message_id, locale: language() };
      const made = await this.#api.post<{ id: string }>("conversations", body);
      sessionStorage.removeItem(START_KEY);
      this.titles = { ...this.titles, [made.id]: start.title };
      location.hash = `c/${made.id}`;
    } catch (error) {
      this.error = ApiError.from(error);
      if (!this.error.passing) sessionStorage.removeItem(START_KEY);
    } finally {
      this.starting = "";
    }
  }

  async #learnTitle(id: string): Promise<void> {
    if (this.titles[id]) return;
    const made = await this.#api.get<{ title: string }>(`conversations/${encodeURIComponent(id)}`).catch(() => null);
    if (made?.title) this.titles = { ...this.titles, [id]: made.title };
  }
}

function placeOf(hash: string): string {
  const found = /^#c\/([\w-]{1,64})$/.exec(hash);
  return found?.[1] ?? "";
}

void begin("widgets").then(() => customElements.define("cf-customer", CfCustomer));

// Only over https or on this machine; elsewhere the app works, only not without a network.
if ("serviceWorker" in navigator && import.meta.env.PROD) {
  addEventListener("load", () => void navigator.serviceWorker.register("/sw.js", { scope: "/customer" }).catch(() => undefined));
}
