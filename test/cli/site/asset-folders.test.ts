import { describe, expect, it } from "vitest";
import { measureAssets, type ReservedPaths } from "../../../src/cli/site/asset-folders.ts";

const RESERVED: ReservedPaths = { chatPath: "/_chat", signOutPaths: "" };

describe("measureAssets()", () => {
  const folders = (assets: readonly string[], pages: readonly string[] = [], reserved: Partial<ReservedPaths> = {}) =>
    measureAssets([assets], ["/", ...pages], { ...RESERVED, ...reserved }).folders.map(({ path }) => path);

  it("counts files on average of the pages, and by folder, the most first", () => {
    const first = ["/favicon.ico", "/img/a.png", "/assets/a.css", "/assets/a.js?v=/x/", "/assets/b/c.js"];
    expect(measureAssets([first, ["/img/a.png", "/assets/a.js"], []], [], RESERVED)).toEqual({
      filesPerView: 2.3,
      folders: [{ path: "/assets/", filesPerView: 1.3 }],
    });
    expect(measureAssets([first], [], RESERVED).folders).toEqual([
      { path: "/assets/", filesPerView: 3 },
      { path: "/img/", filesPerView: 1 },
    ]);
  });

  it("does not count the Worker's own script, and what Cloudflare answers itself", () => {
    const assets = ["/_chat/widget.js", "/cdn-cgi/scripts/x.js", "/_chats/a.js"];
    expect(measureAssets([assets], [], RESERVED)).toEqual({
      filesPerView: 1,
      folders: [{ path: "/_chats/", filesPerView: 1 }],
    });
  });

  it.each([
    ["/assets/", "/assets/a.js", "/assets/b/c.js"],
    ["/_next/static/", "/_next/static/chunks/a.js", "/_next/static/css/b.css"],
    ["/wp-content/", "/wp-content/themes/a/b.css", "/wp-content/plugins/c/d.js"],
    ["/wp-content/themes/tea/", "/wp-content/themes/tea/b.css", "/wp-content/themes/tea/js/d.js"],
    ["/build/", "/build/9f8e7d/a.js", "/build/9f8e7d/b.js"],
    ["/v2/", "/v2/a.js", "/v2/b.js"],
  ])("gives the folder that all files share, without a version: %s", (folder, ...assets) => {
    expect(folders(assets)).toEqual([folder]);
  });

  it.each([
    ["a page", ["/shop/tea"], ["/shop/img/"]],
    ["the folder's own page", ["/shop"], ["/shop/img/"]],
    ["a page of another name", ["/shopping"], ["/shop/img/"]],
    ["a page in each folder", ["/shop/img/large"], []],
  ])("leaves out a folder with %s", (_what, pages, expected) => {
    const found = folders(["/shop/img/a.png"], pages);
    expect(found).toEqual(expected);
  });

  it.each([
    ["CHAT_PATH", { chatPath: "/static/chat" }],
    ["CHAT_PATH in it", { chatPath: "/static" }],
    ["a sign-out path", { signOutPaths: "/bye /static/logout" }],
    ["a sign-out path for anything below", { signOutPaths: "/static/*" }],
    ["a sign-out path in any folder", { signOutPaths: "/:lang/logout" }],
    ["a sign-out path anywhere", { signOutPaths: "*/logout" }],
    ["a sign-out path in a group", { signOutPaths: "/st{atic/logout}?" }],
  ])("leaves out a folder with %s", (_what, reserved) => {
    expect(folders(["/static/a.js"])).toEqual(["/static/"]);
    expect(folders(["/static/a.js"], [], reserved)).toEqual([]);
  });

  it("leaves out files beside the pages, and a folder's name with a *", () => {
    expect(folders(["/favicon.ico", "/a*b/c.js"])).toEqual([]);
  });

  it("gives at most five folders", () => {
    expect(folders(["/a/1", "/b/1", "/c/1", "/d/1", "/e/1", "/f/1"])).toHaveLength(5);
  });
});
