// The page at the root: what Careflow is, and the way to each screen. In the demo also who to be.
import { css, html, nothing } from "lit";
import "../tokens.css";
import { icon, type IconName } from "../icons.ts";
import { card, controls, look } from "../style.ts";
import { begin, has, t, Worded } from "../texts.ts";
import type { DemoAccounts, DemoCustomer } from "../wire/customer.ts";
import "../elements/cf-bar.ts";

const ROLE_PAGES: Record<string, string> = { agent: "/agent", operator: "/operator", supervisor: "/operator" };

class CfLanding extends Worded {
  static override properties = { demo: { state: true } };
  declare private demo: DemoAccounts | null;

  constructor() {
    super();
    this.demo = null;
    fetch("/demo/accounts", { headers: { Accept: "application/json" } })
      .then(async (answer) => {
        if (answer.ok) this.demo = (await answer.json()) as DemoAccounts;
      })
      .catch(() => undefined);
  }

  static override styles = [
    look,
    controls,
    card,
    css`
      :host {
        container-type: inline-size;
        overflow-x: clip;
        min-height: 100dvh;
        background: radial-gradient(75rem 44rem at 85% -14rem, var(--glow), transparent 70%), var(--canvas);
      }
      main {
        max-width: 70rem;
        margin: 0 auto;
        padding: clamp(2rem, 8vh, 5.5rem) 1.25rem 4rem;
      }
      .hero {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        align-items: center;
        gap: 2rem 4rem;
      }
      .hero .button {
        margin-top: 1.6rem;
        padding-inline: 1.6rem;
      }
      .stage {
        position: relative;
        width: 25rem;
        padding: 1.5rem 2.5rem;
      }
      .waves {
        position: absolute;
        inset: -4.5rem auto auto -4.5rem;
        width: 34rem;
        height: 34rem;
        color: var(--accent);
        opacity: 0.22;
      }
      .phone {
        position: relative;
        display: grid;
        gap: 0.6rem;
        padding: 0.9rem;
        border: 0.45rem solid light-dark(var(--ink), var(--line));
        border-radius: 2.4rem;
        background: var(--canvas);
        box-shadow: 0 2.2rem 4rem -1.8rem oklch(0.25 0.05 210 / 0.5);
        font-size: 0.875rem;
        line-height: 1.4;
      }
      .phone > * {
        border-radius: 0.35rem 1rem 1rem 1rem;
        border: 1px solid var(--line);
        background: var(--surface);
        padding: 0.65rem 0.85rem;
        animation: arrive 500ms ease-out both;
      }
      .phone .me {
        justify-self: end;
        border-radius: 1rem 1rem 0.35rem 1rem;
        background: var(--accent);
        color: var(--on-accent);
        border-color: transparent;
        animation-delay: 0.7s;
      }
      .phone .work {
        animation-delay: 1.2s;
      }
      .phone .work b {
        display: block;
        padding-bottom: 0.25rem;
        font-size: 0.9375rem;
      }
      .phone .done {
        border-color: transparent;
        border-radius: 1rem;
        background: var(--good-wash);
        font-weight: 620;
        animation-delay: 3.4s;
      }
      .phone .tick, .phone .done {
        display: flex;
        align-items: center;
        gap: 0.55rem;
      }
      .phone .tick {
        padding-top: 0.2rem;
        animation: arrive 300ms ease-out both;
      }
      .tick:nth-of-type(1) { animation-delay: 1.7s; }
      .tick:nth-of-type(2) { animation-delay: 2.3s; }
      .tick:nth-of-type(3) { animation-delay: 2.9s; }
      .phone .icon {
        color: var(--good);
      }
      @keyframes arrive {
        from { opacity: 0; transform: translateY(0.4rem); }
      }
      @media (prefers-reduced-motion: reduce) {
        .phone > *, .phone .tick { animation: none; }
      }
      .waves path {
        animation: breathe 5s ease-in-out infinite;
      }
      .waves path:nth-child(1) { opacity: 0.95; }
      .waves path:nth-child(2) { opacity: 0.7; animation-delay: 0.3s; }
      .waves path:nth-child(3) { opacity: 0.45; animation-delay: 0.6s; }
      .waves path:nth-child(4) { opacity: 0.25; animation-delay: 0.9s; }
      .waves path:nth-child(5) { opacity: 0.12; animation-delay: 1.2s; }
      @keyframes breathe {
        50% { opacity: 0.06; }
      }
      @media (max-width: 60rem) {
        .stage { display: none; }
      }
      h2 {
        font-size: clamp(2.25rem, 1.4rem + 3.6vw, 3.75rem);
        line-height: 1.04;
        letter-spacing: -0.04em;
        font-weight: 680;
      }
      .lead {
        margin-top: 1.1rem;
        font-size: clamp(1.125rem, 1rem + 0.5vw, 1.3125rem);
        color: var(--soft);
      }
      .screens {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(14rem, 100%), 1fr));
        gap: 1rem;
        margin: clamp(2rem, 6vh, 3.5rem) 0;
      }
      .screen {
        display: flex;
        flex-direction: column;
        gap: 0.5rem;
        padding: 1.5rem;
        border: 1.5px solid var(--line);
        border-radius: calc(var(--radius) * 1.2);
        background: var(--surface);
        color: inherit;
        text-decoration: none;
        box-shadow: var(--shadow);
        transition: border-color var(--motion), transform var(--motion);
      }
      @media (hover: hover) {
        .screen:hover {
          border-color: var(--accent);
          transform: translateY(-3px);
        }
      }
      .glyph {
        display: grid;
        place-items: center;
        width: 3.25rem;
        height: 3.25rem;
        margin-bottom: 0.6rem;
        border-radius: 1.1rem;
        background: var(--accent-wash);
        color: var(--accent);
      }
      .screen b {
        font-size: 1.25rem;
        font-weight: 650;
        letter-spacing: -0.015em;
      }
      .go {
        display: flex;
        align-items: center;
        gap: 0.25rem;
        margin-top: auto;
        padding-top: 0.7rem;
        color: var(--accent);
        font-weight: 620;
      }
      h3 {
        font-size: 1.375rem;
      }
      .demo > p {
        color: var(--soft);
        margin: 0.3rem 0 1rem;
        max-width: 46rem;
      }
      .card {
        position: relative;
        overflow-x: auto;
        padding: 0.4rem 1.25rem;
        margin-bottom: 1.25rem;
      }
      td:last-child, th:last-child {
        text-align: end;
        padding-inline-end: 0;
      }
      td {
        vertical-align: middle;
        overflow-wrap: normal;
      }
      td .button {
        white-space: nowrap;
      }
      code {
        white-space: nowrap;
        font: 0.9375rem ui-monospace, "DejaVu Sans Mono", monospace;
      }
      .name {
        font-weight: 600;
      }
      .name::first-letter {
        text-transform: uppercase;
      }
      .slight {
        display: none;
        font-size: 0.8125rem;
        color: var(--soft);
      }
      @media (max-width: 40rem) {
        .wide { display: none; }
        .slight { display: block; }
        .card { padding-inline: 1rem; }
        main { padding-inline: 1rem; }
      }
    `,
  ];

  override render() {
    return html`
      <cf-bar heading="Careflow"></cf-bar>
      <main>
        <section class="hero">
          <div>
            <h2>${t("landing-heading")}</h2>
            <p class="lead">${t("landing-lead")}</p>
            ${this.#first()}
          </div>
          <div class="stage" aria-hidden="true"><svg class="waves" aria-hidden="true" viewBox="0 0 64 64" fill="none" stroke="currentColor" stroke-width="2.600" stroke-linecap="round">
            <path d="M27 46a7 7 0 0 1 10 0"></path><path d="M21 39.500a16 16 0 0 1 22 0"></path><path d="M15 33a24.500 24.500 0 0 1 34 0"></path>
            <path d="M9 26.500a33 33 0 0 1 46 0"></path><path d="M3 20a41.500 41.500 0 0 1 58 0"></path>
          </svg>${this.#phone()}</div>
        </section>
        <nav class="screens" aria-label=${t("landing-screens")}>
          ${this.#screen("customer", "phone")} ${this.#screen("agent", "headset")} ${this.#screen("operator", "inbox")} ${this.#screen("devices", "router")}
        </nav>
        ${this.demo ? this.#demo(this.demo) : nothing}
      </main>
    `;
  }

  /** In the demo: one press, and one is in the first home, where something is wrong. */
  #first() {
    const first = this.demo?.customers[0];
    if (!first) return nothing;
    return html`<a class="button primary" href=${this.#door(first)}>${icon("phone", 20)}${t("landing-first", { name: first.name })}</a>`;
  }

  #door(one: DemoCustomer): string {
    return `/customer?${new URLSearchParams({ tenant: this.demo!.tenant, phone: one.phone }).toString()}`;
  }

  /** The page for staff on this home's router; a supervisor may see all of it. */
  #inside(one: DemoCustomer): string {
    const login = this.demo!.staff.find((staff) => staff.role === "supervisor")?.login ?? "";
    return `/devices?${new URLSearchParams({ tenant: this.demo!.tenant, login })}#?${new URLSearchParams({ q: one.device })}`;
  }

  /** What a repair looks like on the phone; a picture, made of the same colours. */
  #phone() {
    return html`<div class="phone">
      <p>${t("landing-shot-found")}</p>
      <p class="me">${t("landing-shot-choice")}</p>
      <div class="work">
        <b>${t("landing-shot-choice")}</b>
        ${["contact", "switch", "check"].map((name) => html`<p class="tick">${icon("check", 18)}${t(`landing-shot-${name}`)}</p>`)}
      </div>
      <p class="done">${icon("check", 20)}${t("landing-shot-done")}</p>
    </div>`;
  }

  #screen(name: string, glyph: IconName) {
    return html`<a class="screen" href="/${name}">
      <span class="glyph">${icon(glyph, 28)}</span>
      <b>${t(`landing-${name}`)}</b>
      <p class="soft">${t(`landing-${name}-lead`)}</p>
      <span class="go">${t("landing-open")}${icon("next", 20)}</span>
    </a>`;
  }

  #demo(demo: DemoAccounts) {
    return html`<section class="demo">
      <h3>${t("landing-demo")}</h3>
      <p>${t("landing-demo-lead")}</p>
      <div class="card" tabindex="0" role="region" aria-label=${t("landing-demo-homes")}>
        <table>
          <thead>
            <tr>
              <th scope="col">${t("landing-demo-home")}</th>
              <th class="wide" scope="col">${t("landing-demo-customer")}</th>
              <th class="wide" scope="col">${t("landing-demo-phone")}</th>
              <th class="wide" scope="col">${t("landing-demo-router")}</th>
              <th scope="col"><span class="unseen">${t("landing-open")}</span></th>
            </tr>
          </thead>
          <tbody>${demo.customers.map((one) => this.#home(one))}</tbody>
        </table>
      </div>
      <div class="card" tabindex="0" role="region" aria-label=${t("landing-demo-staff")}>
        <table>
          <thead>
            <tr>
              <th class="wide" scope="col">${t("landing-demo-role")}</th>
              <th scope="col">${t("staff-login")}</th>
              <th class="wide" scope="col">${t("staff-password")}</th>
              <th scope="col"><span class="unseen">${t("landing-open")}</span></th>
            </tr>
          </thead>
          <tbody>
            ${demo.staff.map((one) => {
              const page = ROLE_PAGES[one.role];
              const role = has(`role-${one.role}`) ? t(`role-${one.role}`) : one.role;
              return html`<tr>
                <td class="name wide">${role}</td>
                <td><span class="slight name">${role}</span><code>${one.login}</code><code class="slight">${one.password}</code></td>
                <td class="wide"><code>${one.password}</code></td>
                <td>${page ? html`<a class="button slim" href="${page}?tenant=${demo.tenant}&login=${one.login}">${t("landing-open")}</a>` : nothing}</td>
              </tr>`;
            })}
          </tbody>
        </table>
      </div>
    </section>`;
  }

  #home(one: DemoCustomer) {
    const story = `story-${one.story}`;
    return html`<tr>
      <td class="name">${has(story) ? t(story) : one.title}<span class="slight">${one.name}</span></td>
      <td class="wide">${one.name}</td>
      <td class="wide"><code>${one.phone}</code></td>
      <td class="wide"><a href=${this.#inside(one)}><code>${one.device}</code></a></td>
      <td><a class="button slim" href=${this.#door(one)}>${t("landing-open")}</a></td>
    </tr>`;
  }
}

void begin("people", "landing").then(() => customElements.define("cf-landing", CfLanding));
