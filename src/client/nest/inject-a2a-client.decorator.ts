import { Inject } from '@nestjs/common';

/** The provider of the client of that name. */
export const getA2aClientToken = (name: string): string => `A2aClient:${name}`;

/** Injects the `A2aClient` that `A2aClientModule` has under that name. */
export const InjectA2aClient = (name: string): ReturnType<typeof Inject> => Inject(getA2aClientToken(name));
