import { describe, expect, it } from '@jest/globals';
import { agentApp, agentOptions, oneAgent } from '../../../test/support/agent-app.js';
import { A2aAgent } from '../a2a-agent.decorator.js';
import type { A2aAgentOptions } from '../agent-options.js';
import type { RegisteredAgent } from '../agent-registry.interface.js';
import type { CardDefaults } from './card-defaults.js';

const bearer = { httpAuthSecurityScheme: { scheme: 'Bearer' } };
const key = { apiKeySecurityScheme: { location: 'header', name: 'X-Key' } };
const needs = (name: string) => ({ schemes: { [name]: { list: [] } } });
const defaults: CardDefaults = {
  provider: { organization: 'ACME', url: 'https://acme.example' },
  documentationUrl: 'https://docs.example',
  iconUrl: 'https://acme.example/i.png',
  securitySchemes: { bearer },
  securityRequirements: [needs('bearer')],
};

async function optionsOf(given: Partial<A2aAgentOptions>, cards?: CardDefaults): Promise<RegisteredAgent['options']> {
  @A2aAgent(agentOptions('shop', given))
  class Shop {
    execute(): void {}
  }
  const { app, agent } = await oneAgent([Shop], { cards });
  await app.close();
  return agent.options;
}

describe('the defaults of cards', () => {
  it('complete what an agent does not say', async () => {
    expect(await optionsOf({}, defaults)).toMatchObject(defaults);
    expect(await optionsOf({ provider: undefined, documentationUrl: undefined }, defaults)).toMatchObject(defaults);
  });

  it('give way to what it says', async () => {
    const own = {
      provider: { organization: 'Shop', url: 'https://shop.example' },
      documentationUrl: 'https://shop.example/docs',
      iconUrl: 'https://shop.example/i.png',
      securityRequirements: [],
    };
    expect(await optionsOf(own, defaults)).toMatchObject(own);
  });

  it('add their security schemes to its own, whose name goes first', async () => {
    const basic = { httpAuthSecurityScheme: { scheme: 'Basic' } };
    const { securitySchemes } = await optionsOf({ securitySchemes: { key, bearer: basic } }, defaults);
    expect(securitySchemes).toEqual({ key, bearer: basic });
    expect((await optionsOf({ securitySchemes: { key } }, defaults)).securitySchemes).toEqual({ key, bearer });
  });

  it('may be named by its requirements, and by those of its skills', async () => {
    const skills = [{ id: 's', name: 'S', description: 'd', tags: ['t'], securityRequirements: [needs('bearer')] }];
    const options = await optionsOf({ securityRequirements: [needs('bearer')], skills }, defaults);
    expect(options.securityRequirements).toEqual([needs('bearer')]);
  });

  it('add nothing when there are none', async () => {
    const options = await optionsOf({});
    for (const field of Object.keys(defaults)) expect(options).not.toHaveProperty(field);
  });

  it.each<[string, object]>([
    [
      'A2aModule: cards.provider.url is "acme": use an absolute http or https URL.',
      { provider: { organization: 'A', url: 'acme' } },
    ],
    ['A2aModule: cards.iconUrl is "i.png"', { iconUrl: 'i.png' }],
    ['A2aModule: cards.securitySchemes.a is {}', { securitySchemes: { a: {} } }],
    ["A2aModule: cards.securityRequirements[0] names the scheme 'b', which", { securityRequirements: [needs('b')] }],
  ])('stop the boot when they are wrong: %s', async (problem, cards) => {
    await expect(agentApp({}, { cards })).rejects.toThrow(problem);
  });
});
