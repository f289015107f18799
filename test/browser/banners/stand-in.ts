/**
 * Shows two buttons of a banner as soon as there is a body. Both stay, as a site's link to the banner's settings does:
 * whoever has agreed can take it back.
 *
 * @param choose Gets whether the visitor allows all, or only what is necessary.
 */
export function showBanner(choose: (agreed: boolean) => void): void {
  const show = () => {
    for (const word of ["agree", "refuse"]) {
      const button = document.createElement("button");
      button.dataset["banner"] = word;
      button.textContent = word;
      button.addEventListener("click", () => choose(word === "agree"));
      document.body.append(button);
    }
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", show);
  else show();
}

/** Sets a cookie as the banners do: for the whole site, for a year. */
export function setCookie(name: string, value: string): void {
  document.cookie = `${name}=${value}; Path=/; Max-Age=31536000; SameSite=Lax`;
}

/** @returns The cookie's value as it stands; `null` where there is none. */
export function readCookie(name: string): string | null {
  const found = document.cookie.split("; ").find((cookie) => cookie.startsWith(`${name}=`));
  return found?.slice(name.length + 1) ?? null;
}

/** Sends an event with the properties that banners give it. */
export function send(target: EventTarget, type: string, detail: unknown = null): void {
  target.dispatchEvent(new CustomEvent(type, { detail }));
}

/** Calls a function that the site may have put into the page. */
export function callGlobal(name: string): void {
  const found: unknown = Reflect.get(window, name);
  if (typeof found === "function") found();
}
