import { type ReportFigures } from "../figures/report-figures.ts";

/** Something in the figures that the owner should look at. */
export interface Finding {
  /** Which figures it is about: a failure, or the name of a rule. */
  readonly subject: string;
  /** One sentence: what stands out. */
  readonly what: string;
  /** What to do about it. */
  readonly todo: string;
  /** How far it is over its limit, as a factor: the largest comes first. */
  readonly weight: number;
  /** Of a failure: the browser and the version that most of it had; empty where there is none. */
  readonly most?: { readonly browser: string; readonly version: string };
}

/** @returns `null` where nothing stands out. */
export type FindingRule = (figures: ReportFigures) => Finding | null;
