import { type AppConfig, readConfig } from '../app/config.ts';

/** The configuration of this terminal's environment, or null after having said what is wrong; exit code 2. */
export function consoleConfig(): AppConfig | null {
  const config = readConfig({
    environment: process.env,
    workingFolder: process.cwd(),
    isTerminal: process.stdout.isTTY === true,
  });
  if (config.ok) return config.value;
  console.error(config.error);
  process.exitCode = 2;
  return null;
}
