import { type Settings as ParsedSettings } from "../../../core/settings/settings.ts";
import { type Snippet } from "../../../core/widget/snippet.ts";
import { checkSettings } from "../../doctor/settings.ts";
import { Misuse } from "../../shared/command-line.ts";
import { hasOwnSnippet, type Settings } from "../../shared/own-settings.ts";

/** What this machine has to know before a chat can be started. */
export interface Requirements {
  readonly snippet: Snippet;
  readonly settings: ParsedSettings;
  readonly site: URL;
}

const BY_HAND =
  "Or try it by hand: chat on the site, end the chat, wait a minute, and chat again. The first chat's messages must be there.";

/**
 * Reads what the rehearsal needs from the owner's settings.
 *
 * @param settings The snippet in the environment replaces the one in .dev.vars.
 * @throws {Misuse} Where something is missing, with what to do.
 */
export function readRequirements(
  own: Settings,
  environment: Readonly<Record<string, string | undefined>>,
  site: URL | null,
): Requirements {
  const settings = replaceSnippet(own, environment);
  if (site === null) {
    throw new Misuse("Give the address of the live site: npm run connect -- rehearse https://www.example.com");
  }
  if (!hasOwnSnippet(settings)) {
    throw new Misuse(
      "The rehearsal needs the widget's snippet: run npm run setup, or set WIDGET_SNIPPET in .dev.vars.",
    );
  }
  const checked = checkSettings(settings);
  if (checked.problems.length > 0) {
    throw new Misuse(`The settings on this machine cannot be used:\n${checked.problems.join("\n")}`);
  }
  const { widget } = checked.settings;
  if (widget.source === "page") {
    throw new Misuse(
      `WIDGET_SNIPPET is the word page, so nothing here says where the widget starts its chats: run this command with the page's snippet as WIDGET_SNIPPET in the environment. ${BY_HAND}`,
    );
  }
  if (new URL(widget.snippet.scriptUrl).hostname.endsWith(".cloudfront.net")) {
    throw new Misuse(
      `The snippet is an older one, from cloudfront.net, which does not say where the widget starts its chats: copy the snippet from the Connect console again. ${BY_HAND}`,
    );
  }
  return { snippet: widget.snippet, settings: checked.settings, site };
}

const isPart = (name: string) => /^WIDGET_SNIPPET(?:_\d+)?$/.test(name);

function replaceSnippet(own: Settings, environment: Readonly<Record<string, string | undefined>>): Settings {
  if (!environment["WIDGET_SNIPPET"]) return own;
  const kept = Object.entries(own).filter(([name]) => !isPart(name));
  const given = Object.entries(environment).flatMap(([name, text = ""]) => (isPart(name) ? [[name, text]] : []));
  return Object.fromEntries([...kept, ...given]);
}
