import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const dist = process.env.A2A_TEST_DIST ?? path.join(import.meta.dirname, '..', 'dist');
const SOURCE = pathToFileURL(path.join(dist, 'src/')).href;
const RUNNER = path.join(import.meta.dirname, 'support', 'openapi.runner.mjs');

describe.each(['express', 'fastify'])('the documentation on %s', (adapter) => {
  let child: ChildProcess;
  let url: string;

  beforeAll(async () => {
    child = spawn(process.execPath, [RUNNER, SOURCE, adapter], { stdio: ['ignore', 'pipe', 'inherit'] });
    const line = once(createInterface({ input: child.stdout! }), 'line') as Promise<[string]>;
    const exit = once(child, 'exit').then(([code]) => {
      throw new Error(`the application ended with ${code} before it listened`);
    });
    const [said] = await Promise.race([line, exit]);
    exit.catch(() => undefined);
    ({ url } = JSON.parse(said) as { url: string });
  });

  afterAll(() => void child.kill());

  it('is served as JSON at /docs-json', async () => {
    const response = await fetch(`${url}/docs-json`);
    expect(response.headers.get('content-type')).toContain('application/json');
    const { info, paths } = (await response.json()) as { info: object; paths: object };
    expect(info).toMatchObject({ version: '1.2.3' });
    expect(Object.keys(paths)).toEqual(expect.arrayContaining(['/health/live', '/a2a', '/a2a/message:send']));
  });

  it('has no route of A2A in the document of an application, until they are added', async () => {
    const { own, added } = (await (await fetch(`${url}/documents`)).json()) as Record<
      'own' | 'added',
      { paths: object }
    >;
    expect(Object.keys(own.paths).sort()).toEqual(['/documents', '/mine']);
    expect(Object.keys(added.paths)).toEqual(expect.arrayContaining(['/mine', '/a2a', '/a2a/tasks/{id}']));
  });

  it('says how to add them when it is too early', async () => {
    const { early } = (await (await fetch(`${url}/documents`)).json()) as { early: string };
    expect(early).toContain("SwaggerModule.setup('docs', app, () => addA2aToOpenApi(");
  });

  it('is served as pages at /docs, from files of this machine', async () => {
    const page = await fetch(`${url}/docs`);
    expect(page.status).toBe(200);
    const html = await page.text();
    expect(html).toContain('<title>A2A agents</title>');
    expect(html).not.toMatch(/(src|href)="(https?:)?\/\//);
    const scripts = [...html.matchAll(/<script src="([^"]+)"/g)].map(([, source]) => new URL(source!, `${url}/docs`));
    expect(scripts.length).toBeGreaterThan(1);
    for (const script of scripts) {
      const response = await fetch(script);
      expect([script.pathname, response.status]).toEqual([script.pathname, 200]);
      expect(response.headers.get('content-type')).toContain('javascript');
      await response.body?.cancel();
    }
  });
});
