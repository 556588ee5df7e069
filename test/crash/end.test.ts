import { afterEach, describe, expect, it } from 'vitest';
import { endProducts, isAlive, type Product, processesNaming, startProduct, until } from './product.ts';

afterEach(endProducts);

const END_MS_MAX = 10_000;

async function running(): Promise<Product> {
  const product = await startProduct();
  expect([...product.services().keys()].sort()).toEqual(['bots', 'venue', 'web']);
  return product;
}

describe('infobot up ends', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'on %s, sent twice, with exit code 0 and no process left',
    async (signal) => {
      const product = await running();
      product.process.kill(signal);
      product.process.kill(signal);
      await until('the supervisor ends', () => product.process.exitCode !== null, END_MS_MAX);
      expect(await product.exit()).toMatchObject({ code: 0, signal: null });
      expect(product.output()).toContain('Positions keep their stops at the exchange.');
      expect(processesNaming(product.home)).toEqual([]);
    },
  );

  it('leaves no service behind when the supervisor itself is killed', async () => {
    const product = await running();
    const services = [...product.services().values()];
    product.process.kill('SIGKILL');
    await until('the services end by themselves', () => !services.some(isAlive), END_MS_MAX);
    expect(processesNaming(product.home)).toEqual([]);
  });
});

describe('infobot up starts again', () => {
  it.each(['venue', 'web'])('a killed %s, and the others find it again', async (name) => {
    const product = await running();
    const cookie = await signIn(product);
    const victim = product.services().get(name) ?? 0;
    process.kill(victim, 'SIGKILL');
    await until('a fresh one serves', () => product.output().includes(`${name} serves again.`));
    expect(product.output()).toContain(`${name} ended (SIGKILL); starting it again`);
    // Through web, with the session of before: its proxy, the bots service and the venue all have to be there.
    await until('trading is ready', async () => {
      const response = await fetch(`${webOf(product)}/api/status`, { headers: { cookie } });
      return response.ok && (await response.json()).mode === 'ready';
    });
  });
});

function webOf(product: Product): string {
  return `http://127.0.0.1:${product.ports.web}`;
}

/** Signs in by the printed link, as a browser does; gives the session's cookie. */
async function signIn(product: Product): Promise<string> {
  const code = /#code=(\S+)/.exec(product.output())?.[1];
  const response = await fetch(`${webOf(product)}/api/auth/claim`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code }),
  });
  expect(response.status).toBe(200);
  return response.headers.get('set-cookie')?.split(';')[0] ?? '';
}
