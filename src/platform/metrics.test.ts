import { describe, expect, it } from 'vitest';
import { metricsText } from './metrics.ts';

describe('metricsText', () => {
  it('writes name, meaning, type and samples; what is not known is left out', () => {
    const text = metricsText([
      {
        name: 'infobot_age_seconds',
        help: 'How old it is.',
        type: 'gauge',
        samples: [{ value: 1.5 }, { labels: { symbol: 'BTCUSDT', of: 'stop' }, value: 0 }, { value: null }],
      },
      {
        name: 'infobot_steps_total',
        help: 'Steps.',
        type: 'counter',
        samples: [{ value: Number.POSITIVE_INFINITY }],
      },
    ]);
    expect(text.split('\n')).toEqual([
      '# HELP infobot_age_seconds How old it is.',
      '# TYPE infobot_age_seconds gauge',
      'infobot_age_seconds 1.5',
      'infobot_age_seconds{symbol="BTCUSDT",of="stop"} 0',
      '# HELP infobot_steps_total Steps.',
      '# TYPE infobot_steps_total counter',
      'infobot_steps_total +Inf',
      '',
    ]);
  });

  it('escapes what would end a label or a line', () => {
    const help = 'a\\b\nc';
    const text = metricsText([
      { name: 'infobot_x', help, type: 'gauge', samples: [{ labels: { y: '"\\\n' }, value: 1 }] },
    ]);
    expect(text).toBe('# HELP infobot_x a\\\\b\\nc\n# TYPE infobot_x gauge\ninfobot_x{y="\\"\\\\\\n"} 1\n');
  });
});
