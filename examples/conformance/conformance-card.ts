import type { A2aAgentOptions } from '../../src/agents/agent-options.js';
import type { ConformanceCard } from '../../src/service/configuration/service-arguments.js';

/** What the suite looks for in a card before it tests required extensions. */
export const REQUIRED_EXTENSION = 'urn:a2a:tck:required-extension';

/** No one card reaches every test of the suites: those of a missing capability need a card without it. */
const VARIANTS: Readonly<Record<ConformanceCard, Partial<A2aAgentOptions>>> = {
  'all-on': {
    streaming: true,
    pushNotifications: true,
    extendedCard: {
      skills: [
        {
          id: 'hidden',
          name: 'Show more',
          description: 'Is on the extended card alone.',
          tags: ['conformance', 'test'],
        },
      ],
    },
  },
  'all-off': { streaming: false, pushNotifications: false },
  'required-extension': {
    streaming: true,
    extensions: [{ uri: REQUIRED_EXTENSION, description: 'Changes nothing; has to be declared.', required: true }],
  },
};

/** Options of the agent. `either`: one scenario answers with a Message, all others with a task. */
export const conformanceOptions = (card: ConformanceCard): A2aAgentOptions => ({
  id: 'conformance',
  name: 'Conformance',
  description: 'Does what the official conformance suites expect of a server under test. Not for production.',
  default: true,
  replies: 'either',
  inputModes: ['text/plain', 'application/json'],
  outputModes: ['text/plain', 'application/json'],
  provider: { organization: 'nest-a2a', url: 'https://example.com' },
  skills: [
    {
      id: 'scenario',
      name: 'Run a scenario',
      description: 'v1.0: by the prefix of the messageId. v0.3: works, then asks for input.',
      tags: ['conformance', 'test'],
      examples: ['Hello from TCK'],
    },
  ],
  ...VARIANTS[card],
});
