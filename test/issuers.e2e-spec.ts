import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { principalOfToken } from '../src/security/authentication/oidc/claim-names.js';
import { authOptions, oidcOptions } from '../src/service/configuration/auth-options.js';
import { loadEnvironment } from '../src/service/configuration/load-environment.js';
import { fencesOf } from './support/markdown.js';
import { ROOT } from './support/snippets.js';

interface Example {
  readonly token: { readonly iss: string; readonly aud: string | string[] };
  readonly caller: { readonly claims: { readonly scopes: string[] } };
}

const page = readFileSync(path.join(ROOT, 'docs', 'who-calls.md'), 'utf8');
const issuers = [...page.matchAll(/^\*\*(Keycloak|Auth0|Microsoft Entra)\.\*\*.*?(?=^\*\*|^## )/gms)];

describe('docs/who-calls.md', () => {
  it('has three issuers by example', () => expect(issuers.map(([, name]) => name)).toHaveLength(3));

  it.each(issuers.map(([text, name]) => [name!, text] as const))(
    '%s: gives the caller that it shows',
    (_name, text) => {
      const [settings, shown] = fencesOf(text);
      const lines = (settings?.text ?? '').trim().split('\n');
      const env = Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]));
      const warnings: unknown[] = [];
      const environment = loadEnvironment(env, { warn: (warning) => void warnings.push(warning) });
      expect(warnings).toEqual([]);
      const options = oidcOptions(environment)!;
      const { token, caller } = JSON.parse(shown?.text ?? '') as Example;
      expect(token.iss).toBe(options.issuer);
      expect([token.aud].flat()).toEqual(expect.arrayContaining([options.audience].flat()));
      const { expiresAt: _, ...principal } = principalOfToken({ exp: 2_000_000_000, ...token }, options);
      expect(principal).toEqual(caller);
      expect(caller.claims.scopes).toEqual(
        expect.arrayContaining([...(authOptions(environment)?.requiredScopes ?? [])]),
      );
    },
  );
});
