// One shape for everything that can go wrong between a screen and the server.

export interface ErrorBody {
  code?: string;
  message?: string;
  fields?: Record<string, string[]> | null;
}

/** `status` 0 means that no answer came at all; `code` is the server's, or "offline". */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  readonly fields: Record<string, string[]>;
  readonly retry_after_s: number | null;

  constructor(status: number, body: ErrorBody, retryAfter_s: number | null = null) {
    super(body.message ?? body.code ?? "");
    this.status = status;
    this.code = body.code ?? (status ? `http_${status}` : "offline");
    this.fields = body.fields ?? {};
    this.retry_after_s = retryAfter_s;
  }

  /** Whether the same request may succeed later, unchanged. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }

  static from(error: unknown): ApiError {
    if (error instanceof ApiError) return error;
    return new ApiError(0, { code: "offline", message: error instanceof Error ? error.message : String(error) });
  }
}
