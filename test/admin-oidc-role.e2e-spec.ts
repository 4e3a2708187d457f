import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { freePort } from './support/free-port.js';
import { ServiceProcess } from './support/service.process.js';

const AUDIENCE = 'a2a';
const LIMIT_MS = 120_000;

describe('the admin listener with a role of an OIDC issuer', () => {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'a2a-admin-oidc-'));
  let issuer: Server;
  let issuerUrl: string;
  let signingKey: Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];
  let service: ServiceProcess;
  let admin: string;

  beforeAll(async () => {
    const { publicKey, privateKey } = await generateKeyPair('RS256');
    signingKey = privateKey;
    const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256' }] });
    issuer = createServer((_request, response) => response.end(keys)).listen(0, '127.0.0.1');
    await once(issuer, 'listening');
    issuerUrl = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}`;
    const adminPort = await freePort();
    service = await ServiceProcess.start({
      port: await freePort(),
      dataDir,
      env: {
        STORE: 'memory',
        ADMIN_PORT: String(adminPort),
        A2A_ADMIN_ROLE: 'a2a-operator',
        A2A_OIDC_ISSUER: issuerUrl,
        A2A_OIDC_JWKS_URL: issuerUrl,
        A2A_OIDC_AUDIENCE: AUDIENCE,
        A2A_OIDC_ROLES_CLAIM: 'groups',
      },
    });
    admin = `http://127.0.0.1:${adminPort}`;
  }, LIMIT_MS);
  afterAll(async () => {
    await service?.kill('SIGTERM');
    issuer?.closeAllConnections();
    issuer?.close();
    rmSync(dataDir, { recursive: true, force: true });
  }, LIMIT_MS);

  const tokenOf = (claims: object, audience = AUDIENCE): Promise<string> =>
    new SignJWT({ sub: 'olga', ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: 'one' })
      .setIssuer(issuerUrl)
      .setAudience(audience)
      .setExpirationTime('1h')
      .sign(signingKey);
  const ask = async (token?: string, at = 'session', init: RequestInit = {}): Promise<unknown> => {
    const headers = { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...init.headers };
    const response = await fetch(`${admin}/${at}`, { ...init, headers });
    const { error } = (await response.json()) as { error?: { code: string } };
    return error === undefined ? response.status : [response.status, error.code];
  };

  it('admits who has it, and nobody else', async () => {
    expect(await ask()).toEqual([401, 'UNAUTHENTICATED']);
    expect(await ask(await tokenOf({ groups: ['reader'] }))).toEqual([403, 'PERMISSION_DENIED']);
    expect(await ask(await tokenOf({ roles: ['a2a-operator'] }))).toEqual([403, 'PERMISSION_DENIED']);
    expect(await ask(await tokenOf({ groups: ['a2a-operator'] }, 'another'))).toEqual([401, 'UNAUTHENTICATED']);
    const operator = await tokenOf({ groups: ['reader', 'a2a-operator'] });
    expect(await ask(operator)).toBe(200);
    expect(await ask(`${operator.slice(0, -6)}AAAAAA`)).toEqual([401, 'UNAUTHENTICATED']);
    expect(await ask(operator, 'tasks')).toBe(200);
    const act = { method: 'POST', headers: { 'x-a2a-admin': '1' } };
    expect(await ask(operator, 'tasks/none/cancel', act)).toEqual([404, 'NOT_FOUND']);
    expect(await ask(await tokenOf({ groups: [] }), 'tasks/none/cancel', act)).toEqual([403, 'PERMISSION_DENIED']);
  });
});
