import { afterEach, expect, it } from 'vitest';
import { endProducts, isAlive, type Product, runCommand, startProduct, until } from './product.ts';

afterEach(endProducts);

interface Row {
  readonly [field: string]: string;
}

it('a halt is confirmed by the exchange, outlives a killed service and a new start, and is lifted by command', {
  timeout: 120_000,
}, async () => {
  const product = await startProduct();
  await inMode(product, 'ready');
  await product.api('POST', '/api/auto-bot/enable', { reason: 'test' });
  const halted = await console(product, ['halt', '--reason', 'a test']);
  expect(halted.output).toMatch(/by .*at the command line \(a test\)/);
  expect(halted.output).toContain('The exchange confirms');
  expect(halted.code).toBe(0);
  const names = await entryNames(product);

  process.kill(product.services().get('bots') ?? 0, 'SIGKILL');
  await until('a fresh one serves', () => product.output().includes('bots serves again.'));
  await inMode(product, 'halted');
  await expect(product.api('POST', '/api/auto-bot/enable', {})).rejects.toThrow('infobot resume');
  await expect(product.api('POST', '/api/resume', {})).rejects.toThrow('403');
  expect(await entryNames(product), 'no entry since').toEqual(names);

  product.process.kill('SIGTERM');
  await product.exit();
  const lifted = await console(product, ['resume', '--reason', 'all is well']);
  expect(lifted.output).toContain('The halt is lifted.');
  const again = await console(product, ['halt', '--json']);
  expect(JSON.parse(again.output)).toMatchObject({ told: false, clearMs: null, halt: { reason: '' } });
  expect(again.code).toBe(0);

  const next = await startProduct([], product.home);
  await inMode(next, 'halted');
  const { rows } = await next.api('GET', '/api/events?limit=50');
  const events = rows as unknown as readonly Row[];
  expect(events.map(({ code }) => code)).toContain('trading.halt.clear');
  await console(next, ['resume']);
  await inMode(next, 'ready');
  expect(await next.api('GET', '/api/auto-bot')).toMatchObject({ enabled: false });
});

it('flattening is refused with a sentence, and nothing is done', async () => {
  const { code, output } = await runCommand(['halt', '--flatten']);
  expect(code).toBe(2);
  expect(output).toContain('nothing was done');
});

function console(product: Product, args: readonly string[]) {
  return runCommand(args, {
    INFOBOT_HOME: product.home,
    INFOBOT_BOTS_PORT: String(product.ports.bots),
  });
}

function inMode(product: Product, wanted: string): Promise<void> {
  return until(
    `the mode is ${wanted}`,
    async () => {
      const bots = product.services().get('bots');
      if (bots === undefined || !isAlive(bots)) return false;
      const status = await product.api('GET', '/api/status').catch(() => null);
      const halt = status?.['halt'] as { clearMs: number | null } | null | undefined;
      const isClear = wanted !== 'halted' || (halt !== null && halt?.clearMs !== null);
      return status?.['mode'] === wanted && isClear;
    },
    25_000,
  );
}

/** Names of the entries the venue ever took from us. */
async function entryNames(product: Product): Promise<readonly string[]> {
  const query = 'category=linear&limit=50';
  const rows = await product.venueRows('/v5/order/history', query);
  return rows.filter((row) => String(row['reduceOnly']) === 'false').map((row) => String(row['orderLinkId']));
}
