import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { BotsApi } from './bots-api.ts';
import { SECURITY_HEADERS } from './security-headers.ts';

/** The scan table in one encoding: what `writeHead` and `end` take. */
export interface EncodedBody {
  readonly head: string[];
  readonly bytes: Buffer;
}

/** The scan table of one version of the data. */
export interface CoinListVersion {
  /** Weak, because the plain and the compressed form are the same table. */
  readonly etag: string;
  /** Head of the answer to a client that has this version. */
  readonly unchangedHead: string[];
  readonly plain: EncodedBody;
  /** Compressed once, on the first call, off the event loop, which also trades. */
  zipped(): EncodedBody | Promise<EncodedBody>;
}

/**
 * `no-cache` where everything else is `no-store`: a browser that may not store an answer never asks for it
 * conditionally.
 */
export const LIST_HEADERS = {
  ...SECURITY_HEADERS,
  'cache-control': 'private, no-cache',
  vary: 'accept-encoding',
};

const gzipAsync = promisify(gzip);

/** The scan table as bytes: built once for each version of the data however many ask, and only when somebody asks. */
export class CoinListBody {
  private readonly api: Pick<BotsApi, 'coins' | 'coinsVersion'>;
  private readonly run: string;
  private built: { readonly number: number; readonly version: CoinListVersion } | null = null;

  /** `run` tells this process from the one before a restart, whose versions count from zero too. */
  constructor(api: Pick<BotsApi, 'coins' | 'coinsVersion'>, run: string) {
    this.api = api;
    this.run = run;
  }

  current(): CoinListVersion {
    const number = this.api.coinsVersion();
    if (this.built?.number !== number) this.built = { number, version: this.build(number) };
    return this.built.version;
  }

  private build(number: number): CoinListVersion {
    const etag = `W/"${this.run}-${number}"`;
    const headers = { ...LIST_HEADERS, etag };
    const bytes = Buffer.from(JSON.stringify(this.api.coins()));
    let zipped: EncodedBody | Promise<EncodedBody> | null = null;
    const compress = async (): Promise<EncodedBody> => {
      zipped = encoded({ ...headers, 'content-encoding': 'gzip' }, await gzipAsync(bytes));
      return zipped;
    };
    return {
      etag,
      unchangedHead: Object.entries(headers).flat(),
      plain: encoded(headers, bytes),
      zipped: () => {
        zipped ??= compress();
        return zipped;
      },
    };
  }
}

function encoded(headers: Readonly<Record<string, string>>, bytes: Buffer): EncodedBody {
  const own = { 'content-type': 'application/json; charset=utf-8', 'content-length': String(bytes.length) };
  return { head: Object.entries({ ...headers, ...own }).flat(), bytes };
}

/** Whether the client takes gzip. @see https://www.rfc-editor.org/rfc/rfc9110#name-accept-encoding */
export function acceptsGzip(acceptEncoding: string | undefined): boolean {
  return acceptEncoding !== undefined && TAKES_GZIP.test(acceptEncoding);
}

/** `gzip` or `*` as one of the names, unless its weight is zero. */
const TAKES_GZIP = /(?:^|,)\s*(?:gzip|\*)\s*(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))(?:[;,]|$)/i;

/** Whether the client's copy is the current one; weak comparison, lists and `*` included. */
export function matchesEtag(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch === etag || ifNoneMatch.trim() === '*') return true;
  return ifNoneMatch.split(',').some((part) => part.trim().replace(/^W\//, '') === etag.replace(/^W\//, ''));
}
