import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { endProducts, startProduct, until } from './product.ts';

afterEach(endProducts);

describe('a database that is damaged while services run', () => {
  it('is not started on again: the supervisor says what to do, once, and the file stays as it is', async () => {
    const product = await startProduct();
    const bots = product.services().get('bots');
    if (bots === undefined) throw new Error('the bots service runs');
    process.kill(bots, 'SIGKILL');
    const file = join(product.home, 'trading.db');
    const damaged = Buffer.alloc(readFileSync(file).length, 0xa5);
    writeFileSync(file, damaged);
    await until('the supervisor gives it up', () => product.output().includes('not started again'));
    expect(product.output()).toMatch(/bots ended \(exit code 3\) because: .*trading\.db.*infobot db restore/);
    const before = product.output();
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(product.output()).toBe(before);
    expect(product.services().has('bots')).toBe(false);
    expect([...product.services().keys()].sort()).toEqual(['venue', 'web']);
    expect(readFileSync(file).equals(damaged)).toBe(true);
  });
});
