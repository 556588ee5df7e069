/**
 * What a refusal means for the request that met it.
 * - `definite`: refused for good; sending the same again is refused again.
 * - `ambiguous`: it may have been carried out; look before anything else.
 * - `busy`: the exchange could not take it now; a read may be repeated, a write counts as ambiguous.
 * - `clock`: refused because of its timestamp; measure the clock, then a read may be repeated.
 * - `rate`: refused before it was looked at; only protective requests until the limit resets.
 * - `ban`: the address is shut out; nothing may be sent for ten minutes.
 * - `key`: the key or account may not do this; a person must act.
 */
export type Reaction = 'definite' | 'ambiguous' | 'busy' | 'clock' | 'rate' | 'ban' | 'key';

/** Writes whose target state some codes state to be reached already. */
export type LevelWrite = 'cancel' | 'set-stop' | 'set-leverage' | 'one-way';

/** A repeated client order id: proof that an order with it exists. */
export const DUPLICATE_ORDER_ID_CODE = 110072;

const PARAMETER_CODE = '10001';
/** No such path, no such request on it, no such path without an envelope. */
const UNSUPPORTED_CODES: readonly string[] = ['10017', '10404', 'http-404'];

/**
 * Codes of Bybit v5 by reaction.
 * @see https://bybit-exchange.github.io/docs/v5/error
 */
const CODES: Readonly<Record<Exclude<Reaction, 'ban'>, readonly number[]>> = {
  clock: [10002, -1],
  rate: [10006, 10018, 10429, 20003],
  busy: [10016, 10019, 110079, 110114, 3400214],
  ambiguous: [10000],
  key: [
    -2015, 10003, 10004, 10005, 10007, 10008, 10009, 10010, 10024, 10027, 10028, 33004, 100028, 110067,
    110069, 110088, 110123, 110124, 110125, 110132, 3100197,
  ],
  definite: [
    10001, 10014, 10017, 10029, 10404, 30133, 30134, 30135, 30208, 30209, 30228, 30256, 34040, 40004, 110001,
    110003, 110004, 110005, 110006, 110007, 110008, 110009, 110010, 110011, 110012, 110013, 110014, 110015,
    110017, 110018, 110019, 110020, 110021, 110022, 110023, 110024, 110025, 110026, 110027, 110028, 110029,
    110031, 110032, 110033, 110034, 110035, 110036, 110037, 110038, 110039, 110040, 110041, 110042, 110043,
    110044, 110045, 110046, 110047, 110048, 110049, 110050, 110051, 110052, 110053, 110054, 110055, 110056,
    110057, 110058, 110059, 110060, 110061, 110063, 110064, 110066, 110068, 110070, 110072, 110073, 110074,
    110076, 110077, 110078, 110080, 110085, 110086, 110087, 110089, 110090, 110092, 110093, 110094, 110095,
    110096, 110097, 110098, 110099, 110100, 110101, 110102, 110103, 110108, 110109, 110118, 110120, 110121,
    110131, 170346, 3200403, 3400139,
  ],
};

const DONE_CODES: Readonly<Record<LevelWrite, readonly number[]>> = {
  cancel: [110001, 110008, 110010],
  'set-stop': [34040],
  'set-leverage': [110043],
  'one-way': [110025],
};

const REACTION_BY_CODE = reactionByCode();

/** The reaction to a code in an answer's envelope. A code nobody classified is ambiguous. */
export function reactionToCode(code: number): Reaction {
  return REACTION_BY_CODE.get(code) ?? 'ambiguous';
}

/** The reaction to an HTTP status that carries no usable envelope; null for 200. */
export function reactionToStatus(status: number): Reaction | null {
  if (status === 200) return null;
  if (status === 401) return 'key';
  if (status === 403) return 'ban';
  if (status === 429) return 'rate';
  return status === 400 || status === 404 ? 'definite' : 'ambiguous';
}

/** Whether the refusal says that what was asked for is so already. */
export function isDone(write: LevelWrite, code: number): boolean {
  return DONE_CODES[write].includes(code);
}

/** Whether a request was turned away before anybody looked at what it asks for: that may be taken the next time. */
export function isUnread(reaction: Reaction): boolean {
  return reaction === 'rate' || reaction === 'ban' || reaction === 'clock';
}

/**
 * Whether a refusal is about the kind of request or its address instead of what it asks for. Bybit tells both by
 * 10001, so its words have to do: those of the wrong kind say that something is not supported.
 */
export function isUnsupported(code: string, detail: string): boolean {
  if (code === PARAMETER_CODE) return /not support|unsupported|deprecated|no longer/i.test(detail);
  return UNSUPPORTED_CODES.includes(code);
}

function reactionByCode(): ReadonlyMap<number, Reaction> {
  const map = new Map<number, Reaction>();
  const reactions: readonly Exclude<Reaction, 'ban'>[] = [
    'clock',
    'rate',
    'busy',
    'ambiguous',
    'key',
    'definite',
  ];
  for (const reaction of reactions) for (const code of CODES[reaction]) map.set(code, reaction);
  return map;
}
