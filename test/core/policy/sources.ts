import { type ChatSources } from "../../../src/core/policy/chat-sources.ts";

export const OWN = "https://www.example.com/_chat/";
export const CLIENT = "https://alias.my.connect.aws";
export const API = "wss://*.transport.connect.eu-central-1.amazonaws.com";

export const sources: ChatSources = {
  script: [CLIENT],
  connect: [CLIENT, API],
  image: ["data:", CLIENT],
  font: ["data:"],
  worker: ["blob:"],
  hasStyles: true,
};
