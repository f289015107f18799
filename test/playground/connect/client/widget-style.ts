export const PAGE_CSS = `
#amazon-connect-chat-widget { position: fixed; right: 24px; bottom: 24px; z-index: 2147483000; }
#amazon-connect-chat-widget button { display: grid; place-items: center; width: 56px; height: 56px; padding: 0; border: 0;
  border-radius: 50%; margin-left: auto; cursor: pointer; box-shadow: 0 4px 14px rgb(15 23 42 / .28);
  transition: transform .15s ease; }
#amazon-connect-call-button { margin-bottom: 10px; }
#amazon-connect-chat-widget svg { width: 26px; height: 26px; fill: none; stroke: currentColor; stroke-width: 1.8;
  stroke-linecap: round; stroke-linejoin: round; }
#amazon-connect-chat-widget button:hover { transform: translateY(-2px); }
#amazon-connect-chat-widget button:focus-visible { outline: 3px solid #93c5fd; outline-offset: 3px; }
#amazon-connect-chat-widget [hidden] { display: none !important; }
#amazon-connect-widget-frame { width: 360px; max-width: calc(100vw - 32px); height: 540px; max-height: calc(100vh - 120px);
  margin-bottom: 14px; overflow: hidden; border-radius: 14px; background: #fff;
  box-shadow: 0 14px 44px rgb(15 23 42 / .26), 0 0 0 1px rgb(15 23 42 / .06); }
#amazon-connect-chat-widget-iframe { display: block; width: 100%; height: 100%; border: 0; }
`;

export const PANEL_CSS = `
* { box-sizing: border-box; }
html, body { height: 100%; margin: 0; }
body { display: flex; flex-direction: column; background: #fff; color: #1e293b; font: 14px/1.45 system-ui, -apple-system, "Segoe UI", sans-serif; }
button { font: inherit; cursor: pointer; }
[hidden] { display: none !important; }
header { display: flex; align-items: center; gap: 12px; padding: 13px 16px; background: var(--brand); color: var(--on-brand); }
header strong { display: block; font-size: 15px; }
header span { font-size: 12px; opacity: .85; }
header div { flex: 1; }
[data-role=end-chat] { padding: 6px 12px; border: 1px solid currentColor; border-radius: 999px; background: transparent; color: inherit; font-size: 12px; }
[data-role=end-chat]:hover { background: rgb(255 255 255 / .15); }
[data-role=transcript] { flex: 1; overflow-y: auto; display: flex; flex-direction: column; gap: 7px; padding: 16px; background: #f8fafc; }
[data-role=transcript] h2 { display: flex; align-items: center; gap: 10px; margin: 6px 0; color: #64748b; font-size: 11px; font-weight: 600; }
[data-role=transcript] h2::before, [data-role=transcript] h2::after { content: ""; flex: 1; height: 1px; background: #dbe2ea; }
[data-message] { max-width: 82%; padding: 8px 12px; border-radius: 14px; white-space: pre-wrap; overflow-wrap: anywhere; }
[data-from=customer] { align-self: flex-end; border-bottom-right-radius: 4px; background: var(--brand); color: var(--on-brand); }
[data-from=agent] { align-self: flex-start; border-bottom-left-radius: 4px; background: #fff; box-shadow: 0 0 0 1px #e2e8f0; }
[data-from=system] { align-self: center; max-width: 100%; padding: 2px 8px; color: #64748b; font-size: 12px; text-align: center; }
[data-rehydrated=true] { opacity: .66; }
[data-role=notice] { flex: 1; display: grid; align-content: center; justify-items: center; gap: 8px; padding: 24px; text-align: center; color: #475569; }
[data-role=notice] strong { color: #0f172a; font-size: 16px; }
[data-role=error] { display: grid; gap: 8px; }
[data-role=status] { padding: 8px 16px; background: #fff7e6; color: #8a5a00; font-size: 12px; text-align: center; }
form { display: flex; margin: 0; gap: 8px; padding: 12px; border-top: 1px solid #e2e8f0; }
[data-role=input] { flex: 1; min-width: 0; padding: 9px 14px; border: 1px solid #cbd5e1; border-radius: 999px; font: inherit; }
[data-role=input]:focus { outline: 2px solid var(--brand); outline-offset: -1px; }
[data-role=send], [data-role=close] { padding: 9px 16px; border: 0; border-radius: 999px; background: var(--brand); color: var(--on-brand); font-weight: 600; }
footer { display: flex; align-items: center; justify-content: space-between; gap: 12px; padding: 12px 16px; border-top: 1px solid #e2e8f0; color: #475569; font-size: 13px; }
`;
