import { SAFE_PAGE } from '../http/pages.js';

/** What the page shows of an agent. */
export interface ListedAgent {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** For the agent at the root. */
  readonly isDefault: boolean;
}

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 44rem; margin: 3rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; }
li { margin: 0 0 1rem; }
pre { overflow-x: auto; padding: .75rem; border: 1px solid #8886; border-radius: .4rem; font-size: .85rem; }
`;

/** Only the page's own style is loaded. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  ...SAFE_PAGE,
  'cache-control': 'no-store',
};

/** An HTML page that lists the agents. All links are relative, so it works behind a proxy that adds a path. */
export function landingPage(agents: readonly ListedAgent[], hasConsole = false): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>A2A agents</title>
<style>${STYLE}</style>
</head>
<body>
<h1>A2A agents</h1>
<p>This server speaks the <a href="https://a2a-protocol.org">A2A protocol</a>, versions 1.0 and 0.3.</p>
<ul>
${agents.map(entry).join('\n')}
</ul>
<p><a href="docs">API documentation</a> · <a href="docs-json">OpenAPI</a> · <a href="health/ready">health</a>${hasConsole ? ' · <a href="console/">console</a>' : ''}</p>
<h2>Try it</h2>
<pre>${escapeHtml(TRY_IT)}</pre>
</body>
</html>
`;
}

const TRY_IT = `curl -N ADDRESS_OF_THIS_PAGE -H 'Content-Type: application/json' -H 'A2A-Version: 1.0' -d '{
  "jsonrpc": "2.0", "id": 1, "method": "SendStreamingMessage",
  "params": {"message": {"messageId": "'$(date +%s)'", "role": "ROLE_USER", "parts": [{"text": "twelve apples"}]}}
}'`;

function entry({ id, name, description, isDefault }: ListedAgent): string {
  const card = `${isDefault ? '' : `agents/${encodeURIComponent(id)}/`}.well-known/agent-card.json`;
  const address = isDefault ? '/' : `/agents/${id}`;
  return `<li><strong>${escapeHtml(name)}</strong> at <code>${escapeHtml(address)}</code> · <a href="${escapeHtml(card)}">agent card</a><br>${escapeHtml(description)}</li>`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
