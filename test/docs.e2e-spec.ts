import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { SCENARIO_PREFIXES } from '../examples/conformance/v1-0.scenarios.js';
import { GreeterAgent } from '../examples/minimal/greeter.agent.js';
import { ProgressAgent } from '../examples/streaming/progress.agent.js';
import * as client from '../src/client/index.js';
import * as library from '../src/index.js';
import { CONFORMANCE_CARDS } from '../src/service/configuration/service-arguments.js';
import { V03_SERVICE, V10_SERVICE } from '../src/transports/grpc/grpc.services.js';
import { isTenantSegment } from '../src/security/tenants.options.js';
import { TABLES } from '../src/tasks/sql/entities/tables.js';
import type { RestRoute } from '../src/transports/rest/rest-route.js';
import { V03_ROUTES, V10_ROUTES } from '../src/transports/rest/rest.routes.js';
import { WIRE_CODES } from '../src/protocol/errors/wire-codes.table.js';
import { curl } from './support/run-curl.js';
import { anchorsOf, fencesOf, linksOf, tablesOf } from './support/markdown.js';
import { V10 } from './support/rpc.client.js';
import { ROOT, compile, emptyProject, writeSnippets } from './support/snippets.js';
import { TestApp } from './support/test-app.js';

const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');
const DOCS = readdirSync(path.join(ROOT, 'docs'), { encoding: 'utf8', recursive: true })
  .filter((name) => name.endsWith('.md'))
  .map((name) => name.split(path.sep).join('/'));
const PAGES = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', ...DOCS.map((name) => `docs/${name}`)];
const plain = (cell: string): string => cell.replaceAll('`', '');

describe('the pages', () => {
  it.each(PAGES)('%s links only to what there is', (page) => {
    const broken = linksOf(read(page)).filter((link) => {
      if (/^https?:/.test(link)) return false;
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? page : path.join(path.dirname(page), file);
      if (!existsSync(path.join(ROOT, target))) return true;
      return anchor !== undefined && !anchorsOf(read(target)).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it('are all in the contents, docs/README.md, once', () => {
    const listed = linksOf(read('docs/README.md'));
    expect(listed.sort()).toEqual(DOCS.filter((name) => name !== 'README.md').sort());
  });
});

describe('the TypeScript of the pages in docs', () => {
  const project = emptyProject('docs');
  afterAll(() => rmSync(project, { recursive: true, force: true }));

  it('compiles against the built package', () => {
    // The code of integrations is compiled with the packages that it needs, see below.
    for (const page of DOCS.filter((name) => !name.startsWith('integrations/')))
      writeSnippets(path.join(project, page.replace('.md', '')), fencesOf(read(`docs/${page}`)));
    expect(compile(project)).toBe('');
  }, 120_000);
});

describe('docs/integrations', () => {
  it.each(DOCS.filter((name) => name.startsWith('integrations/')))('%s shows the agent of the same name', (page) => {
    const [shown] = fencesOf(read(`docs/${page}`));
    expect(shown?.name).toBe(`${path.basename(page, '.md')}.agent.ts`);
    expect(shown?.text).toBe(read(`examples/integrations/${shown?.name}`));
  });
});

describe('docs/your-own-storage.md', () => {
  const files = readdirSync(path.join(ROOT, 'examples/file-storage')).filter((name) => !name.endsWith('.spec.ts'));
  const source = (name: string): string => read(`examples/file-storage/${name}`);

  it('shows all files of the example, as they are with the package', () => {
    const shown = fencesOf(read('docs/your-own-storage.md')).filter(({ name }) => name !== undefined);
    expect(shown.map(({ name }) => name).sort()).toEqual(files.sort());
    for (const { name = '', text } of shown) {
      const asUsed = source(name)
        .replace("'../../src/index.js'", "'nest-a2a'")
        .replace("'../../src/storage.js'", "'nest-a2a/storage'");
      expect(text).toBe(asUsed);
    }
  });

  it('shows an example of at most 300 lines', () => {
    expect(files.reduce((lines, name) => lines + source(name).split('\n').length - 1, 0)).toBeLessThanOrEqual(300);
  });
});

describe('docs/architecture.md', () => {
  const prose = read('docs/architecture.md').replace(/^```.*?^```$/gms, '');
  const spans = [...prose.matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span);
  const sources = readdirSync(path.join(ROOT, 'src'), { encoding: 'utf8', recursive: true })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'))
    .map((name) => read(path.join('src', name)))
    .join('\n');
  const declared = new Set(
    [...sources.matchAll(/^export (?:abstract )?(?:class|interface|type|const|function) (\w+)/gm)].map(
      ([, name]) => name,
    ),
  );

  it('names files and folders that there are', () => {
    const paths = spans.filter(
      (span) => /^[\w.-]+(\/[\w.-]*)+$|^[\w.-]+\.(ts|js|json)$/.test(span) && !/^contracts\.spec/.test(span),
    );
    expect(paths.length).toBeGreaterThan(80);
    expect(paths.filter((name) => ![name, `src/${name}`].some((each) => existsSync(path.join(ROOT, each))))).toEqual(
      [],
    );
  });

  it('names classes, interfaces and constants that there are', () => {
    const names = spans.filter((span) => /^[A-Z][A-Za-z]*[a-z][A-Za-z]*$|^[A-Z]+_[A-Z_]+$/.test(span));
    expect(names.length).toBeGreaterThan(60);
    expect(names.filter((name) => !declared.has(name))).toEqual([]);
  });
});

describe('docs/errors.md', () => {
  const page = read('docs/errors.md');

  it('has the reasons and codes of the wires', () => {
    const rows = tablesOf(page)[0]?.map(([reason = '', jsonRpc, http, grpc = '']) => [
      plain(reason),
      { jsonRpc: Number(jsonRpc), http: Number(http), grpc: plain(grpc) },
    ]);
    expect(rows).toEqual(Object.entries(WIRE_CODES));
  });

  describe('the error it shows', () => {
    let app: TestApp;
    beforeAll(async () => {
      app = await TestApp.start({ agents: [GreeterAgent] });
    });
    afterAll(() => app.close());

    it('is what the server answers', async () => {
      const shown = fencesOf(page).find(({ language }) => language === 'json');
      const message = { messageId: 'm', role: 'ROLE_USER', parts: [] };
      const answer = await app.rpc('greeter', V10).call('SendMessage', { message });
      expect(answer).toEqual(JSON.parse(shown?.text ?? ''));
    });
  });
});

describe('docs/rest.md', () => {
  const page = read('docs/rest.md');

  it('has the routes of both versions', () => {
    const rows = (tablesOf(page)[0] ?? []).map((cells) => cells.map(plain));
    const addresses = (routes: readonly RestRoute[]) =>
      routes.map(({ method, path: at, name }) => [`${method} ${at}`, name]);
    expect(rows.map(([newer, , name]) => [newer, name])).toEqual(addresses(V10_ROUTES));
    expect(rows.map(([, older, name]) => [older, name])).toEqual(addresses(V03_ROUTES));
  });

  it('has the tenants that no path can name', () => {
    const [, list = ''] = /These names cannot be tenants in a path: ([^.]*\.well-known`)/s.exec(page) ?? [];
    const names = [...list.matchAll(/`([^`]+)`/g)].map(([, name]) => name!);
    expect(names).toHaveLength(11);
    expect(names.filter((name) => isTenantSegment(name))).toEqual([]);
  });

  describe('what it shows', () => {
    let app: TestApp;
    beforeAll(async () => {
      app = await TestApp.start({ agents: [ProgressAgent] });
    });
    afterAll(() => app.close());

    it('is what the server answers', async () => {
      const shown = fencesOf(page).find(({ language }) => language === 'json');
      const answer = await fetch(`${app.origin}/tasks/x?historyLength=x`, { headers: V10 });
      expect(await answer.json()).toEqual(JSON.parse(shown?.text ?? ''));
    });

    it('are requests that work', async () => {
      const commands = fencesOf(page).flatMap(({ language, text }) => (language === 'sh' ? [text] : []));
      expect(commands).toHaveLength(4);
      for (const command of commands) expect(await curl(command, app.origin)).toContain('TASK_STATE_COMPLETED');
    });
  });
});

describe('docs/grpc.md', () => {
  const page = read('docs/grpc.md');
  const rowsOf = (index: number) => tablesOf(page)[index]?.map((cells) => cells.map(plain)) ?? [];

  it('has the services and their calls', () => {
    const services = Object.fromEntries(rowsOf(0).map(([name, , calls]) => [name, calls]));
    expect(Object.keys(services)).toEqual([V10_SERVICE.name, V03_SERVICE.name, 'grpc.health.v1.Health']);
    for (const name of Object.keys(V10_SERVICE.methods).filter((each) => !each.includes('Push')))
      expect(services[V10_SERVICE.name]).toContain(name);
  });
});

describe('docs/push-notifications.md', () => {
  const page = read('docs/push-notifications.md');

  it('shows requests that are taken', async () => {
    const app = await TestApp.start({ agents: [ProgressAgent] });
    try {
      const [send = '', create = ''] = fencesOf(page)
        .filter(({ text }) => text.startsWith('curl'))
        .map(({ text }) => text.replaceAll('client.example.com', 'client.invalid'));
      const sent = await curl(send, app.origin);
      const { id } = (JSON.parse(sent) as { result: { task: { id: string } } }).result.task;
      expect(await curl(create.replace('TASK', id), app.origin)).toContain(`"taskId":"${id}"`);
    } finally {
      await app.close();
    }
  });
});

describe('docs/storage.md', () => {
  it('has the tables that the migrations make', () => {
    const listed = [...read('docs/storage.md').matchAll(/^\| +`(a2a_\w+)`/gm)].map(([, table]) => table);
    expect(listed.sort()).toEqual([...Object.keys(TABLES), 'a2a_migrations'].sort());
  });
});

describe('docs/troubleshooting.md', () => {
  /** Sources with the parts of their texts joined. */
  const sources = ['src', 'migrations']
    .flatMap((folder) =>
      readdirSync(path.join(ROOT, folder), { encoding: 'utf8', recursive: true })
        .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'))
        .map((name) => read(path.join(folder, name))),
    )
    .join('\n')
    .replaceAll(/['"`] \+\s+['"`]/g, '');
  const quoted = tablesOf(read('docs/troubleshooting.md'))
    .flat()
    .flatMap(([said = '']) => [...said.matchAll(/`([^`]+)`/g)].map(([, text]) => text!))
    .filter((text) => text.includes(' '));

  it('quotes what the code says, with … for what differs', () => {
    expect(quoted.length).toBeGreaterThan(20);
    const says = (text: string): boolean => {
      const parts = text.split('…').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
      return new RegExp(parts.join('[^\\n]{1,160}?')).test(sources);
    };
    expect(quoted.filter((text) => !says(text))).toEqual([]);
    expect(says('Port … of … is free.')).toBe(false);
  });
});

describe('docs/threat-model.md', () => {
  const rows = tablesOf(read('docs/threat-model.md'))[0] ?? [];

  it('names a test that there is for each threat', () => {
    expect(rows.length).toBeGreaterThan(15);
    for (const [threat, , tests = ''] of rows) {
      const files = [...tests.matchAll(/`([^`]+)`/g)].map(([, file]) => file!);
      const missing = files.filter((file) => !existsSync(path.join(ROOT, file)));
      expect([threat, files.length > 0, missing]).toEqual([threat, true, []]);
    }
  });
});

describe('docs/conformance-agent.md', () => {
  it('has the cards and the scenarios of the agent', () => {
    const [cards = [], scenarios = []] = tablesOf(read('docs/conformance-agent.md'));
    const names = (rows: string[][]): string[] => rows.map(([name = '']) => plain(name).replace(' (default)', ''));
    expect(names(cards)).toEqual(CONFORMANCE_CARDS);
    expect(names(scenarios)).toEqual([...SCENARIO_PREFIXES, 'anything else']);
  });
});

describe('docs/library.md', () => {
  const page = read('docs/library.md');

  it('names nothing of the package that is not exported', () => {
    const used = [...page.matchAll(/import \{([^}]+)\} from 'nest-a2a'/g)].flatMap(([, names]) => names!.split(','));
    const values = used.map((name) => name.trim()).filter((name) => name !== '' && !name.startsWith('type '));
    expect(values.filter((name) => !(name in library))).toEqual([]);
    expect(page).toContain('DrainService');
    expect(library).toHaveProperty('DrainService');
  });
});

describe('docs/client.md', () => {
  const page = read('docs/client.md');

  it('has all errors that are exported', () => {
    const errors = Object.keys(client).filter((name) => /^(A2AClient|A2ARemote|AgentCard).*Error$/.test(name));
    const told = [...page.matchAll(/^\| +`(\w+Error)` +\|/gm)].map(([, name]) => name);
    expect(told.sort()).toEqual(errors.filter((name) => name !== 'A2AClientError').sort());
  });
});
