// Runs a module in this process, and writes the packages of all modules that were loaded as one line of JSON. Argument: its URL.
import { createRequire, register } from 'node:module';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { MessageChannel } from 'node:worker_threads';

const HOOKS = `
let port;
export const initialize = (given) => { port = given; };
export const load = (url, context, next) => { port.postMessage(url); return next(url, context); };`;

const { port1, port2 } = new MessageChannel();
const urls = [];
port1.on('message', (url) => urls.push(url)).unref();
register(`data:text/javascript,${encodeURIComponent(HOOKS)}`, { data: port2, transferList: [port2] });
await import(process.argv[2]);
// What the other thread has posted arrives in a later turn.
await sleep(200);
const required = Object.keys(createRequire(import.meta.url).cache);
const packages = [...urls, ...required].map((file) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]);
process.stdout.write(`\n${JSON.stringify([...new Set(packages.filter((name) => name !== undefined))].sort())}\n`);
process.exit(0);
