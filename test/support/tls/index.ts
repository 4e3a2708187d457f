import { readFileSync } from 'node:fs';
import path from 'node:path';

const pem = (name: string): Buffer => readFileSync(path.join(import.meta.dirname, name));

/** A certificate and its key, made for these tests and trusted by nobody else. */
const pair = (name: string) => ({ cert: pem(`${name}.crt`), key: pem(`${name}.key`) });

/** The authority that has issued the others; its key is gone. */
export const CA = pem('ca.crt');
/** For localhost and 127.0.0.1. */
export const SERVER = pair('server');
/** Of `alice`. */
export const CLIENT = pair('client');
/** For localhost, until 2020. */
export const EXPIRED = pair('expired');

/** Another authority, whose key is gone too. */
export const OTHER_CA = pem('other-ca.crt');
/** Of `bob`, by the other authority. */
export const OTHER_CLIENT = pair('bob');
/** For localhost and 127.0.0.1, by the other authority. */
export const RENEWED = pair('renewed');

export const tlsFile = (name: string): string => path.join(import.meta.dirname, name);
