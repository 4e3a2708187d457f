import { expect, it } from '@jest/globals';
import type { Provider } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { agentApp, agentOptions, moduleOf, registryOf } from '../../test/support/agent-app.js';
import { A2aAgent } from './a2a-agent.decorator.js';

const Marked = DiscoveryService.createDecorator();

@Marked()
@A2aAgent(agentOptions('shop', { default: true }))
class ShopAgent {
  execute(): void {}
}

class BetterShopAgent extends ShopAgent {}

it.each<[string, Provider[]]>([
  ['that another library discovers too', [ShopAgent]],
  ['that is a value', [{ provide: ShopAgent, useValue: new ShopAgent() }]],
  ['that a factory makes', [{ provide: 'SHOP', useFactory: () => new ShopAgent() }]],
  ['whose class extends that of an agent', [{ provide: ShopAgent, useClass: BetterShopAgent }]],
  ['that has a second token', [ShopAgent, { provide: 'SHOP', useExisting: ShopAgent }]],
])('an agent %s is found once', async (_, providers) => {
  const others: Provider[] = [
    { provide: 'NULL', useValue: null },
    { provide: 'BARE', useValue: Object.create(null) },
    { provide: 'TEXT', useFactory: () => 'text' },
  ];
  const app = await agentApp({ imports: [moduleOf('ShopModule', { providers: [...providers, ...others] })] });
  expect(
    registryOf(app)
      .all()
      .map(({ id }) => id),
  ).toEqual(['shop']);
  await app.close();
});
