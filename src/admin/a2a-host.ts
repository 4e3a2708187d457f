import type { InjectionToken } from '@nestjs/common';

/** Injects what finds the providers of the application that imports A2aModule: its ModuleRef, or that application itself. */
export const A2A_HOST = Symbol('A2aHost');

/** The part of ModuleRef and of an application context that is used here. */
export interface A2aHost {
  get<T>(token: InjectionToken<T>, options: { readonly strict: false }): T;
}
