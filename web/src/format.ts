/** Numbers and times as text. `NONE` stands where there is no value: never a zero that was not measured. */
export const NONE = '–';

const MINUS = '−';

const integers = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const dayAndClock = new Intl.DateTimeFormat('en-GB', {
  day: '2-digit',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

/** A price with five significant digits, thousands grouped. */
export function price(value: number | null): string {
  if (value === null) return NONE;
  return grouped(value, priceDigits(value));
}

/** Exact decimal text from the server as a price: digits are grouped, none is dropped. */
export function exactPrice(text: string | null): string {
  if (text === null) return NONE;
  const [whole = '', fraction] = text.split('.');
  const groups = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? groups : `${groups}.${fraction}`;
}

/** Exact decimal text of what may be a mean of several fills: exact while it is short, else two digits finer than a price. */
export function meanPrice(text: string | null): string {
  if (text === null) return NONE;
  const value = Number(text);
  const digits = priceDigits(value) + 2;
  return (text.split('.')[1] ?? '').length <= digits ? exactPrice(text) : grouped(value, digits);
}

/** Percent with its sign; from 100 on with one digit behind the point, so that a column keeps its width. */
export function signedPct(value: number | null): string {
  return value === null ? NONE : `${signed(value, Math.abs(value) < 99.995 ? 2 : 1)}%`;
}

/** 1, 0 or -1 of a figure as it is shown with two digits: what reads as zero is not coloured. */
export function shownSign(value: number | null): number {
  return value === null || Math.abs(value) < 0.005 ? 0 : Math.sign(value);
}

/** Money with its sign and cents. */
export function signedMoney(value: number | null): string {
  return value === null ? NONE : signed(value, 2);
}

/** Money with cents. */
export function money(value: number | null): string {
  return value === null ? NONE : grouped(value, 2);
}

/** Turnover and the like: 1.24B, 83.1M, 410K. */
export function compact(value: number | null): string {
  if (value === null) return NONE;
  if (value >= 1e9) return `${(value / 1e9).toFixed(2)}B`;
  if (value >= 1e6) return `${(value / 1e6).toFixed(1)}M`;
  if (value >= 1e3) return `${(value / 1e3).toFixed(0)}K`;
  return value.toFixed(0);
}

export function rsi(value: number | null): string {
  return value === null ? NONE : value.toFixed(1);
}

export function count(value: number): string {
  return integers.format(value);
}

/** A figure of a verdict: from a million on short, whole numbers plain, others with at most four digits behind the point. */
export function figure(value: number | string | null): string {
  if (value === null) return NONE;
  if (typeof value === 'string') return value === '' ? NONE : value;
  if (Math.abs(value) >= 1e6) return `${value < 0 ? MINUS : ''}${compact(Math.abs(value))}`;
  if (Number.isInteger(value)) return grouped(value, 0);
  return grouped(value, figureDigits(value)).replace(/0+$/, '').replace(/\.$/, '');
}

/** A span as people say it: 4 s, 12 m, 3 h 05 m, 2 d 04 h. */
export function age(spanMs: number): string {
  const seconds = Math.max(0, Math.floor(spanMs / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} m ${pad(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${pad(minutes % 60)} m`;
  return `${Math.floor(hours / 24)} d ${pad(hours % 24)} h`;
}

/** Time of day here, with the day when it is not today's. */
export function timeOfDay(timeMs: number, nowMs: number): string {
  const sameDay = new Date(timeMs).toDateString() === new Date(nowMs).toDateString();
  return (sameDay ? clock : dayAndClock).format(timeMs);
}

/** Full date and time here, for titles and records. */
export function dateAndTime(timeMs: number): string {
  return dayAndClock.format(timeMs);
}

function signed(value: number, digits: number): string {
  const text = grouped(Math.abs(value), digits);
  if (Number(Math.abs(value).toFixed(digits)) === 0) return text;
  return `${value > 0 ? '+' : MINUS}${text}`;
}

function grouped(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  const [whole = '', fraction] = text.split('.');
  const groups = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const sign = value < 0 && Number(text) !== 0 ? MINUS : '';
  return fraction === undefined ? `${sign}${groups}` : `${sign}${groups}.${fraction}`;
}

/** Five significant digits, two behind the point at least, ten at most. */
function priceDigits(value: number): number {
  if (value === 0) return 2;
  const magnitude = Math.floor(Math.log10(Math.abs(value)));
  return Math.min(10, Math.max(2, 4 - magnitude));
}

function figureDigits(value: number): number {
  return Math.abs(value) >= 100 ? 1 : Math.min(8, Math.max(2, 3 - Math.floor(Math.log10(Math.abs(value)))));
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
