import { describe, expect, it } from "vitest";
import {
  AUTHENTICATE,
  connect,
  newestContact,
  origin,
  page,
  persisted,
  read,
  role,
  site,
  startChat,
} from "../testing/shop-page.ts";
import { snippetId, startBody, widgetId } from "../testing/with-connect.ts";

describe("fields of the snippet", () => {
  it("does not start when a mandatory field is missing", async () => {
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    site.edit = (snippet) => snippet.replace("amazon_connect('styles'", "void ('styles'");
    await page.goto(origin);
    await expect.poll(() => complaints.join()).toContain("does not start: styles missing");
    expect(await page.locator("#amazon-connect-chat-widget").count()).toBe(0);
  });

  it("sends the page's own attributes with their prefix, and its display name and duration", async () => {
    site.scripts += `amazon_connect('contactAttributes', { plan: 'pro' });
      amazon_connect('customerDisplayName', function (callback) { callback('Ada'); });
      amazon_connect('chatDurationInMinutes', 60);
      amazon_connect('somethingElse', { not: 'known' });`;
    await page.goto(origin);
    await startChat();
    expect(newestContact()).toMatchObject({
      attributes: { chatContinue: "none", "HostedWidget-plan": "pro" },
      displayName: "Ada",
    });
  });

  it("launches by itself, or by the page's own button, as customLaunchBehavior says", async () => {
    site.scripts += `amazon_connect('customLaunchBehavior', { skipIconButtonAndAutoLaunch: true });`;
    await page.goto(origin);
    await role("input").waitFor();
    await role("end-chat").click();
    await role("ended").waitFor();

    site.head = "<button id=own>Talk to us</button>";
    site.scripts = `${AUTHENTICATE}amazon_connect('customLaunchBehavior', { alwaysHideWidgetButton: true,
      programmaticLaunch: function (launch) { document.getElementById('own').addEventListener('click', launch); } });`;
    await page.goto(origin);
    await page.locator("#amazon-connect-chat-widget").waitFor({ state: "attached" });
    expect(await page.locator("#amazon-connect-open-widget-button").isVisible()).toBe(false);
    await page.locator("#own").click();
    await role("input").waitFor();
    expect(connect.contacts()).toHaveLength(2);
  });

  it("takes over a chat that the page's own back end started, and asks for no token then", async () => {
    const body = JSON.stringify(startBody);
    site.scripts += `amazon_connect('customStartChat', function (callback) {
      fetch('/token').then(function (answer) { return answer.text(); }).then(function (token) {
        return fetch('${connect.origin}/connectwidget/api/${widgetId}/start', { method: 'POST', body: '${body}',
          headers: { 'content-type': 'application/json', 'x-amz-snippet-id': '${snippetId}', 'x-amz-security-token': token } });
      }).then(function (answer) { return answer.json(); }).then(function (answer) {
        callback({ startChatResult: answer.data.startChatResult, featurePermissions: {} });
      });
    });`;
    await page.goto(origin);
    const { contactId } = await startChat();
    expect(await read("metadata")).toEqual([contactId]);
    expect(await persisted()).not.toBeNull();
    expect(connect.contacts()).toHaveLength(1);
    // The page's own call.
    expect(site.tokensAsked).toBe(1);
  });

  it.each([
    ["true", 0],
    ["'no'", 0],
    ["false", 1],
    ["0", 1],
  ])("measures itself unless disableCSM has a true value: %s", async (value, count) => {
    site.scripts += `amazon_connect('disableCSM', ${value});`;
    await page.goto(origin);
    await page.locator("#amazon-connect-open-widget-button").waitFor();
    expect(await page.locator("script[data-amazon-connect-csm]").count()).toBe(count);
  });

  it("puts the page's nonce on what it adds", async () => {
    site.csp = `default-src 'none'; script-src 'nonce-n0nce' ${connect.origin}; style-src 'nonce-n0nce'; connect-src 'self' ${connect.origin}; worker-src blob:`;
    site.scripts = `${AUTHENTICATE}amazon_connect('nonce', 'n0nce');`;
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    await page.goto(origin);
    await startChat();
    expect(await role("transcript").evaluate((element) => getComputedStyle(element).display)).toBe("flex");
    expect(complaints.filter((text) => text.includes("Content Security Policy"))).toEqual([]);
  });
});
