import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileHaltLatch, haltText } from './halt-latch.ts';

const HALT = { sinceMs: Date.UTC(2026, 0, 1), by: 'anna', reason: 'odd prices' };

describe('the halt latch', () => {
  let home = '';
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'halt-'));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));
  const file = () => join(home, 'halt.json');

  it('lets trading go on while there is no file', () => {
    expect(new FileHaltLatch(home).read()).toBeNull();
  });

  it('is read by every other process as soon as it is written, by its owner alone', async () => {
    const other = new FileHaltLatch(home);
    expect(await new FileHaltLatch(home).latch(HALT)).toBe(true);
    expect(other.read()).toEqual(HALT);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
  });

  it('keeps who halted first', async () => {
    const latch = new FileHaltLatch(home);
    await latch.latch(HALT);
    await latch.latch({ ...HALT, by: 'boris' });
    expect(latch.read()?.by).toBe('anna');
  });

  it.each(['', '{', 'null', '{"sinceMs":"now"}', '\0\0\0'])('halts when the file holds %j', (content) => {
    writeFileSync(file(), content);
    expect(new FileHaltLatch(home).read()?.reason).toContain('cannot be read');
  });

  it('halts when something else is in its place, and when the home is gone', () => {
    mkdirSync(file());
    expect(new FileHaltLatch(home).read()).not.toBeNull();
    expect(new FileHaltLatch(join(home, 'gone')).read()).not.toBeNull();
  });

  it('is in force before the disk has answered', async () => {
    const latch = new FileHaltLatch(home);
    const latching = latch.latch(HALT);
    expect(latch.read()).toEqual(HALT);
    await latching;
  });

  it('holds in the process where the home cannot be written, says so, and is written when it can be', async () => {
    const gone = join(home, 'gone');
    const latch = new FileHaltLatch(gone);
    mkdirSync(gone);
    expect(latch.read()).toBeNull();
    rmSync(gone, { recursive: true });
    writeFileSync(gone, '');
    expect(await latch.latch(HALT)).toBe(false);
    expect(latch.read()).not.toBeNull();
    rmSync(gone);
    mkdirSync(gone);
    expect(latch.read()).toEqual(HALT);
    await latch.persist();
    expect(new FileHaltLatch(gone).read()).toEqual(HALT);
  });

  it('is lifted with a record of who did, told until it is dropped', async () => {
    const latch = new FileHaltLatch(home);
    await latch.latch(HALT);
    expect(await latch.lift({ resumedMs: 5, by: 'boris', reason: 'well again' })).toEqual(HALT);
    expect(existsSync(file())).toBe(false);
    const service = new FileHaltLatch(home);
    expect(service.read()).toBeNull();
    expect(await service.resumption()).toEqual({
      resumedMs: 5,
      by: 'boris',
      reason: 'well again',
      halt: HALT,
    });
    await service.dropResumption();
    expect(await service.resumption()).toBeNull();
  });

  it('lifts one that cannot be read, and nothing where nothing is halted', async () => {
    const latch = new FileHaltLatch(home);
    expect(await latch.lift({ resumedMs: 5, by: 'boris', reason: '' })).toBeNull();
    writeFileSync(file(), 'torn');
    expect(await latch.lift({ resumedMs: 5, by: 'boris', reason: '' })).not.toBeNull();
    expect(latch.read()).toBeNull();
  });

  it('stays down when who lifts it cannot be recorded', async () => {
    const latch = new FileHaltLatch(home);
    await latch.latch(HALT);
    mkdirSync(join(home, 'resumed.json', 'in the way'), { recursive: true });
    await expect(latch.lift({ resumedMs: 5, by: 'boris', reason: '' })).rejects.toThrow();
    expect(JSON.parse(readFileSync(file(), 'utf8'))).toEqual(HALT);
  });

  it('halts by an empty file where there is no room for words, and is lifted by another process all the same', async () => {
    const latch = new FileHaltLatch(home);
    chmodSync(home, 0o500);
    // A folder nobody may write in stands for a full disk; the file appears as it would there.
    await latch.latch(HALT);
    chmodSync(home, 0o700);
    if (!existsSync(file())) writeFileSync(file(), '');
    await latch.persist();
    writeFileSync(file(), '');
    expect(latch.read()).toEqual(HALT);
    await new FileHaltLatch(home).lift({ resumedMs: 5, by: 'boris', reason: '' });
    expect(latch.read()).toBeNull();
  });

  it('names since when, who and why in its sentence, and the way out', () => {
    expect(haltText(HALT)).toBe(
      'Trading is halted since 2026-01-01 00:00:00 UTC by anna (odd prices): nothing is entered, exits and stops go on. "infobot resume" lifts it.',
    );
  });
});
