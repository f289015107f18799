import { type Connection, type FlowEntry } from "../flows/list-flows.ts";
import { readPublished, readSaved } from "../flows/read-flow.ts";
import { type FlowContent, hasLink, parseFlow } from "./flow/parse-flow.ts";

/** A flow, with what is to be judged of it. */
export interface Flow extends FlowEntry {
  readonly isPublished: boolean;
  /** What is published, or saved where nothing is; `null`: not in a known form. */
  readonly content: FlowContent | null;
  /** What is saved beside what is published; `null`: not asked, not there, or the same as `content`. */
  readonly saved: FlowContent | null;
}

/**
 * Reads a flow: what is published, and what is saved beside it.
 *
 * @param isWanted Whether the saved content is read also where the published one has no link block.
 */
export async function describeFlow(connection: Connection, entry: FlowEntry, isWanted: boolean): Promise<Flow> {
  const published = await readPublished(connection, entry.id);
  const content = published === null ? null : parseFlow(published.Content ?? "");
  if (published !== null && content !== null && !isWanted && !hasLink(content)) {
    return { ...entry, isPublished: true, content, saved: null };
  }
  const draft = await readSaved(connection, entry.id, published !== null);
  const saved = draft === null ? null : parseFlow(draft.Content ?? "");
  return published === null
    ? { ...entry, isPublished: false, content: saved, saved: null }
    : { ...entry, isPublished: true, content, saved };
}
