// The agent's page: find a customer, then follow the script. The address after # says where one is.
import { html } from "lit";
import "../tokens.css";
import { Workplace } from "../staff/workplace.ts";
import { begin, t } from "../texts.ts";
import "./cf-caller.ts";
import "./cf-find.ts";

class CfAgent extends Workplace {
  protected readonly roles = ["agent", "operator", "supervisor"];

  constructor() {
    super("agent");
  }

  protected words() {
    return { title: t("agent-title"), heading: t("agent-sign-in"), lead: t("agent-sign-in-lead") };
  }

  protected screen() {
    const place = /^#k\/([\w-]{1,64})(?:\/c\/([\w-]{1,64}))?$/.exec(this.hash);
    return place
      ? html`<cf-caller .api=${this.api} .live=${this.live} .customer=${place[1]} .conversation=${place[2] ?? ""}></cf-caller>`
      : html`<cf-find .api=${this.api}></cf-find>`;
  }
}

void begin("people", "staff", "widgets").then(() => customElements.define("cf-agent", CfAgent));
