/** Seven kinds of failures, in colours that the colour-blind tell apart. Source: Paul Tol, "Colour schemes", bright; darker on white. */
const LIGHT = `
--ground:#fff;--card:#f6f7f9;--ink:#1b2430;--soft:#4d5866;--line:#d3d9e0;
--bar:#2f6db0;--quiet:#7d8896;--well:#1d7a3a;--bad:#b3261e;--none:#5b6573;
--f0:#d1495b;--f1:#2f6db0;--f2:#8a7400;--f3:#a13670;--f4:#1f7f3b;--f5:#17849e;--f6:#737b86;
--good0:#e7ebf0;--good1:#bcd6ee;--good2:#8dbbe2;--good3:#5b9bd2;--good4:#2f74b5;--good5:#134a80;
--bad0:#e7ebf0;--bad1:#f6cfc4;--bad2:#eda58f;--bad3:#df7560;--bad4:#c0443a;--bad5:#87191c;`;

const DARK = `
--ground:#14181d;--card:#1d2329;--ink:#e8ecf1;--soft:#b3bcc7;--line:#3a434e;
--bar:#5f9fe0;--quiet:#8b96a3;--well:#5cc07c;--bad:#ff8a7a;--none:#a7b1bd;
--f0:#f0788a;--f1:#5f9fe0;--f2:#d6c04a;--f3:#d77bb0;--f4:#5cb56f;--f5:#66ccee;--f6:#b4bac2;
--good0:#2a323b;--good1:#1f4a73;--good2:#2c689f;--good3:#4489c8;--good4:#76afe2;--good5:#c0def8;
--bad0:#2a323b;--bad1:#5e2724;--bad2:#8d3732;--bad3:#bf5347;--bad4:#e68572;--bad5:#ffd0c2;`;

/** The style of the page. Colours of the pictures are variables, so that the dark and a printer each get their own. */
export const STYLE = `
:root{color-scheme:light dark;${LIGHT}}
@media screen and (prefers-color-scheme:dark){:root{${DARK}}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1240px;padding:0 16px 32px;background:var(--ground);color:var(--ink);font:16px/1.45 system-ui,sans-serif;overflow-wrap:anywhere}
.band{margin:0 -16px;padding:8px 16px;background:#ffd447;color:#1b2430;font-weight:600;text-align:center}
.kind{margin:20px 0 0;color:var(--soft)}
h1{margin:0 0 12px;font-size:1.6rem;line-height:1.2}
h2{margin:0 0 10px;font-size:1.1rem}
p{margin:8px 0}
code{font:0.92em ui-monospace,monospace}
.verdict{display:flex;gap:14px;padding:12px 16px;border-left:6px solid var(--none);background:var(--card);border-radius:6px}
.verdict p{margin:4px 0}
.verdict ul{margin:6px 0;padding-left:20px}
.mark{flex:none;width:32px;height:32px;border-radius:50%;background:var(--none);color:var(--ground);font:700 20px/32px system-ui,sans-serif;text-align:center}
.well{border-color:var(--well)}.well .mark{background:var(--well)}
.trouble{border-color:var(--bad)}.trouble .mark{background:var(--bad)}
main{columns:360px;column-gap:16px;margin:16px 0 0}
section{break-inside:avoid;margin:0 0 16px;padding:14px 16px;background:var(--card);border-radius:6px}
section>p{color:var(--soft)}
section>.todo{padding-left:10px;border-left:4px solid var(--bad);color:var(--ink)}
svg{display:block;width:100%;max-width:460px;height:auto;overflow:visible}
svg text{white-space:pre}
.legend{display:flex;flex-wrap:wrap;gap:4px 14px;margin:8px 0;padding:0;list-style:none;font-size:.85rem}
.swatch{display:inline-block;width:12px;height:12px;margin-right:6px;border-radius:2px;vertical-align:-1px}
summary{cursor:pointer}
details{margin:8px 0}
dt{margin-top:8px;font-weight:600}dd{margin:0}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}
th,td{padding:3px 12px 3px 0;text-align:right;border-bottom:1px solid var(--line);font-weight:400}
th:first-child{text-align:left}thead th{font-weight:600}
footer{color:var(--soft);font-size:.85rem}
@media print{
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
body{max-width:none;padding:0;font-size:11pt}
.band{margin:0;border:1px solid}
main{columns:auto}
section{margin:0 0 10pt;border:1px solid var(--line)}
.verdict{break-inside:avoid}
svg{max-width:11cm}
details{display:none}
}
`;
