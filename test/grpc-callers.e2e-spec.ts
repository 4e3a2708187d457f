import { afterEach, describe, expect, it } from '@jest/globals';
import { ForbiddenException, UnauthorizedException } from '@nestjs/common';
import * as grpc from '@grpc/grpc-js';
import type { CallContext } from '../src/index.js';
import type { GrpcCall, GrpcOptions } from '../src/grpc.js';
import { A2AError } from '../src/protocol/errors/index.js';
import { agentOf } from './support/agent-of.js';
import { type GrpcAnswer, GrpcClient, grpcAddress, SERVICES, V10 } from './support/grpc.client.js';
import { reasonOf, send, taskOf } from './support/grpc-messages.js';
import { TestApp } from './support/test-app.js';
import { CA, CLIENT, SERVER } from './support/tls/index.js';

/** The name in the certificate. */
const LOCALHOST = { 'grpc.ssl_target_name_override': 'localhost' };
const { sendMessage, getTask } = SERVICES['1.0'];

describe('who calls gRPC', () => {
  let app: TestApp;
  let client: GrpcClient;
  let callers: CallContext[];
  let seen: GrpcCall[];
  afterEach(async () => {
    client?.close();
    await app.close();
  });

  async function serve(
    authenticate: GrpcOptions['authenticate'],
    tls?: GrpcOptions['tls'],
    credentials?: grpc.ChannelCredentials,
  ): Promise<void> {
    callers = [];
    seen = [];
    const agent = agentOf(({ caller }) => void callers.push(caller), {
      extendedCard: { skills: [{ id: 'secret', name: 'S', description: 'd', tags: ['t'] }] },
      securitySchemes: { key: { httpAuthSecurityScheme: { scheme: 'Bearer' } } },
    });
    const watched: GrpcOptions['authenticate'] =
      typeof authenticate === 'function' ? (call) => (seen.push(call), authenticate(call)) : authenticate;
    app = await TestApp.start({ agents: [agent], grpc: { port: 0, authenticate: watched, tls } });
    client = new GrpcClient(await grpcAddress(app), credentials, LOCALHOST);
  }
  const call = (metadata: Record<string, string> = {}, request = send()): Promise<GrpcAnswer> =>
    client.unary(sendMessage, request, { ...V10, ...metadata });
  const byKey: GrpcOptions['authenticate'] = ({ headers }) => {
    if (headers['authorization'] === 'Bearer a') return { owner: 'alice', tenant: 'acme' };
    if (headers['authorization'] === 'Bearer b') return Promise.resolve({ owner: 'bob' });
    throw new A2AError('UNAUTHENTICATED', 'Send a key that is valid.');
  };

  it('is everybody alike where everybody is let in', async () => {
    await serve('anonymous');
    await call();
    expect(callers).toEqual([expect.objectContaining({ owner: 'anonymous', tenant: '' })]);
  });

  it('is who the application says, and has tasks of their own', async () => {
    await serve(byKey);
    const { id } = taskOf(await call({ authorization: 'Bearer a' }));
    expect(callers).toEqual([expect.objectContaining({ owner: 'alice', tenant: 'acme', protocolVersion: '1.0' })]);
    const get = { tenant: '', id, historyLength: undefined };
    const get_ = (key: string) => client.unary(getTask, get, { ...V10, authorization: key });
    expect((await get_('Bearer a')).error).toBeUndefined();
    expect(reasonOf(await get_('Bearer b'))).toBe('TASK_NOT_FOUND');
  });

  it('may name no other tenant than their own', async () => {
    await serve(byKey);
    const other = await call({ authorization: 'Bearer a' }, send({}, { tenant: 'other' }));
    expect(reasonOf(other)).toBe('INVALID_PARAMS');
    const none = await call({ authorization: 'Bearer b' }, send({}, { tenant: 'other' }));
    expect(reasonOf(none)).toBe('INVALID_PARAMS');
    expect(callers).toEqual([]);
  });

  it('is refused with a challenge before anything else is looked at', async () => {
    await serve(byKey);
    for (const [key, value] of [
      ['x-other', ''],
      ['x-a2a-agent', 'nobody'],
      ['a2a-version', '99.0'],
    ] as const) {
      const answer = await call({ [key]: value }, send({ parts: [] }));
      expect(answer.error).toMatchObject({ code: grpc.status.UNAUTHENTICATED, details: 'Send a key that is valid.' });
      expect(reasonOf(answer)).toBe('UNAUTHENTICATED');
    }
    expect((await call()).trailers.get('www-authenticate')).toEqual(['Bearer']);
    expect(callers).toEqual([]);
  });

  it.each<[string, GrpcOptions['authenticate'], number]>([
    ['nobody is found', () => undefined as never, grpc.status.UNAUTHENTICATED],
    ['the owner is empty', () => ({ owner: '' }), grpc.status.UNAUTHENTICATED],
    ['the owner is no text', () => ({ owner: 7 as never }), grpc.status.UNAUTHENTICATED],
    ["Nest's UnauthorizedException is thrown", () => { throw new UnauthorizedException(); }, grpc.status.UNAUTHENTICATED],
    ["Nest's ForbiddenException is thrown", () => { throw new ForbiddenException(); }, grpc.status.PERMISSION_DENIED],
    ['the user database is unreachable', () => Promise.reject(new Error('connect to db.internal with hunter2')), grpc.status.INTERNAL],
  ])('is nobody when %s', async (_, authenticate, code) => {
    await serve(authenticate);
    const { error } = await call();
    expect(error?.code).toBe(code);
    expect(JSON.stringify(error)).not.toMatch(/hunter2|db\.internal/);
    expect(callers).toEqual([]);
  }); // prettier-ignore

  it('is told by the call: path, agent, metadata, address', async () => {
    await serve(byKey);
    await call({ authorization: 'Bearer a', 'x-request': 'r1', 'x-a2a-agent': 'nobody' });
    await call({ authorization: 'Bearer a' });
    expect(seen.map(({ agent }) => agent)).toEqual(['nobody', 'test']);
    expect(seen[0]).toMatchObject({ path: '/lf.a2a.v1.A2AService/SendMessage', headers: { 'x-request': 'r1' } });
    expect(seen[0]?.peer).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(seen[0]?.certificate).toBeUndefined();
  });

  it('sees the extended card in both versions, and nobody else does', async () => {
    await serve(byKey);
    const alice = { authorization: 'Bearer a' };
    const { message } = await client.unary(
      SERVICES['1.0']['getExtendedAgentCard'],
      { tenant: '' },
      { ...V10, ...alice },
    );
    const older = await client.unary(SERVICES['0.3']['getAgentCard'], {}, alice);
    for (const card of [message, older.message]) {
      expect((card as { skills: { id: string }[] }).skills.map(({ id }) => id)).toEqual(['test', 'secret']);
      expect(card).toMatchObject({ name: 'test' });
    }
    expect(message).toMatchObject({
      supportedInterfaces: expect.arrayContaining([expect.objectContaining({ protocolBinding: 'GRPC' })]),
    });
    expect(older.message).toMatchObject({ protocolVersion: '0.3.0', supportsAuthenticatedExtendedCard: true });
    const anonymous = await client.unary(SERVICES['0.3']['getAgentCard'], {}, {});
    expect(anonymous.error?.code).toBe(grpc.status.UNAUTHENTICATED);
  });

  it('is protected by TLS', async () => {
    await serve('anonymous', SERVER, grpc.credentials.createSsl(CA));
    expect(taskOf(await call()).id).not.toBe('');
    const plain = new GrpcClient(await grpcAddress(app));
    const { error } = await plain.unary(sendMessage, send(), V10, { deadline: Date.now() + 5000 });
    expect(error?.code).toBe(grpc.status.UNAVAILABLE);
    plain.close();
  });

  it('may be told by a certificate, without which nobody gets in', async () => {
    const tls = { ...SERVER, clientCa: CA };
    await serve(
      ({ certificate }) => ({ owner: String(certificate?.subject.CN) }),
      tls,
      grpc.credentials.createSsl(CA, CLIENT.key, CLIENT.cert),
    );
    expect(taskOf(await call()).id).not.toBe('');
    expect(callers).toEqual([expect.objectContaining({ owner: 'alice' })]);
    const without = new GrpcClient(await grpcAddress(app), grpc.credentials.createSsl(CA), LOCALHOST);
    const { error } = await without.unary(sendMessage, send(), V10, { deadline: Date.now() + 5000 });
    expect(error?.code).toBe(grpc.status.UNAVAILABLE);
    expect(callers).toHaveLength(1);
    without.close();
  });
});
