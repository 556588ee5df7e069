import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { pageSuite } from './page-suite.ts';

const suite = pageSuite();

function changes(): string[] {
  return suite.open.server.commands
    .filter(({ path }) => !path.startsWith('/api/auth/'))
    .map(({ path }) => path);
}

function rowOf(page: Page, coin: string) {
  return page.locator('.scan-row').filter({ has: page.getByRole('button', { name: `${coin}: why` }) });
}

describe('signing in', () => {
  test('spends the code of the link, drops it from the address, and changes nothing else', async () => {
    const page = await suite.openMarket();
    expect(page.url()).toBe(`${suite.open.origin}/`);
    expect(suite.open.server.commands.map(({ path }) => path)).toEqual(['/api/auth/claim']);
    await page.reload();
    await page.locator('.scan-row').first().waitFor();
    expect(suite.open.server.commands, 'a reload sends no command at all').toHaveLength(1);
  });

  test('without a session the page says how to get a link', async () => {
    await suite.openAt({ fragment: '' });
    await suite.open.page.getByRole('heading', { name: 'Sign in to InfoBot' }).waitFor();
    expect(await suite.open.page.locator('main').innerText()).toContain('npx infobot sign-in');
    expect(suite.open.server.commands).toEqual([]);
  });

  test('a refused code is told with the reason of the server', async () => {
    await suite.openAt({ fragment: 'code=not-the-code-it-knows' });
    await suite.open.page.getByText('The sign-in code is wrong, used or expired.').waitFor();
    expect(suite.open.page.url()).not.toContain('code=');
  });

  test('signing out ends the session and leads back to the way in', async () => {
    const page = await suite.openMarket();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByText('You are signed out.').waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Sign in to InfoBot' }).waitFor();
  });
});

describe('the scan', () => {
  test('lists 600 coins with few rows in the document, and reaches the last', async () => {
    const page = await suite.openMarket();
    const table = page.getByRole('table', { name: 'Market scan' });
    expect(await table.getAttribute('aria-rowcount')).toBe('601');
    await page.getByRole('button', { name: 'Coin', exact: true }).click();
    await rowOf(page, 'ADAUSDT').waitFor();
    expect(await page.locator('.scan-row').count()).toBeLessThan(60);
    await page.locator('.scan-scroll').evaluate((list) => list.scrollTo(0, list.scrollHeight));
    await rowOf(page, 'XRPUSDT').waitFor();
    expect(await page.locator('.scan-row').count()).toBeLessThan(60);
  });

  test('prices move without a reload', async () => {
    const page = await suite.openMarket();
    const price = rowOf(page, 'BTCUSDT').locator('.col-price');
    const before = await price.innerText();
    await page.waitForFunction(
      (text) => document.querySelector('.scan-row .col-price')?.textContent !== text,
      before,
    );
    expect(await price.innerText()).not.toBe(before);
  });

  test('RSI is coloured by the effective thresholds', async () => {
    const page = await suite.openMarket();
    await page.getByText('Long ≤ 27 · short ≥ 74 · 6h').waitFor();
    suite.open.server.frozen = true;
    const cells = await page
      .locator('.scan-row .rsi')
      .evaluateAll((all) =>
        all.map((cell) => [Number(cell.textContent), (cell as HTMLElement).dataset['zone']]),
      );
    expect(cells.length).toBeGreaterThan(10);
    for (const [value, zone] of cells) {
      // Shown with one digit: a value at the very edge may round across it.
      if (Math.abs(Number(value) - 27) <= 0.1 || Math.abs(Number(value) - 74) <= 0.1) continue;
      const extreme = Number(value) > 74 ? 'short' : 'middle';
      expect([value, zone]).toEqual([value, Number(value) < 27 ? 'long' : extreme]);
    }
  });

  test('search and filters narrow the list, and an empty one says so', async () => {
    const page = await suite.openMarket();
    await page.getByLabel('Find a coin').fill('doge');
    await rowOf(page, 'DOGEUSDT').waitFor();
    expect(await page.locator('.scan-row').count()).toBe(1);
    await page.getByLabel('Find a coin').fill('nothing-is-called-so');
    await page.getByText('No coin matches.').waitFor();
    await page.getByLabel('Find a coin').fill('');
    await page.getByRole('button', { name: /^In position/ }).click();
    await expect.poll(() => page.locator('.scan-row').count()).toBe(3);
  });

  test('the keyboard passes the list in one step, and moves inside it by arrows', async () => {
    const page = await suite.openMarket();
    suite.open.server.frozen = true;
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');
    await page.getByRole('button', { name: 'Position', exact: true }).focus();
    await page.keyboard.press('Tab');
    const first = await focused();
    expect(first).toMatch(/: why$/);
    await page.keyboard.press('ArrowDown');
    const second = await focused();
    expect(second).toMatch(/: why$/);
    expect(second).not.toBe(first);
    await page.keyboard.press('End');
    const last = page.locator('.scan-row[aria-rowindex="601"] .row-button');
    await expect.poll(focused).toBe(await last.getAttribute('aria-label'));
    await page.keyboard.press('Home');
    await expect.poll(focused).toBe(first);
    await page.keyboard.press('Tab');
    expect(await focused()).toMatch(/^Auto Bot switch/);
  });

  test('blockers are told in words', async () => {
    const page = await suite.openMarket();
    await page.getByRole('button', { name: /^Blocked \d/ }).click();
    await page.locator('.blocker', { hasText: 'Too young' }).first().waitFor();
    expect(await page.locator('.scan-table').innerText()).not.toContain('filter.');
    await page.getByRole('button', { name: /^Short \d/ }).click();
    const free = page.locator('.scan-row').filter({ hasNot: page.locator('.blocker') });
    await expect.poll(() => free.first().locator('.col-blockers').innerText()).toBe('Auto Bot is off');
  });

  test('a click on a row shows every verdict with its numbers', async () => {
    const page = await suite.openMarket();
    // Forced: what lies on top of the cell is the row's own button, and that is the point.
    await rowOf(page, 'BTCUSDT').locator('.col-trend').click({ force: true });
    const drawer = page.getByRole('dialog', { name: 'BTCUSDT' });
    const verdicts = drawer.locator('.verdicts tbody tr');
    await verdicts.first().waitFor();
    expect(await verdicts.locator('th').allInnerTexts()).toEqual([
      'Trading switch',
      'Entries allowed',
      'Lists and scope',
      'Instrument status',
      'Fresh data',
      'Trend',
      expect.stringContaining('Maturity'),
      'Cool-down',
    ]);
    await drawer.getByRole('img', { name: /^Price and RSI of BTCUSDT: 6h candles/ }).waitFor();
    expect(await drawer.locator('.chart .zone text').allTextContents()).toEqual(['Short ≥ 74', 'Long ≤ 27']);
    const btc = suite.open.server.market.rows.find((row) => row.symbol === 'BTCUSDT')!;
    const maturity = await verdicts.nth(6).locator('td').allInnerTexts();
    const overflow = () =>
      drawer.locator('.decision').evaluate((inside) => {
        const table = inside.querySelector('.verdicts')!;
        return table.getBoundingClientRect().right - inside.getBoundingClientRect().right;
      });
    expect(await overflow(), 'a long value stays inside the drawer').toBeLessThanOrEqual(0);
    expect(maturity).toEqual(['Veto', String(btc.candles), '200', `−${200 - btc.candles}`, 'candles']);
  });
});

describe('the Auto Bot switch', () => {
  test('asks with every number before it sends anything, and cancel sends nothing', async () => {
    const page = await suite.openMarket();
    await page.getByRole('switch').click({ force: true });
    const dialog = page.getByRole('dialog', { name: 'Turn Auto Bot on?' });
    await dialog.getByText('Positions at once').waitFor();
    const words = await dialog.innerText();
    for (const term of [
      'demo',
      '10 USDT notional',
      '1×',
      '15% from the entry',
      'RSI ≤ 27 long, ≥ 74 short',
    ]) {
      expect(words).toContain(term);
    }
    expect(changes()).toEqual([]);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'hidden' });
    expect(changes()).toEqual([]);
    expect(await page.getByRole('switch').isChecked()).toBe(false);
  });

  test('sends one command with the reason, and stands where the server says', async () => {
    const page = await suite.openMarket();
    await page.getByRole('switch').click({ force: true });
    const dialog = page.getByRole('dialog', { name: 'Turn Auto Bot on?' });
    await dialog.getByLabel(/^Reason/).fill('trying it out');
    await dialog.getByRole('button', { name: 'Turn on' }).click();
    await page.locator('.auto-bot', { hasText: 'trying it out' }).waitFor();
    expect(await page.getByRole('switch').isChecked()).toBe(true);
    expect(suite.open.server.commands.slice(1)).toEqual([
      {
        method: 'POST',
        path: '/api/auto-bot/enable',
        body: { reason: 'trying it out' },
        csrf: 'fake-csrf-token',
      },
    ]);
  });

  test('stays off and says why when the server refuses', async () => {
    const page = await suite.openMarket({ prepare: (server) => server.broken.add('/api/auto-bot/enable') });
    await page.getByRole('switch').click({ force: true });
    await page.getByRole('button', { name: 'Turn on' }).click();
    await page.getByRole('alert').getByText('The bots service does not answer').waitFor();
    expect(await page.getByRole('switch').isChecked()).toBe(false);
  });

  test('a halt is asked for once, sent once, and stands on the page with what has come of it', async () => {
    const page = await suite.openMarket();
    await page.getByRole('button', { name: 'Halt', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Halt trading?' });
    await dialog.getByLabel(/^Reason/).fill('odd prices');
    expect(changes()).toEqual([]);
    await dialog.getByRole('button', { name: 'Halt now' }).click();
    const banner = page.locator('.banner[data-halted="true"]');
    await banner.getByText('Trading is halted by owner (odd prices).').waitFor();
    await banner.getByText('has not confirmed yet').waitFor();
    await banner.getByText('The market stream is down.').waitFor();
    expect(changes()).toEqual(['/api/halt']);
    expect(await page.getByRole('button', { name: 'Halt', exact: true }).count()).toBe(0);
    const { halt } = suite.open.server.market;
    if (halt !== null) suite.open.server.market.halt = { ...halt, clearMs: halt.sinceMs };
    await banner.getByText('no entry of ours rests there').waitFor();
  });

  test('a viewer can neither switch nor close', async () => {
    const page = await suite.openMarket({
      prepare: (server) => {
        server.role = 'viewer';
      },
    });
    await page.locator('.position').first().waitFor();
    expect(await page.getByRole('switch').isDisabled()).toBe(true);
    expect(await page.getByRole('button', { name: 'Close ETHUSDT' }).isDisabled()).toBe(true);
    expect(await page.getByRole('button', { name: 'Halt', exact: true }).isDisabled()).toBe(true);
  });
});

describe('positions', () => {
  test('the chart of a coin in position shows where it was entered and where its stop is', async () => {
    const page = await suite.openMarket();
    await page.locator('.position').filter({ hasText: 'ETH' }).locator('.link-button').click();
    const levels = page.getByRole('dialog', { name: 'ETHUSDT' }).locator('.chart .level');
    await expect.poll(() => levels.locator('text').allTextContents()).toHaveLength(3);
    const words = (await levels.locator('text').allTextContents()).join(' ');
    for (const word of ['Now', 'Entry', 'Stop']) expect(words).toContain(word);
  });

  test('closing asks first, then sends one command', async () => {
    const page = await suite.openMarket();
    await page.getByRole('button', { name: 'Close ETHUSDT' }).click();
    const dialog = page.getByRole('dialog', { name: 'Close ETHUSDT?' });
    await dialog.getByText('A market order closes the whole position').waitFor();
    expect(changes()).toEqual([]);
    await dialog.getByRole('button', { name: 'Close position' }).click();
    await page.locator('.position', { hasText: 'closing: Closed by hand' }).waitFor();
    expect(changes()).toEqual(['/api/positions/ETHUSDT/close']);
  });

  test('a stop missing at the exchange stands out, and foreign positions stand apart', async () => {
    const page = await suite.openMarket();
    const doge = page.locator('.position', { hasText: 'DOGE' });
    expect(await doge.locator('[data-missing="true"]').innerText()).toBe('none!');
    expect(await page.locator('.foreign').innerText()).toContain('LTC');
    expect(await page.locator('.foreign button').count()).toBe(0);
  });

  test('a difference from the exchange is told with what can be done, and done after a question', async () => {
    const page = await suite.openMarket();
    const list = page.getByRole('region', { name: 'Differences from the exchange' });
    await list.getByText('The exchange holds a short 1.5 of LTCUSDT').waitFor();
    await list.getByRole('button', { name: 'Ignore LTCUSDT' }).click();
    const dialog = page.getByRole('dialog', { name: 'Ignore LTCUSDT?' });
    expect(changes()).toEqual([]);
    await dialog.getByRole('button', { name: 'Ignore' }).click();
    await dialog.waitFor({ state: 'hidden' });
    expect(changes()).toEqual(['/api/positions/LTCUSDT/ignore']);
  });

  test('a position in doubt says so and why; others do not', async () => {
    const page = await suite.openMarket({ prepare: (server) => server.market.doubt('ETHUSDT') });
    const marks = page.locator('.position', { hasText: 'in doubt' });
    expect(await marks.locator('.link-button').allInnerTexts()).toEqual(['ETHUSDT']);
    const why = await marks.getByText('in doubt').getAttribute('title');
    expect(why).toMatch(/^The exchange does not list ETHUSDT; our fills add up to [\d.]+ and none says why/);
  });

  test('a mean of several fills stays in its place, and what has not filled leaves no hole in the sum', async () => {
    const page = await suite.openMarket({ prepare: (server) => server.market.climbLadders() });
    const entry = page.locator('.position').first().locator('dd').first();
    expect(await entry.innerText()).toBe('0.005179301');
    expect(await entry.locator('[title]').getAttribute('title')).toBe('0.00517930130208');
    expect(await entry.evaluate((cell) => cell.scrollWidth <= cell.clientWidth)).toBe(true);
    await page.locator('.positions-total').waitFor();
  });

  test('positions that could not be read are never called none', async () => {
    const page = await suite.openMarket({ prepare: (server) => server.market.forgetPositions() });
    await page.getByText('has not confirmed the positions yet').waitFor();
    expect(await page.getByText('No open positions').count()).toBe(0);
  });
});

describe('what has happened', () => {
  test('decisions made before the page was opened are there, and older ones come by request', async () => {
    const page = await suite.openMarket({ prepare: (server) => Object.assign(server, { frozen: true }) });
    const table = page.getByRole('table', { name: 'Decisions' });
    await expect.poll(() => table.getAttribute('aria-rowcount')).toBe('101');
    await page.locator('.log-scroll').evaluate((list) => list.scrollTo(0, list.scrollHeight));
    await page.getByRole('button', { name: 'Load older' }).click();
    await expect.poll(() => table.getAttribute('aria-rowcount')).toBe('131');
    await page.getByRole('button', { name: 'Load older' }).waitFor({ state: 'detached' });
  });

  test('older ones that cannot be read are told, and can be asked for again', async () => {
    const page = await suite.openMarket({ prepare: (server) => Object.assign(server, { frozen: true }) });
    const older = page.getByRole('button', { name: 'Load older' });
    await older.waitFor({ state: 'attached' });
    suite.open.server.broken.add('/api/decisions');
    await page.locator('.log-scroll').evaluate((list) => list.scrollTo(0, list.scrollHeight));
    await older.click();
    await page.getByRole('alert').getByText('The bots service does not answer').waitFor();
    suite.open.server.broken.clear();
    await older.click();
    await expect
      .poll(() => page.getByRole('table', { name: 'Decisions' }).getAttribute('aria-rowcount'))
      .toBe('131');
  });
});

describe('when something is wrong', () => {
  test('old figures are greyed and warned about until they move again', async () => {
    const page = await suite.openMarket();
    suite.open.server.frozen = true;
    await page.getByText('Market data is not updating.').waitFor();
    expect(await page.locator('html').getAttribute('data-stale')).toBe('true');
    suite.open.server.frozen = false;
    await page.getByText('Market data is not updating.').waitFor({ state: 'hidden' });
  });

  test('a lost connection is told, and the page recovers by itself', async () => {
    const page = await suite.openMarket();
    suite.open.server.broken.add('/api/stream');
    suite.open.server.dropStreams();
    await page.getByText('No connection to the server.').waitFor();
    suite.open.server.broken.clear();
    await page.getByText('No connection to the server.').waitFor({ state: 'hidden' });
  });

  test('a part that cannot be read is named with the reason of the server', async () => {
    const page = await suite.openMarket({ prepare: (server) => server.broken.add('/api/trades') });
    await page.getByText('Could not be read: trades. The bots service does not answer').waitFor();
    suite.open.server.broken.clear();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('Could not be read: trades.').waitFor({ state: 'hidden' });
  });

  test('markup in a message stays text', async () => {
    const page = await suite.openMarket();
    await page.getByRole('tab', { name: 'Events' }).click();
    await page.locator('.log-events').waitFor();
    const message = '<img src=x onerror="document.title=\'taken\'">';
    const event = suite.open.server.market.event(9999, 4_000_000_000_000);
    suite.open.server.publish('events', { ...event, message });
    await page.getByText(message).waitFor();
    expect(await page.title()).toBe('InfoBot');
  });
});

test('a phone shows one pane at a time without sideways scrolling', async () => {
  const page = await suite.openMarket({ size: { width: 390, height: 844 } });
  const widthOf = () => page.evaluate(() => document.documentElement.scrollWidth);
  expect(await widthOf()).toBeLessThanOrEqual(390);
  await page.getByText('Auto Bot & positions').click();
  await page.getByRole('button', { name: 'Close ETHUSDT' }).waitFor();
  expect(await page.locator('.scan').isVisible()).toBe(false);
  expect(await widthOf()).toBeLessThanOrEqual(390);
  await page.getByText('Market', { exact: true }).click();
  await rowOf(page, 'BTCUSDT').locator('.row-button').click();
  const drawer = page.getByRole('dialog', { name: 'BTCUSDT' });
  await drawer.locator('.verdicts').waitFor();
  const rightEdge = () => drawer.locator('.verdicts').evaluate((one) => one.getBoundingClientRect().right);
  await expect.poll(rightEdge, { message: 'the verdicts fit the screen' }).toBeLessThanOrEqual(390);
});
