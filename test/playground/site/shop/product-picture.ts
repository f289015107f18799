import { type Product } from "./catalogue.ts";

/** A drawing instead of a photo: nothing to download, and different for every product. */
export function renderPicture({ category, hue, name }: Product): string {
  const shape = category === "teaware" ? pot(hue) : tin(hue, category === "green" ? 110 : 24);
  return `<svg class="picture" viewBox="0 0 240 180" role="img" aria-label="${name}">
<rect width="240" height="180" fill="hsl(${hue} 34% 90%)"/>
<ellipse cx="120" cy="150" rx="76" ry="9" fill="hsl(${hue} 20% 76%)"/>
${shape}
</svg>`;
}

function tin(hue: number, leafHue: number): string {
  const leaves = [0, 1, 2, 3, 4]
    .map((step) => {
      const x = 84 + step * 18;
      return `<path d="M${x} 118c-7-9-7-20 0-30 7 10 7 21 0 30z" fill="hsl(${leafHue} 38% ${30 + step * 6}%)" transform="rotate(${step * 24 - 48} ${x} 104)"/>`;
    })
    .join("\n");
  return `<rect x="72" y="52" width="96" height="98" rx="6" fill="hsl(${hue} 42% 46%)"/>
<rect x="66" y="40" width="108" height="20" rx="6" fill="hsl(${hue} 44% 34%)"/>
<rect x="72" y="82" width="96" height="46" fill="hsl(${hue} 40% 94%)"/>
${leaves}`;
}

function pot(hue: number): string {
  return `<path d="M70 98c0-30 22-48 50-48s50 18 50 48-20 52-50 52-50-22-50-52z" fill="hsl(${hue} 38% 46%)"/>
<path d="M168 92c16-2 22-16 34-20l4 6c-10 8-14 30-40 34z" fill="hsl(${hue} 38% 42%)"/>
<path d="M72 84c-22-8-38 4-34 22s22 22 40 16" fill="none" stroke="hsl(${hue} 38% 38%)" stroke-width="8"/>
<ellipse cx="120" cy="52" rx="34" ry="8" fill="hsl(${hue} 40% 36%)"/>
<circle cx="120" cy="40" r="7" fill="hsl(${hue} 40% 32%)"/>
<path d="M88 92c4-16 14-24 28-26" fill="none" stroke="hsl(${hue} 60% 82%)" stroke-width="5" stroke-linecap="round"/>`;
}
