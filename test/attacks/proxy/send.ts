import { buildRequest, type RequestParts, sendRaw } from "../../worker/raw-request.ts";

export function send(origin: string, request: Omit<RequestParts, "host">) {
  return sendRaw(origin, buildRequest({ ...request, host: "www.example.com" }));
}
