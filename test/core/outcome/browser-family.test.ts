import { describe, expect, it } from "vitest";
import { readBrowserFamily } from "../../../src/core/outcome/browser-family.ts";

const webkit = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)";
const blink = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)";

describe("readBrowserFamily()", () => {
  it.each([
    ["safari", `${webkit} Version/18.5 Mobile/15E148 Safari/604.1`],
    ["chrome", `${webkit} CriOS/137.0.7151.51 Mobile/15E148 Safari/604.1`],
    ["firefox", `${webkit} FxiOS/139.0 Mobile/15E148 Safari/605.1.15`],
    ["edge", `${webkit} EdgiOS/137.0.0.0 Version/18.0 Mobile/15E148 Safari/604.1`],
    ["chrome", `${blink} Chrome/137.0.0.0 Safari/537.36`],
    ["edge", `${blink} Chrome/137.0.0.0 Safari/537.36 Edg/137.0.0.0`],
    ["opera", `${blink} Chrome/134.0.0.0 Safari/537.36 OPR/119.0.0.0`],
    ["samsung", `${blink} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36`],
    ["firefox", "Mozilla/5.0 (X11; Linux x86_64; rv:139.0) Gecko/20100101 Firefox/139.0"],
    ["other", `${webkit} Mobile/15E148 [FBAN/FBIOS]`],
    ["other", ""],
  ])("reads %s in %j", (family, userAgent) => {
    expect(readBrowserFamily(userAgent)).toBe(family);
  });

  it("takes a browser without the header for another one", () => {
    expect(readBrowserFamily()).toBe("other");
  });
});
