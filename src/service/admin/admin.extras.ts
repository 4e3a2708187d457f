import type { DynamicModule, INestApplicationContext, Type } from '@nestjs/common';
import { metricsExtra } from './metrics.extra.js';

/**
 * More that the admin listener serves: makes a module with controllers. It is given the application that serves agents. Requests for its
 * routes are those of operators: others are refused before.
 */
export type AdminExtra = (main: INestApplicationContext) => DynamicModule | Type | Promise<DynamicModule | Type>;

/** All of them. To add one, write its module and put it here. */
export const ADMIN_EXTRAS: readonly AdminExtra[] = [metricsExtra];
