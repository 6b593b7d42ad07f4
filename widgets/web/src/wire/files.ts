// Files to and from the server: larger than JSON, so they go as they are, with progress.
import type { Api } from "./api.ts";
import type { StoredFile } from "./device.ts";
import { ApiError, type ErrorBody } from "./failure.ts";

const ROOT = "/api/v1/staff/files";

export interface Upload {
  kind: string;
  name: string;
  version: string;
  models: string;
}

/** Send a file; `told` hears the part sent, from 0 to 1. ApiError when it was not taken. */
export async function upload(api: Api, about: Upload, file: Blob, told: (part: number) => void): Promise<StoredFile> {
  const token = await api.token();
  // The only way a browser tells how much of a body has gone.
  const request = new XMLHttpRequest();
  const answer = new Promise<StoredFile>((done, failed) => {
    request.addEventListener("load", () => {
      const said = parsed(request.responseText) as StoredFile & { error?: ErrorBody };
      if (request.status < 300) done(said);
      else failed(new ApiError(request.status, said.error ?? {}));
    });
    for (const name of ["error", "abort", "timeout"]) request.addEventListener(name, () => failed(new ApiError(0, { code: "offline" })));
  });
  request.upload.addEventListener("progress", (event) => event.lengthComputable && told(event.loaded / event.total));
  request.open("POST", `${ROOT}?${new URLSearchParams({ ...about })}`);
  request.setRequestHeader("Authorization", `Bearer ${token}`);
  request.setRequestHeader("Content-Type", "application/octet-stream");
  request.setRequestHeader("Accept", "application/json");
  request.send(file);
  return answer;
}

/** Fetch a file and hand it to the browser to keep under its name. */
export async function download(api: Api, file: Pick<StoredFile, "id" | "name">): Promise<void> {
  const headers = { Authorization: `Bearer ${await api.token()}` };
  let answer: Response;
  try {
    answer = await fetch(`${ROOT}/${encodeURIComponent(file.id)}/content`, { headers });
  } catch (error) {
    throw ApiError.from(error);
  }
  if (!answer.ok) throw new ApiError(answer.status, ((await answer.json().catch(() => ({}))) as { error?: ErrorBody }).error ?? {});
  const url = URL.createObjectURL(await answer.blob());
  const link = document.createElement("a");
  link.href = url;
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
