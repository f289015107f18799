import { bundleForBrowser, readBrowserFile } from "../browser-scripts.ts";
import { type Exchange, replyFile } from "./exchange.ts";

export interface AgentPage {
  /** @returns Whether the path is one of its own. */
  answer(exchange: Exchange): boolean;
}

/** The page on which a person plays the agent. Its script draws the content from the agent API. */
export function createAgentPage(): AgentPage {
  const html = readBrowserFile("agent/agent.html");

  return {
    answer(exchange) {
      const { method, path, response } = exchange;
      if (method !== "GET") return false;
      if (path === "/") {
        response.writeHead(302, { location: "/agent" }).end();
        return true;
      }
      if (path === "/agent/static/agent.css") {
        replyFile(exchange, "text/css", bundleForBrowser("agent/agent.css"));
      } else if (path === "/agent/static/agent.js") {
        replyFile(exchange, "text/javascript", bundleForBrowser("agent/main.ts"));
      } else if (/^\/agent(?:\/[^/]+)?$/.test(path)) replyFile(exchange, "text/html", html);
      else return false;
      return true;
    },
  };
}
