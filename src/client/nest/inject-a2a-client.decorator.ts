import { Inject } from '@nestjs/common';

/** The token of the client with that name. */
export const getA2aClientToken = (name: string): string => `A2aClient:${name}`;

/** Injects the `A2aClient` that `A2aClientModule` provides under that name. */
export const InjectA2aClient = (name: string): ReturnType<typeof Inject> => Inject(getA2aClientToken(name));
