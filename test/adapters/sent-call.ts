import { createSdkClient } from "../playground/connect/testing/sdk-client.ts";
import { type RecordedRequest, startRecordingServer } from "./recording-server.ts";

/** What two clients of Amazon's service API have in common when they make the same call. */
export interface SentCall {
  readonly method: string;
  /** Still encoded. */
  readonly path: string;
  /** Sorted by name. */
  readonly query: readonly (readonly [name: string, value: string])[];
  /** The host that was signed: a request of ours names it in a header of its own when it is sent elsewhere. */
  readonly host: string;
  readonly contentType: string | null;
  /** Whether there is an `x-amz-date` such as 20261127T120000Z. */
  readonly isDated: boolean;
  /** Region, service and terminator of the credential's scope: without key and day. */
  readonly scope: string;
  /** Whether host and date are among the signed headers. */
  readonly signsHostAndDate: boolean;
  /** Parsed; `null` where it is empty. */
  readonly body: unknown;
}

/** Any command of the SDK: each has a type of its own. */
interface SdkCommand {
  readonly input: object;
}

interface SdkClient {
  send(command: SdkCommand): Promise<unknown>;
  destroy(): void;
}

/**
 * Makes a call with Amazon's own SDK, in the region of the stand-in, and gives what was sent.
 *
 * @param command Such as `new StopContactCommand(…)`.
 */
export async function recordSdkCall(command: SdkCommand): Promise<SentCall> {
  const server = await startRecordingServer();
  const client: SdkClient = createSdkClient(server.origin);
  try {
    await client.send(command);
    const [request] = server.requests;
    if (request === undefined || server.requests.length > 1) {
      throw new Error(`Cannot record the call: wanted one request, found ${server.requests.length}`);
    }
    return toSentCall(request);
  } finally {
    client.destroy();
    await server.close();
  }
}

export function toSentCall({ body, headers, method, path, query }: RecordedRequest): SentCall {
  const authorization = headers.authorization ?? "";
  const [, scope = ""] = /Credential=[^/]+\/\d{8}\/([^,]+)/.exec(authorization) ?? [];
  const [, signed = ""] = /SignedHeaders=([^,]+)/.exec(authorization) ?? [];
  const parsed: unknown = body === "" ? null : JSON.parse(body);
  return {
    method,
    path,
    query: query.toSorted(([one], [other]) => (one < other ? -1 : 1)),
    host: String(headers["x-addressed-host"] ?? headers.host),
    contentType: headers["content-type"] ?? null,
    isDated: /^\d{8}T\d{6}Z$/.test(String(headers["x-amz-date"])),
    scope,
    signsHostAndDate: ["host", "x-amz-date"].every((name) => signed.split(";").includes(name)),
    body: parsed,
  };
}
