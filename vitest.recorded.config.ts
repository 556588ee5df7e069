import { defineConfig } from 'vitest/config';

/** Tests that read recorded market data; the folder comes from INFOBOT_TEST_DATA. */
export default defineConfig({
  test: {
    include: ['test/recorded/**/*.test.ts'],
    sequence: { shuffle: true },
    restoreMocks: true,
    testTimeout: 180_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
