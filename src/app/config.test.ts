import { describe, expect, it } from 'vitest';
import { readConfig, serviceUrl } from './config.ts';

function read(environment: Record<string, string>) {
  return readConfig({ environment, workingFolder: '/somewhere', isTerminal: false });
}

describe('readConfig', () => {
  it('gives the documented defaults', () => {
    expect(read({})).toEqual({
      ok: true,
      value: {
        home: '/somewhere/data',
        host: '127.0.0.1',
        webPort: 5000,
        botsPort: 5001,
        venuePort: 5003,
        logLevel: 'info',
        logFormat: 'json',
        journalDays: 7,
        journalMb: 2_048,
      },
    });
  });

  it.each(['0.0.0.0', '192.168.1.5', '::', 'example.org', ''])('refuses to listen on %j', (host) => {
    const config = read({ INFOBOT_HOST: host });
    expect(config.ok ? '' : config.error).toContain('127.0.0.1');
  });

  it.each(['0', '65536', 'abc', '50.5', '-1', '', ' 80', '0x1f90', '1e3'])(
    'refuses port %j and names the variable',
    (port) => {
      const config = read({ INFOBOT_BOTS_PORT: port });
      expect(config.ok ? '' : config.error).toContain('INFOBOT_BOTS_PORT');
    },
  );

  it('refuses a port that browsers refuse to open', () => {
    const config = read({ INFOBOT_WEB_PORT: '6000' });
    expect(config.ok ? '' : config.error).toContain('INFOBOT_WEB_PORT=6000');
  });

  it('refuses one port for two services and names both', () => {
    const config = read({ INFOBOT_WEB_PORT: '5003' });
    expect(config.ok ? '' : config.error).toMatch(/INFOBOT_WEB_PORT and INFOBOT_VENUE_PORT are both 5003/);
  });

  it('writes an IPv6 address into a URL in brackets', () => {
    const config = read({ INFOBOT_HOST: '::1' });
    expect(config.ok ? serviceUrl(config.value, 5001) : '').toBe('http://[::1]:5001');
  });
});
