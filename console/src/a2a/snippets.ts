import type { Message } from './parts.js';
import { messageRequest } from './rpc.js';

export const LANGUAGES = ['curl', 'TypeScript', 'Python'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Content longer than this is cut in what is shown and copied: nobody reads a file in base64. */
const LONG = 2_000;

/** The same call, for a terminal or a program. */
export function snippet(language: Language, url: string, message: Message, outputModes: readonly string[]): string {
  const params = messageRequest({ ...message, parts: message.parts.map(shortened) }, outputModes);
  if (language === 'curl') return curl(url, params);
  if (language === 'TypeScript') return typescript(url, params);
  return python(url, params);
}

function shortened<Part extends object>(part: Part): Part {
  return 'raw' in part && typeof part.raw === 'string' && part.raw.length > LONG
    ? { ...part, raw: 'PUT_THE_FILE_HERE_IN_BASE64' }
    : part;
}

function curl(url: string, params: object): string {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'SendStreamingMessage', params }, null, 2);
  return [
    `curl -N ${quoted(url)} \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -H 'A2A-Version: 1.0' \\`,
    `  -d ${quoted(body)}`,
  ].join('\n');
}

/** For a POSIX shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

function typescript(url: string, params: object): string {
  return `import { connect } from 'nest-a2a/client';

const agent = await connect(${JSON.stringify(url)});

const stream = agent.sendStreamingMessage(${JSON.stringify(params, null, 2)});
for await (const event of stream) console.log(JSON.stringify(event));

agent.close();
`;
}

/** JSON text inside a Python string, so that true, false and null need no translation. */
function python(url: string, params: object): string {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'SendStreamingMessage', params });
  return `import json
import urllib.request

body = ${JSON.stringify(body)}
request = urllib.request.Request(
    ${JSON.stringify(url)},
    data=body.encode(),
    headers={"Content-Type": "application/json", "A2A-Version": "1.0"},
)
with urllib.request.urlopen(request) as stream:
    for line in stream:
        if line.startswith(b"data:"):
            print(json.loads(line[5:])["result"])
`;
}
