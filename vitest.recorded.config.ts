import { defineConfig } from 'vitest/config';
import { drawnSeed } from './test/fixture/drawn-seed.ts';

/** Tests that read recorded market data; the folder comes from INFOBOT_TEST_DATA. */
export default defineConfig({
  test: {
    include: ['test/recorded/**/*.test.ts'],
    setupFiles: ['test/fixture/drawn-cases.ts'],
    sequence: { shuffle: true, seed: drawnSeed() },
    restoreMocks: true,
    testTimeout: 180_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
