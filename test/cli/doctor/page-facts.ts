import { type PageFacts } from "../../../src/cli/doctor/page.ts";

/** A page that is fine; a test changes what it is about. */
export const PAGE: PageFacts = {
  path: "/",
  status: 200,
  reason: null,
  hasTag: false,
  ownTag: null,
  charset: "utf-8",
  encoding: null,
  policyChanges: [],
  hasWidget: false,
  launchesByItself: false,
  hasOwnStart: false,
  otherChats: [],
  consentBanners: [],
  pressesButton: false,
  registersServiceWorker: false,
  assets: [],
  caching: { cacheControl: null, etag: null, isFromCache: false },
  isChallenge: false,
  isFromCloudflare: true,
};
