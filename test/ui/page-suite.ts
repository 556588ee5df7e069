import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { buildPage, launchBrowser, type OpenOptions, type OpenPage, openPage } from './page-fixture.ts';

type SuiteOptions = Partial<Omit<OpenOptions, 'browser' | 'folder'>>;

/** One open page per test of a file, over one build and one browser. */
export interface PageSuite {
  /** The page of the running test. */
  readonly open: OpenPage;
  /** Opens the page and waits for nothing. */
  openAt(options?: SuiteOptions): Promise<Page>;
  /** Opens the page and waits until the market is on it. */
  openMarket(options?: SuiteOptions): Promise<Page>;
}

/** Registers building, launching and closing with the test runner; every test ends with a silent console. */
export function pageSuite(): PageSuite {
  let browser: Browser | undefined;
  let built: Awaited<ReturnType<typeof buildPage>> | undefined;
  let open: OpenPage | undefined;

  beforeAll(async () => {
    [built, browser] = await Promise.all([buildPage(), launchBrowser()]);
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await built?.remove();
  });

  afterEach(async () => {
    const complaints = [...(open?.complaints ?? [])];
    await open?.close();
    open = undefined;
    expect(complaints, 'the console and the content policy stay silent').toEqual([]);
  });

  const openAt = async (options: SuiteOptions = {}) => {
    open = await openPage({ ...options, browser: browser!, folder: built!.folder });
    return open.page;
  };
  return {
    get open() {
      return open!;
    },
    openAt,
    openMarket: async (options) => {
      const page = await openAt(options);
      await page.locator('.scan-row').first().waitFor();
      return page;
    },
  };
}
