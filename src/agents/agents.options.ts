import { ConfigurableModuleBuilder } from '@nestjs/common';

import type { CardDefaults } from './cards/card-defaults.js';

export interface AgentsModuleOptions {
  /** Whether this server delivers push notifications at all. Default true. */
  pushNotifications?: boolean;
  /** Defaults for the cards of all agents. */
  cards?: CardDefaults;
  /** false: a message that is sent again is a new one, and cards state so. Default true. */
  deduplicateMessages?: boolean;
  /** The tenant of agents that name none. */
  tenant?: string;
  /**
   * true: the application's global guards, interceptors and filters (`APP_GUARD`, `useGlobalGuards()` …) also run around agents,
   * and must support `ctx.getType() === 'a2a'`. Default false, as in Nest's hybrid applications: they have already run on the
   * request, and a run may start again without a request, after a crash or on another replica.
   */
  inheritAppConfig?: boolean;
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: AGENTS_MODULE_OPTIONS } =
  new ConfigurableModuleBuilder<AgentsModuleOptions>({ moduleName: 'A2aAgents' }).setClassMethodName('forRoot').build();
