import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The browser of this machine; undefined: there is none. */
const executablePath = process.env.A2A_TEST_BROWSER ?? BROWSERS.find((file) => existsSync(file));

/** Whether pages can be tried. If not, it says so, naming what is left out. */
export function hasBrowser(what: string): boolean {
  if (executablePath !== undefined) return true;
  process.stderr.write(
    `${what} are not tried: there is no browser at ${BROWSERS.join(', ')} and A2A_TEST_BROWSER is not set.\n`,
  );
  return false;
}

export const launchBrowser = (): Promise<Browser> => chromium.launch({ executablePath, args: ARGS });
