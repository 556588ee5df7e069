import { z } from 'zod';
import type { VenueRequest, VenueResponse } from '../request.ts';
import { DRIFT_PACKS, type DriftPack } from './drift-packs.ts';
import { type FaultHooks, type FaultKind, type FaultSite, faultKind, type RequestStrike } from './fault.ts';
import { refusal } from './request-faults.ts';

const jsonObject = z.record(z.string(), z.unknown());
type Json = Readonly<Record<string, unknown>>;
const BAD_PRICES = {
  zero: '0',
  negative: '-1',
  nan: 'NaN',
  absurd: '1e308',
  empty: '',
  text: 'n/a',
} as const;
const PRICE_FIELDS = /"(lastPrice|markPrice|indexPrice|bid1Price|ask1Price|close|open|high|low)":"[^"]*"/g;

/** Faults of what messages say: the contract drifts, or prices are nonsense. */
export const driftFaults: readonly FaultKind[] = [
  faultKind({
    name: 'contract-drift',
    purpose: `The exchange changes its contract without notice: ${DRIFT_PACKS.length} packs.`,
    params: z.strictObject({
      pack: z.string().refine((name) => DRIFT_PACKS.some((pack) => pack.name === name), {
        error: `takes one of ${DRIFT_PACKS.map((pack) => pack.name).join(', ')}`,
      }),
    }),
    hooks: (params, site) =>
      drifting(
        DRIFT_PACKS.find((pack) => pack.name === params.pack),
        site,
      ),
  }),
  faultKind({
    name: 'price-nonsense',
    purpose: 'Prices in answers and messages are zero, negative, no number, absurd, empty or text.',
    params: z.strictObject({
      value: z.enum(['zero', 'negative', 'nan', 'absurd', 'empty', 'text']).default('zero'),
      where: z.enum(['everywhere', 'answers', 'streams']).default('everywhere'),
    }),
    hooks: (params, site) => nonsense(BAD_PRICES[params.value], params.where, site),
  }),
];

function drifting(pack: DriftPack | undefined, site: FaultSite): FaultHooks {
  if (pack === undefined) return {};
  const { answers, pushes } = pack;
  return {
    onRequest: (request) => driftOf(pack, request, site),
    ...(pushes === undefined
      ? {}
      : {
          onPush: (push) => {
            if (push.topic === '' || !push.topic.startsWith(pushes.topic)) return null;
            const text = editedText(push.text, pushes.edit);
            return text !== push.text && site.strike(push.topic) ? [{ text, afterMs: 0 }] : null;
          },
        }),
  };

  function driftOf(drift: DriftPack, request: VenueRequest, at: FaultSite): RequestStrike | null {
    if (drift.gone === request.path && at.strike(request.path)) {
      return { instead: { ...refusal(at, 10017, 'Route not found.'), status: 404 } };
    }
    const refused = drift.refuses?.(request) ?? null;
    if (refused !== null && at.strike(request.path)) return { instead: refusal(at, ...refused) };
    if (answers === undefined || !request.path.startsWith(answers.path)) return null;
    return { reply: (response) => driftedAnswer(response, answers.edit, request.path) };
  }

  function driftedAnswer(response: VenueResponse, edit: (value: Json) => Json, path: string): VenueResponse {
    const body = editedText(response.body, edit);
    return body !== response.body && site.strike(path) ? { ...response, body } : response;
  }
}

function nonsense(value: string, where: 'everywhere' | 'answers' | 'streams', site: FaultSite): FaultHooks {
  const spoil = (text: string): string => text.replace(PRICE_FIELDS, `"$1":"${value}"`);
  return {
    onPush: (push) => {
      const text = where === 'answers' ? push.text : spoil(push.text);
      return text !== push.text && site.strike(push.topic) ? [{ text, afterMs: 0 }] : null;
    },
    onRequest: ({ path }) => {
      if (where === 'streams' || !path.startsWith('/v5/market/') || !site.strike(path)) return null;
      return { reply: (response) => ({ ...response, body: spoil(response.body) }) };
    },
  };
}

/** A text that is no JSON object stays as it is. */
function editedText(text: string, edit: (value: Json) => Json): string {
  try {
    const read = jsonObject.safeParse(JSON.parse(text));
    return read.success ? JSON.stringify(edit(read.data)) : text;
  } catch {
    return text;
  }
}
