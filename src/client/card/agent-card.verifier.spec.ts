import { describe, expect, it } from '@jest/globals';
import { AgentCard as SdkCard, generateAgentCardSignature } from '@a2a-js/sdk';
import { createPublicKey, type KeyObject } from 'node:crypto';
import { ALGORITHMS, newKey, pemOf, publicJwkOf } from '../../../test/support/signing-keys.js';
import { readSigningKeys } from '../../security/keys/signing-keys.js';
import { CardSigner } from '../../agents/cards/signing/card-signer.js';
import type { VerificationKey } from '../../security/keys/signing-key.js';
import { signingTools } from '../../agents/cards/signing/signing-tools.js';
import type { AgentCard, JsonObject } from '../../protocol/model/index.js';
import { agentCardVerifier, type AgentCardVerifierOptions } from './agent-card.verifier.js';

const tools = await signingTools();
const key = newKey('ES256');
const card: AgentCard = {
  name: 'Shop',
  description: 'Sells – für alle 🛒',
  version: '1.0.0',
  supportedInterfaces: [{ url: 'https://a.example', protocolBinding: 'JSONRPC', protocolVersion: '1.0' }],
  capabilities: { streaming: true },
  securityRequirements: [{ schemes: { key: { list: [] } } }],
  defaultInputModes: ['text/plain'],
  defaultOutputModes: ['text/plain'],
  skills: [{ id: 's', name: 'S', description: 'd', tags: ['t'] }],
};

async function signed(by: KeyObject, { kid = 'k1', strict = false } = {}): Promise<AgentCard> {
  const keys = await readSigningKeys([{ kid, privateKey: pemOf(by) }], 'keys', tools);
  return new CardSigner(keys, tools, { jku: () => undefined, strict }).sign(card);
}

const verify = async (keys: AgentCardVerifierOptions['keys'], received: unknown, strict = false): Promise<void> =>
  agentCardVerifier({ keys, strict })(received as JsonObject, card);
const trusted = (of: KeyObject, kid?: string): VerificationKey => ({
  publicKey: publicJwkOf(of),
  ...(kid !== undefined && { kid }),
});

describe('agentCardVerifier', () => {
  it.each(ALGORITHMS)('takes a card that a trusted key has signed by %s', async (alg) => {
    const own = newKey(alg);
    await verify([trusted(newKey(alg)), trusted(own)], await signed(own));
    const pem = createPublicKey(own).export({ format: 'pem', type: 'spki' }) as string;
    await verify([{ publicKey: pem, kid: 'k1' }], await signed(own));
  });

  it.each([
    ['another name', { name: 'Shap' }],
    ['another address', { supportedInterfaces: [{ ...card.supportedInterfaces[0]!, url: 'https://evil.example' }] }],
    ['no address', { supportedInterfaces: undefined }],
    ['one skill more', { skills: [...card.skills, { id: 'x', name: 'X', description: 'd', tags: [] }] }],
  ])('refuses a card that has %s than it was signed with', async (_name, change) => {
    await expect(verify([trusted(key)], { ...(await signed(key)), ...change })).rejects.toThrow('or it was changed');
  });

  it('takes what the signature does not cover', async () => {
    await verify([trusted(key)], { ...(await signed(key)), url: 'https://old.example', 'x-more': true });
  });

  it('refuses cards without signatures, and signatures by others', async () => {
    await expect(verify([trusted(key)], card)).rejects.toThrow('it is not signed');
    await expect(verify([trusted(key)], { ...card, signatures: 'all good' })).rejects.toThrow('it is not signed');
    await expect(verify([trusted(newKey('ES256'))], await signed(key))).rejects.toThrow('none of its signatures');
    await expect(verify([trusted(key, 'other')], await signed(key))).rejects.toThrow('none of its signatures');
  });

  it('is content with one signature of several', async () => {
    const { signatures: one = [] } = await signed(newKey('EdDSA'));
    const { signatures: own = [] } = await signed(key);
    const broken = [
      { protected: 5 },
      null,
      { protected: '!', signature: 'x' },
      { protected: own[0]!.protected, signature: '' },
    ];
    await verify([trusted(key)], { ...card, signatures: [...one, ...broken, ...own] });
  });

  it('looks at a bounded number of signatures', async () => {
    const { signatures = [] } = await signed(key);
    const noise = Array.from({ length: 40 }, () => ({ protected: 'e30', signature: 'x' }));
    await expect(verify([trusted(key)], { ...card, signatures: [...noise, ...signatures] })).rejects.toThrow();
  });

  it('lets no signature choose the algorithm, nor what has to be understood', async () => {
    const { signatures: [signature] = [] } = await signed(key);
    const header = JSON.parse(Buffer.from(signature!.protected, 'base64url').toString()) as object;
    for (const change of [{ alg: 'none' }, { alg: 'HS256' }, { alg: 'RS256' }, { crit: ['b64'], b64: false }]) {
      const changed = Buffer.from(JSON.stringify({ ...header, ...change })).toString('base64url');
      await expect(
        verify([trusted(key)], { ...card, signatures: [{ ...signature, protected: changed }] }),
      ).rejects.toThrow();
    }
  });

  it('asks for the key of each signature', async () => {
    const asked: unknown[] = [];
    const keys = async (header: unknown) => {
      asked.push(header);
      return trusted(key);
    };
    await verify(keys, await signed(key, { strict: true }));
    expect(asked).toEqual([{ alg: 'ES256', kid: 'k1' }]);
    await expect(verify(() => undefined, await signed(key))).rejects.toThrow('none of its signatures');
  });

  it('takes cards that the official SDK has signed, unless it is strict', async () => {
    const sign = generateAgentCardSignature(key, { alg: 'ES256', kid: 'k1', typ: 'JOSE' });
    const received = SdkCard.toJSON(await sign(SdkCard.fromJSON(card))) as { signatures: unknown[] };
    const whole = { ...card, signatures: received.signatures };
    await verify([trusted(key)], whole);
    await expect(verify([trusted(key)], whole, true)).rejects.toThrow('none of its signatures');
    await verify([trusted(key)], await signed(key), true);
  });

  it('says which key cannot be read', () => {
    expect(() => agentCardVerifier({ keys: [] })).toThrow('keys must be a list of public keys');
    expect(() => agentCardVerifier({ keys: [trusted(key), { publicKey: 'nonsense' }] })).toThrow(
      'keys[1]: its publicKey',
    );
  });
});
