import { describe, expect, it, jest } from '@jest/globals';
import canonicalize from 'canonicalize';
import { createPublicKey } from 'node:crypto';
import { ALGORITHMS, covers, headerOf, newKey, pemOf } from '../../../../test/support/signing-keys.js';
import type { AgentCard } from '../../../protocol/model/index.js';
import { cardPayload, leanPayload } from '../../../protocol/v1-0/card/card-payload.js';
import { readSigningKeys } from '../../../security/keys/signing-keys.js';
import { CardSigner, type CardSignerOptions } from './card-signer.js';
import { signingTools } from './signing-tools.js';

const tools = await signingTools();
const keys = ALGORITHMS.map((alg) => ({ kid: alg, key: newKey(alg) }));
const card: AgentCard = {
  name: 'Shop',
  description: 'Sells – für alle 🛒',
  version: '1.0.0',
  supportedInterfaces: [{ url: 'https://a.example', protocolBinding: 'JSONRPC', protocolVersion: '1.0' }],
  capabilities: { streaming: false },
  defaultInputModes: ['text/plain'],
  defaultOutputModes: ['text/plain'],
  skills: [{ id: 's', name: 'S', description: 'd', tags: ['t'] }],
};
/** With a requirement that has no scopes, of which the SDKs see nothing. */
const guarded: AgentCard = { ...card, securityRequirements: [{ schemes: { a: { list: [] } } }] };

async function signerOf(settings: Partial<CardSignerOptions> = {}, given = tools): Promise<CardSigner> {
  const options = { keys: keys.map(({ kid, key }) => ({ kid, privateKey: pemOf(key) })) };
  return new CardSigner(await readSigningKeys(options.keys, 'keys', given), given, {
    jku: () => undefined,
    ...settings,
  });
}

describe('CardSigner', () => {
  it('A12, A15, A16: signs with each key, over the canonical form', async () => {
    const { signatures = [], ...signed } = await (await signerOf()).sign(card);
    expect(signed).toEqual(card);
    expect(signatures.map(headerOf)).toEqual(ALGORITHMS.map((alg) => ({ alg, typ: 'JOSE', kid: alg })));
    for (const [index, signature] of signatures.entries()) {
      expect(Object.keys(signature).sort()).toEqual(['protected', 'signature']);
      for (const text of Object.values(signature)) expect(text).toMatch(/^[\w-]+$/);
      const key = createPublicKey(keys[index]!.key);
      expect(covers(signature, canonicalize(cardPayload(card)) as string, key)).toBe(true);
      expect(covers(signature, canonicalize({ ...cardPayload(card), name: 'Shap' }) as string, key)).toBe(false);
      expect(covers(signature, canonicalize(cardPayload(card)) as string, createPublicKey(newKey('EdDSA')))).toBe(
        false,
      );
    }
  });

  it('signs both forms where that of the specification and that of the SDKs differ', async () => {
    const { signatures = [] } = await (await signerOf()).sign(guarded);
    expect(signatures).toHaveLength(2 * keys.length);
    const forms = [cardPayload(guarded), leanPayload(guarded)].map((form) => canonicalize(form) as string);
    expect(forms[0]).not.toBe(forms[1]);
    for (const [index, { key }] of keys.entries()) {
      const own = signatures.slice(2 * index, 2 * index + 2);
      expect(own.map((signature, form) => covers(signature, forms[form]!, createPublicKey(key)))).toEqual([true, true]);
      expect(covers(own[0]!, forms[1]!, createPublicKey(key))).toBe(false);
    }
  });

  it('signs the form of the specification alone when it is strict', async () => {
    const { signatures = [] } = await (await signerOf({ strict: true })).sign(guarded);
    expect(signatures).toHaveLength(keys.length);
    const payload = canonicalize(cardPayload(guarded)) as string;
    for (const [index, { key }] of keys.entries())
      expect(covers(signatures[index]!, payload, createPublicKey(key))).toBe(true);
  });

  it('names the key set, as it is when the card is signed', async () => {
    let jku: string | undefined = 'https://a.example/.well-known/jwks.json';
    const signer = await signerOf({ jku: () => jku });
    const jkus = async () => (await signer.sign(card)).signatures?.map((signature) => headerOf(signature)['jku']);
    expect(new Set(await jkus())).toEqual(new Set([jku]));
    jku = undefined;
    expect(new Set(await jkus())).toEqual(new Set([undefined]));
  });

  it('sends only what it has signed: not what v1.0 does not know, nor older signatures', async () => {
    const odd = { ...card, protocolVersion: '0.3.0', signatures: [{ protected: 'p', signature: 's' }] };
    const { signatures, ...signed } = await (await signerOf()).sign(odd);
    expect(signed).toEqual(card);
    expect(signatures).toHaveLength(keys.length);
    expect(odd.signatures).toEqual([{ protected: 'p', signature: 's' }]);
  });

  it('signs a card once, also when it is asked several times at once, and keeps a bounded number', async () => {
    const sign = jest.fn(tools.sign);
    const signer = await signerOf({}, { ...tools, sign });
    const [one, two] = await Promise.all([signer.sign(card), signer.sign({ ...card })]);
    expect(one.signatures).toEqual(two.signatures);
    expect(sign).toHaveBeenCalledTimes(keys.length);
    sign.mockImplementation(async () => ({ protected: 'p', signature: 's' }));
    for (let i = 0; i < 255; i++) await signer.sign({ ...card, name: `Shop ${i}` });
    expect(await signer.sign(card)).toEqual(one);
    await signer.sign({ ...card, name: 'One more' });
    await signer.sign({ ...card, name: 'Shop 0' });
    expect(sign).toHaveBeenCalledTimes(keys.length * (1 + 255 + 1 + 1));
  });

  it('tries again after a failure', async () => {
    const sign = jest.fn(tools.sign).mockRejectedValueOnce(new Error('no key'));
    const signer = await signerOf({}, { ...tools, sign });
    await expect(signer.sign(card)).rejects.toThrow('no key');
    expect((await signer.sign(card)).signatures).toHaveLength(keys.length);
  });
});
