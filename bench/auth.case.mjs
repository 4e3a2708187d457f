import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';
import { built } from './support/paths.mjs';
import { rounded, spread } from './support/statistics.mjs';

const GOAL_MICROS = 30;

/** What it costs to identify the caller of a request, beside all else that a request costs. */
export async function authCase({ options, say }) {
  const { calls, rounds } = options.auth;
  const load = (file) => import(pathToFileURL(built(`src/security/authentication/${file}.js`)).href);
  const [{ Authentication }, { authSettings }, { oidc }, { apiKeys }, { newApiKey }] = await Promise.all(
    [
      'authentication',
      'authentication.options',
      'oidc/oidc.authenticator',
      'api-keys/api-key.authenticator',
      'api-keys/api-key',
    ].map(load),
  );
  const issuer = await issuerOf();
  const { key, ...record } = newApiKey();
  const store = { find: () => ({ ...record, owner: 'alice', scopes: ['use'] }) };
  const authenticationOf = (cacheMs) => {
    const authenticators = [
      oidc({ issuer: issuer.url, audience: 'bench', jwksUrl: issuer.url, cacheMs }),
      apiKeys({ store }),
    ];
    return new Authentication(authSettings({ authenticators, requiredScopes: ['use'] }));
  };
  const bearer = { authorization: `Bearer ${await issuer.token()}` };
  const kinds = [
    ['a JWT that was verified before', authenticationOf(600_000), bearer, calls, GOAL_MICROS],
    ['a JWT that is verified each time', authenticationOf(0), bearer, Math.ceil(calls / 50)],
    ['an API key', authenticationOf(0), { 'x-api-key': key }, calls],
  ];
  const figures = [];
  for (const [what, authentication, headers, count, goal] of kinds) {
    const call = { binding: 'http', agent: 'bench', headers, certificate: () => undefined };
    const micros = [];
    // The first round is warmed up by.
    for (let round = 0; round <= rounds; round++) {
      const begun = process.cpuUsage();
      for (let i = 0; i < count; i++) await authentication.identify(call, authentication.demand);
      const { user, system } = process.cpuUsage(begun);
      if (round > 0) micros.push((user + system) / count);
    }
    const value = spread(micros);
    say(`auth: ${what}: ${rounded(value.median)} µs of processor time`);
    figures.push({ name: `µs of processor time to identify a caller by ${what}`, value, goal, better: 'less' });
  }
  await issuer.close();
  return { figures, details: {} };
}

/** A key set on loopback, and tokens of it. */
async function issuerOf() {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'bench', alg: 'RS256' }] });
  const server = createServer((_request, response) => response.end(keys)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${server.address().port}/`;
  return {
    url,
    token: () =>
      new SignJWT({ iss: url, aud: 'bench', sub: 'alice', scope: 'use other', roles: ['reader'] })
        .setProtectedHeader({ alg: 'RS256', kid: 'bench' })
        .setExpirationTime('1h')
        .sign(privateKey),
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
