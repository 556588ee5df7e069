import { z } from 'zod';
import { TIMEFRAMES } from '../../core/domain/timeframe.ts';
import { checkFault } from '../fault/fault-check.ts';
import { durationInput } from '../fault/fault-input.ts';

const SEED = z.int().min(0).max(4_294_967_295);
const NAME = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'takes a name such as flash-crash');
const TIMEFRAME = z.enum(TIMEFRAMES);

const syntheticShape = z.strictObject({
  seed: SEED.default(1),
  instruments: z.int().min(1).max(2000).default(40),
  scale: z.enum(['real', 'demo']).default('demo'),
});

const replayShape = z.strictObject({
  /** Beside the scenario file, or absolute. */
  folder: z.string().min(1),
  timeframe: TIMEFRAME.default('1m'),
  seed: SEED.default(1),
});

const barShape = z
  .string()
  .regex(/^\s*\d+(\.\d+)?(\s+\d+(\.\d+)?){4}\s*$/, 'takes five numbers: open high low close volume')
  .transform((text) => text.trim().split(/\s+/));

const barsShape = z.strictObject({
  timeframe: TIMEFRAME.default('1m'),
  seed: SEED.default(1),
  candles: z.record(
    z.string().regex(/^[A-Z0-9]{1,30}USDT$/, 'takes a symbol such as BTCUSDT'),
    z.array(barShape).min(2, 'takes at least two candles'),
  ),
});

const marketShape = z.union(
  [
    z.strictObject({ synthetic: syntheticShape }),
    z.strictObject({ replay: replayShape }),
    z.strictObject({ bars: barsShape }),
  ],
  'takes one of: synthetic, replay, bars',
);

const beginShape = z.looseObject({ at: durationInput, fault: z.string() }).superRefine((event, context) => {
  const { at: _, fault, ...params } = event;
  const wrong = checkFault({ name: fault, ...params });
  if (wrong !== null) context.addIssue({ code: 'custom', path: [...wrong.path], message: wrong.message });
});
const endShape = z.strictObject({ at: durationInput, end: z.string() });
const eventShape = z.unknown().transform((event, context): z.output<typeof beginShape | typeof endShape> => {
  const isEnd = typeof event === 'object' && event !== null && 'end' in event;
  const read = isEnd ? endShape.safeParse(event) : beginShape.safeParse(event);
  if (read.success) return read.data;
  for (const { path, message } of read.error.issues)
    context.addIssue({ code: 'custom', path: [...path], message });
  return z.NEVER;
});

type ScenarioEvent = z.output<typeof eventShape>;

/** What makes an event one that cannot come to pass; null when nothing does. */
function idleFault(
  event: ScenarioEvent,
  { length, events }: { readonly length: number; readonly events: readonly ScenarioEvent[] },
): { readonly key: 'at' | 'end'; readonly message: string } | null {
  if (event.at > length) return { key: 'at', message: 'lies after the end of the scenario' };
  const begins = (other: ScenarioEvent): boolean =>
    'fault' in other && other.fault === event['end'] && other.at <= event.at;
  if ('fault' in event || events.some(begins)) return null;
  return { key: 'end', message: `no event before it begins a fault "${event.end}"` };
}

/** A market and a script of events, as one file tells it. Times count from the start of the venue. */
export const scenarioShape = z
  .strictObject({
    name: NAME,
    purpose: z.string().min(1),
    /** How long it lasts; the market goes on afterwards. */
    length: durationInput,
    /** Of the dice that faults roll. */
    seed: SEED.default(1),
    market: marketShape.default({ synthetic: { seed: 1, instruments: 40, scale: 'demo' } }),
    events: z.array(eventShape).default([]),
  })
  .superRefine((scenario, context) => {
    for (const [index, event] of scenario.events.entries()) {
      const idle = idleFault(event, scenario);
      if (idle === null) continue;
      context.addIssue({ code: 'custom', path: ['events', index, idle.key], message: idle.message });
    }
  });

export type Scenario = z.output<typeof scenarioShape>;
export type ScenarioMarket = Scenario['market'];
