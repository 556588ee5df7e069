import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { claimOnMachine, holderOnMachine } from './machine-claim.ts';
import { secureHex } from './random.ts';

const source = fileURLToPath(new URL('machine-claim.ts', import.meta.url));

it.runIf(process.platform === 'linux')(
  'is granted once, told who holds it, and free again after a kill',
  async () => {
    const name = `infobot-test-${secureHex(8)}`;
    const script = `import { claimOnMachine } from ${JSON.stringify(source)};
    await claimOnMachine(${JSON.stringify(name)}, 'the first');
    console.log('held');
    setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
    try {
      await once(child.stdout, 'data');
      expect(await claimOnMachine(name, 'the second')).toEqual({ kind: 'held', by: 'the first' });
      expect(await holderOnMachine(name)).toBe('the first');
    } finally {
      child.kill('SIGKILL');
    }
    // At once: the system may still be tidying up.
    const outcome = await claimOnMachine(name, 'the second');
    expect(outcome.kind).toBe('claimed');
    expect(await holderOnMachine(name)).toBe('the second');
    if (outcome.kind === 'claimed') await outcome.claim.release();
    expect(await holderOnMachine(name)).toBe('');
  },
);
