import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Locator, Page } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string;
    readonly nodes: readonly { target: string[] }[];
  }[];
}

/** The console in a browser, with what went wrong there. */
export class ConsolePage {
  readonly problems: string[] = [];

  private constructor(
    readonly page: Page,
    private readonly base: string,
  ) {
    page.on('pageerror', (error) => this.problems.push(String(error)));
    page.on('console', (message) => {
      // A violation of the page's policy is reported here.
      if (message.type() === 'error' && !message.text().includes('status of 404')) this.problems.push(message.text());
    });
    page.on('request', (request) => {
      const { origin, protocol } = new URL(request.url());
      if (protocol.startsWith('http') && origin !== new URL(base).origin) this.problems.push(`asks ${origin}`);
    });
  }

  static async open(browser: Browser, base: string, colorScheme: 'light' | 'dark' = 'light'): Promise<ConsolePage> {
    const page = await browser.newPage({ viewport: { width: 1360, height: 860 }, colorScheme });
    page.setDefaultTimeout(60_000);
    const opened = new ConsolePage(page, base);
    await opened.go('');
    return opened;
  }

  async go(route: string): Promise<void> {
    await this.page.goto(`${this.base}#/${route}`);
    await this.page.locator('h1').first().waitFor();
  }

  /** Sends a message on the screen that tries an agent, which is open. */
  async send(text: string): Promise<void> {
    await this.page.getByLabel('Text', { exact: true }).fill(text);
    await this.button('Send').click();
  }

  /** The id of the task that the screen shows. */
  async shownTask(): Promise<string> {
    const link = this.page.locator('a[href^="#/tasks/"]').first();
    return ((await link.getAttribute('href')) ?? '').replace('#/tasks/', '');
  }

  text(text: string | RegExp): Locator {
    return this.page.getByText(text).first();
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name }).first();
  }

  /** All rows of the timeline from the first to the last, also those that are not visible: what each says, by its number. */
  async timeline(): Promise<ReadonlyMap<number, string>> {
    const list = this.page.getByRole('listbox', { name: 'Events' });
    const rows = new Map<number, string>();
    for (let top = 0, height = Infinity; top < height; top += 200) {
      await list.evaluate((box, at) => (box.scrollTop = at), top);
      let shown: [string, string][];
      // A row whose page is still on its way ends so.
      do shown = await list.getByRole('option').evaluateAll((all) => all.map((row) => [row.id, row.innerText]));
      while (shown.some(([, text]) => text.endsWith('…')));
      for (const [id, text] of shown) rows.set(Number(id.replace('event-', '')), text);
      height = await list.evaluate((box) => box.scrollHeight);
    }
    return new Map([...rows].sort(([a], [b]) => a - b));
  }

  /** What axe finds that keeps somebody from using the screen. */
  async barriers(): Promise<string[]> {
    await this.page.evaluate(axe);
    // What fades in has no contrast yet. A spinner has no end, and is not waited for.
    await this.page.evaluate(
      `Promise.allSettled(document.getAnimations()
        .filter((one) => one.effect?.getComputedTiming().endTime !== Infinity)
        .map((one) => one.finished))`,
    );
    const { violations } = await this.page.evaluate<AxeResult>('axe.run()');
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
  }
}
