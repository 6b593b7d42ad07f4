// The HTTP side: one place that knows the token, renews it, and turns every failure into ApiError.
import { ApiError, type ErrorBody } from "./failure.ts";
import type { EventPage, Subject } from "./types.ts";

const ROOT = "/api/v1/";
const TIMEOUT_MS = 15_000;
const RENEW_BEFORE_S = 30;

interface Tokens {
  access_token: string;
  expires_in_s: number;
  subject: Subject;
}

/** Which screen asks: each has a refresh cookie of its own, so that they live side by side in one browser. */
export type Surface = "customer" | "agent" | "operator" | "staff";

type Method = "GET" | "POST" | "PUT" | "DELETE";

export class Api {
  subject: Subject | null = null;
  /** The server's clock minus ours, from its Date header: countdowns follow the server's clock. */
  ahead_ms = 0;
  signedOut: () => void = () => {};
  readonly surface: Surface;
  readonly #mark: string;
  #token = "";
  #until_ms = 0;
  #renewing: Promise<boolean> | null = null;

  constructor(surface: Surface) {
    this.surface = surface;
    this.#mark = `careflow.signed-in.${surface}`;
  }

  now_ms(): number {
    return Date.now() + this.ahead_ms;
  }

  /** Whether somebody signed in on this surface, as far as can be seen from here. */
  static marked(surface: Surface): boolean {
    return localStorage.getItem(`careflow.signed-in.${surface}`) === "yes";
  }

  /** Take up what the refresh cookie still knows. True when signed in; ApiError when nobody could be asked. */
  async resume(): Promise<boolean> {
    // The cookie cannot be seen from here; this says whether asking is worth it.
    return localStorage.getItem(this.#mark) === "yes" && this.#renew();
  }

  /** The access token lives in this page's memory only. */
  signedIn(tokens: Tokens): void {
    this.#token = tokens.access_token;
    this.#until_ms = Date.now() + tokens.expires_in_s * 1000;
    this.subject = tokens.subject;
    localStorage.setItem(this.#mark, "yes");
  }

  async signOut(): Promise<void> {
    await this.open("POST", "auth/logout", { surface: this.surface }).catch(() => undefined);
    this.#forget();
  }

  /** A token good for at least half a minute, for the socket; "" when signed out. */
  async token(): Promise<string> {
    if (this.#until_ms < Date.now() + RENEW_BEFORE_S * 1000) await this.#renew();
    return this.#token;
  }

  get<T>(path: string): Promise<T> {
    return this.#authorised<T>("GET", path);
  }

  post<T>(path: string, body: unknown): Promise<T> {
    return this.#authorised<T>("POST", path, body);
  }

  put<T>(path: string, body: unknown): Promise<T> {
    return this.#authorised<T>("PUT", path, body);
  }

  delete<T>(path: string): Promise<T> {
    return this.#authorised<T>("DELETE", path);
  }

  events(session: string, after: number): Promise<EventPage> {
    return this.get<EventPage>(`conversations/${encodeURIComponent(session)}/events?after=${after}&limit=200`);
  }

  /** Without a token: signing in, and what the demo tells. `path` from the root when it begins with "/". */
  open<T>(method: Method, path: string, body?: unknown): Promise<T> {
    return this.#fetch<T>(method, path, body, "");
  }

  async #authorised<T>(method: Method, path: string, body?: unknown): Promise<T> {
    if (this.#token && this.#until_ms < Date.now() + 2000) await this.#renew();
    try {
      return await this.#fetch<T>(method, path, body, this.#token);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
    }
    if (await this.#renew()) return this.#fetch<T>(method, path, body, this.#token);
    this.#forget();
    this.signedOut();
    throw new ApiError(401, { code: "signed_out" });
  }

  /** One renewal at a time. False when the server says no; ApiError when it could not be asked. */
  #renew(): Promise<boolean> {
    this.#renewing ??= this.open<Tokens>("POST", "auth/refresh", { surface: this.surface })
      .then((tokens) => {
        // Another tab of this browser may have signed in as somebody else meanwhile.
        if (this.subject && this.subject.id !== tokens.subject.id) return false;
        this.signedIn(tokens);
        return true;
      })
      .catch((error: unknown) => {
        const failure = ApiError.from(error);
        if (failure.passing) throw failure;
        localStorage.removeItem(this.#mark);
        return false;
      })
      .finally(() => {
        this.#renewing = null;
      });
    return this.#renewing;
  }

  #forget(): void {
    this.#token = "";
    this.#until_ms = 0;
    this.subject = null;
    localStorage.removeItem(this.#mark);
  }

  async #fetch<T>(method: Method, path: string, body: unknown, token: string): Promise<T> {
    const headers: Record<string, string> = { Accept: "application/json" };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    if (token) headers["Authorization"] = `Bearer ${token}`;
    const url = path.startsWith("/") ? path : ROOT + path;
    let answer: Response;
    try {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      answer = await fetch(url, { method, headers, signal, body: body === undefined ? null : JSON.stringify(body) });
    } catch (error) {
      throw ApiError.from(error);
    }
    const date = Date.parse(answer.headers.get("Date") ?? "");
    if (date) this.#setClock(date);
    const said = (await answer.json().catch(() => ({}))) as T & { error?: ErrorBody };
    if (answer.ok) return said;
    const retry = Number(answer.headers.get("Retry-After"));
    throw new ApiError(answer.status, said.error ?? {}, Number.isFinite(retry) && retry > 0 ? retry : null);
  }

  /** The header has whole seconds, so a difference below two says nothing. */
  #setClock(server_ms: number): void {
    const ahead_ms = server_ms + 500 - Date.now();
    this.ahead_ms = Math.abs(ahead_ms) < 2000 ? 0 : ahead_ms;
  }
}
