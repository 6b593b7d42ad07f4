// What a step found: the sentence first, then the findings, the changes made, and the values on demand.
import { css, html, nothing } from "lit";
import { icon, type IconName } from "../icons.ts";
import { ago, shown } from "../moments.ts";
import { card, look } from "../style.ts";
import { t, Worded } from "../texts.ts";
import type { Body, Change, Finding } from "../wire/types.ts";
import "./cf-readings.ts";
import { display } from "./widget.ts";

const STATUS: Record<string, { icon: IconName; tone: string }> = {
  SUCCESS: { icon: "check", tone: "good" },
  WARNING: { icon: "alert", tone: "warn" },
  ERROR: { icon: "alert", tone: "bad" },
};
const SEVERITY: Record<string, { icon: IconName; tone: string }> = {
  INFO: { icon: "info", tone: "plain" },
  WARN: { icon: "alert", tone: "warn" },
  ERROR: { icon: "alert", tone: "bad" },
};

export class CfResult extends Worded {
  static override properties = {
    body: { attribute: false },
    heading: {},
    elapsed: { type: Number },
    technical: { type: Boolean },
    plain: { type: Boolean, reflect: true },
  };
  declare body: Body;
  declare heading: string;
  /** Seconds since the event was written. */
  declare elapsed: number;
  /** For staff: values and codes stand beside the customer's words, without asking. */
  declare technical: boolean;
  /** Without a frame of its own. */
  declare plain: boolean;

  constructor() {
    super();
    this.elapsed = 0;
  }

  static override styles = [
    look,
    card,
    css`
      .card {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 0.7rem;
      }
      :host([plain]) .card {
        padding: 0;
        border: 0;
        background: none;
      }
      .head {
        display: flex;
        gap: 0.75rem;
        align-items: flex-start;
      }
      .mark {
        display: grid;
        place-items: center;
        flex: none;
        width: 2rem;
        height: 2rem;
        border-radius: 50%;
        background: var(--sunken);
        color: var(--soft);
      }
      .good { background: var(--good-wash); color: var(--good); }
      .warn { background: var(--warn-wash); color: var(--warn); }
      .bad { background: var(--bad-wash); color: var(--bad); }
      .text {
        padding-top: 0.15rem;
        font-size: 1.0625rem;
        font-weight: 570;
        white-space: pre-line;
      }
      .findings li {
        display: flex;
        gap: 0.6rem;
        padding: 0.2rem 0;
      }
      .findings .icon {
        margin-top: 0.15rem;
      }
      .findings b {
        font-weight: 570;
      }
      .findings .warn, .findings .bad, .findings .plain {
        background: none;
      }
      code {
        font: 0.8125rem ui-monospace, "DejaVu Sans Mono", monospace;
        color: var(--soft);
        overflow-wrap: anywhere;
      }
      .change {
        padding: 0.6rem 0;
        border-top: 1px solid var(--line);
      }
      .from-to {
        display: flex;
        flex-wrap: wrap;
        gap: 0.4rem;
        font-weight: 600;
      }
      .from-to s {
        color: var(--soft);
        font-weight: 500;
      }
      .ok { color: var(--good); }
      .not { color: var(--bad); }
      .age {
        font-size: 0.875rem;
        font-weight: 450;
        color: var(--soft);
      }
    `,
  ];

  override render() {
    const { body } = this;
    const status = STATUS[body.status ?? ""] ?? { icon: "info" as const, tone: "" };
    const findings = this.#findings();
    const said = this.technical && findings.length > 0 && findings.every((finding) => this.#inText(finding));
    const text = said ? "" : body.text || (findings.length ? "" : this.heading);
    return html`<div class="card">
      ${this.heading && this.technical ? html`<p class="eyebrow">${this.heading}</p>` : nothing}
      ${text
        ? html`<div class="head"><span class="mark ${status.tone}">${icon(status.icon, 18)}</span>
          <p class="text"><span class="unseen">${t(`status-${(body.status ?? "none").toLowerCase()}`)}: </span>${text}</p></div>`
        : nothing}
      ${findings.length ? html`<ul class="findings">${findings.map((finding) => this.#finding(finding))}</ul>` : nothing}
      ${(body.widgets ?? []).map((widget) => display(widget, body.text ?? "", this.elapsed))}
      ${this.#changes(body.changes ?? [])} ${this.#values()}
    </div>`;
  }

  /** The sentence of a result is often made of its findings; nothing is said twice. */
  #inText(finding: Finding): boolean {
    return Boolean(finding.text && this.body.text?.includes(finding.text));
  }

  #findings(): Finding[] {
    return (this.body.findings ?? []).filter((finding) => this.technical || (finding.text && !this.#inText(finding)));
  }

  #finding(finding: Finding) {
    const severity = SEVERITY[finding.severity] ?? SEVERITY["INFO"]!;
    return html`<li>
      <span class=${severity.tone}>${icon(severity.icon, 18)}</span>
      <span><b>${finding.text || finding.code}</b>
        ${this.technical && finding.text ? html`<br /><code>${finding.code}</code>` : nothing}</span>
    </li>`;
  }

  #changes(changes: readonly Change[]) {
    if (!changes.length) return nothing;
    const list = changes.map(
      (change) => html`<div class="change">
        <div class="from-to figures">${change.kind === "added" || change.kind === "deleted"
          ? html`<span>${t(change.kind === "added" ? "change-added" : "change-deleted")}</span>`
          : html`<s><span class="unseen">${t("change-before")} </span>${shown(change.before)}</s>
              <span aria-hidden="true">→</span><span><span class="unseen">${t("change-after")} </span>${shown(change.after)}</span>`}</div>
        ${change.label ? html`<p class="small">${change.label}</p>` : nothing}<code>${change.path}</code>
        <p class=${change.verified === false ? "small not" : change.verified ? "small ok" : "small soft"}>
          ${t(change.verified === false ? "change-not-kept" : change.verified ? "change-verified" : "change-unchecked")}</p>
      </div>`,
    );
    return this.technical
      ? html`<div>${list}</div>`
      : html`<details><summary>${t("changes-show", { n: changes.length })}</summary>${list}</details>`;
  }

  #values() {
    const readings = this.body.readings ?? [];
    const age = this.body.age_s;
    const told = typeof age === "number" ? html`<p class="age">${t("result-age", { ago: ago(age + this.elapsed) })}</p>` : nothing;
    if (!readings.length) return told;
    const aged = readings.every((row) => typeof row.age_s === "number");
    const table = html`<cf-readings .rows=${readings} .elapsed=${this.elapsed}></cf-readings>`;
    return this.technical
      ? html`${table}${aged ? nothing : told}`
      : html`<details><summary>${t("values-show")}${typeof age === "number" ? html` <span class="age">· ${t("result-age", { ago: ago(age + this.elapsed) })}</span>` : nothing}</summary>${table}</details>`;
  }
}
customElements.define("cf-result", CfResult);
