import { defineConfig } from 'vitest/config';
import { drawnSeed } from './test/fixture/drawn-seed.ts';

/** Everything that needs no recorded data. */
export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'web/src/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['test/recorded/**', 'node_modules/**'],
    setupFiles: ['test/fixture/drawn-cases.ts'],
    sequence: { shuffle: true, seed: drawnSeed() },
    restoreMocks: true,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
