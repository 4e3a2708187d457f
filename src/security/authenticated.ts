import { ANONYMOUS, type CallContext } from './call-context.js';

/** Whether a guard said who calls. A guard that names its caller `anonymous` has identified nobody. */
export const isAuthenticated = ({ owner }: Pick<CallContext, 'owner'>): boolean => owner !== ANONYMOUS;
