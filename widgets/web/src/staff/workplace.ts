// What the agent's and the operator's page share: who is signed in, and where one is.
import { css, html, type TemplateResult } from "lit";
import { look } from "../style.ts";
import { t, Worded } from "../texts.ts";
import { Api, type Surface } from "../wire/api.ts";
import { Live } from "../wire/socket.ts";
import type { Link } from "../wire/log.ts";
import "../elements/cf-bar.ts";
import "./cf-staff-sign-in.ts";

export abstract class Workplace extends Worded {
  static override properties = { state: { state: true }, hash: { state: true }, link: { state: true } };
  declare protected state: "starting" | "signed-out" | "signed-in";
  declare protected hash: string;
  declare protected link: Link | "";
  #lost = false;
  protected readonly api: Api;
  protected readonly live: Live;

  constructor(surface: Surface) {
    super();
    this.api = new Api(surface);
    this.live = new Live(this.api);
    this.state = "starting";
    this.hash = location.hash;
    this.link = "";
    this.api.signedOut = () => {
      this.#lost = this.state === "signed-in";
      this.#left();
    };
    addEventListener("hashchange", () => {
      this.hash = location.hash;
      this.link = "";
    });
    this.api.resume().then(
      (known) => (this.state = known ? "signed-in" : "signed-out"),
      () => (this.state = "signed-out"),
    );
  }

  static override styles = [
    look,
    css`
      :host {
        container-type: inline-size;
        display: flex;
        flex-direction: column;
        min-height: 100dvh;
        background: radial-gradient(70rem 36rem at 100% -10rem, var(--glow), transparent 70%), var(--canvas);
      }
      main {
        flex: 1;
        display: flex;
        flex-direction: column;
        min-height: 0;
      }
    `,
  ];

  /** The page's own words and screen. */
  protected abstract words(): { title: string; heading: string; lead: string };
  protected abstract screen(): TemplateResult;
  /** Roles that may work here; others are told so. */
  protected abstract readonly roles: readonly string[];

  override render() {
    const words = this.words();
    const role = this.api.subject?.role ?? "";
    const who = this.state === "signed-in" ? `${this.api.subject?.name ?? ""}${role ? ` · ${t(`role-${role}`)}` : ""}` : "";
    return html`
      <cf-bar .heading=${words.title} .link=${this.state === "signed-in" ? this.link : ""} .who=${who} @cf-leave=${this.#leave}></cf-bar>
      <main @cf-link=${(event: CustomEvent<Link>) => (this.link = event.detail)}>${this.#inside(words, role)}</main>
    `;
  }

  #inside(words: { heading: string; lead: string }, role: string) {
    if (this.state === "starting") return "";
    if (this.state === "signed-out" || !this.roles.includes(role)) {
      const lead = this.state === "signed-out" ? (this.#lost ? `${t("failure-signed-out")} ${words.lead}` : words.lead) : t("staff-other-role", { role: t(`role-${role}`) });
      return html`<cf-staff-sign-in .api=${this.api} .heading=${words.heading} .lead=${lead}
        @cf-signed-in=${() => {
          this.state = "signed-in";
          this.requestUpdate();
        }}></cf-staff-sign-in>`;
    }
    return this.screen();
  }

  #leave = async (): Promise<void> => {
    await this.api.signOut();
    this.#lost = false;
    this.#left();
  };

  #left(): void {
    this.live.close();
    this.link = "";
    location.hash = "";
    this.state = "signed-out";
  }
}
