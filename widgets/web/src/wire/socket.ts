// The push side: one Socket.IO connection a page, over WebSocket only, fetched after the first paint.
// It holds nothing: whoever listens asks for what it missed each time the connection is made again.
import type { Socket } from "socket.io-client";
import type { Api } from "./api.ts";

const ACK_TIMEOUT_MS = 8000;
const RETRY_LIMIT_MS = 5000;

export type Handler = (data: never) => void;

export class Live {
  up = false;
  /** Set once a connection has been refused, so that a screen does not wait for the first one. */
  failed = false;
  readonly #api: Api;
  readonly #handlers = new Map<string, Set<Handler>>();
  readonly #watchers = new Set<(up: boolean) => void>();
  #socket: Socket | null = null;
  #opening: Promise<void> | null = null;

  constructor(api: Api) {
    this.#api = api;
  }

  /** Called with true on each connection made and false on each one lost; returns how to stop. */
  watch(watcher: (up: boolean) => void): () => void {
    this.#watchers.add(watcher);
    void this.#open();
    return () => this.#watchers.delete(watcher);
  }

  on(name: string, handler: Handler): () => void {
    const set = this.#handlers.get(name) ?? new Set<Handler>();
    if (!this.#handlers.has(name)) {
      this.#handlers.set(name, set);
      this.#socket?.on(name, (data: unknown) => this.#spread(name, data));
    }
    set.add(handler);
    return () => set.delete(handler);
  }

  /** The server's acknowledgement, or an error when none came in time. */
  async ask<T>(name: string, data: unknown): Promise<T> {
    if (!this.#socket) throw new Error("not connected");
    return (await this.#socket.timeout(ACK_TIMEOUT_MS).emitWithAck(name, data)) as T;
  }

  close(): void {
    this.#socket?.disconnect();
    this.#socket = null;
    this.#opening = null;
    this.#set(false);
  }

  #open(): Promise<void> {
    this.#opening ??= import("socket.io-client").then(({ io }) => {
      const socket = io({
        transports: ["websocket"],
        reconnectionDelayMax: RETRY_LIMIT_MS,
        auth: (give) => {
          this.#api.token().then((token) => give({ token }), () => give({ token: "" }));
        },
      });
      this.#socket = socket;
      for (const name of this.#handlers.keys()) socket.on(name, (data: unknown) => this.#spread(name, data));
      socket.on("connect", () => this.#set(true));
      socket.on("disconnect", (reason) => {
        this.#set(false);
        // The library comes back by itself except when the server closed the connection.
        if (reason === "io server disconnect") setTimeout(() => this.#socket?.connect(), 1000);
      });
      socket.on("connect_error", () => {
        this.failed = true;
        this.#set(false);
        // A refusal by the server itself (an expired token) stops the library's own tries.
        if (!socket.active) setTimeout(() => this.#socket?.connect(), RETRY_LIMIT_MS);
      });
      addEventListener("online", () => this.#socket?.connected || this.#socket?.connect());
    }, () => {
      this.failed = true;
      this.#opening = null;
      this.#set(false);
    });
    return this.#opening;
  }

  #spread(name: string, data: unknown): void {
    for (const handler of this.#handlers.get(name) ?? []) handler(data as never);
  }

  #set(up: boolean): void {
    this.up = up;
    for (const watcher of this.#watchers) watcher(up);
  }
}
