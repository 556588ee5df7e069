import { createCipheriv, createDecipheriv, createHash, createHmac, scrypt } from 'node:crypto';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { z } from 'zod';
import { err, ok, type Result } from '../core/base/result.ts';
import { equalSecret, secureHex } from './random.ts';

/**
 * A file that only a passphrase opens, format 1:
 *
 *     8 bytes   "INFOBOTB"
 *     4 bytes   length of the header, big-endian
 *     header    JSON, UTF-8: `sealHeaderSchema`
 *     chunks    AES-256-GCM of `chunkBytes` of content each, the last one shorter, each followed by its 16-byte tag
 *
 * Nonce of a chunk: the header's 7 bytes, its number (4 bytes, big-endian), 1 for the last chunk and else 0. All before the
 * first chunk is authenticated with every chunk: nothing can be changed, left out, put elsewhere or cut off unnoticed. The
 * key is scrypt's, of passphrase and salt; a second one says whether the passphrase is the right one.
 */
const MAGIC = Buffer.from('INFOBOTB');
const CHUNK_BYTES = 1024 * 1024;
const TAG_BYTES = 16;
const KEY_BYTES = 32;
const HEADER_BYTES_MAX = 16 * 1024;
/** 128 MiB and half a second for each passphrase that is tried. */
const COST_LOG2 = 17;
const COST_LOG2_MAX = 20;
const BLOCK_SIZE = 8;

const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`));
const whole = z.number().int().nonnegative();

const sealHeaderSchema = z.strictObject({
  format: z.literal(1),
  cipher: z.literal('aes-256-gcm'),
  chunkBytes: whole.min(1).max(16 * CHUNK_BYTES),
  nonce: hex(7),
  key: z.strictObject({
    derivation: z.literal('scrypt'),
    costLog2: whole.min(1).max(COST_LOG2_MAX),
    blockSize: z.literal(BLOCK_SIZE),
    salt: hex(16),
    check: hex(32),
  }),
  /** Of the content, which is verified against both. */
  bytes: whole,
  sha256: hex(32),
  /** What whoever sealed it says about it; readable without the passphrase, and authenticated by it. */
  facts: z.record(z.string(), z.union([z.string(), z.number()])),
});

/** Everything about a sealed file that can be read without its passphrase. */
export type SealHeader = z.infer<typeof sealHeaderSchema>;

interface Opened {
  readonly header: SealHeader;
  /** Everything before the first chunk. */
  readonly head: Buffer;
}

/** Writes the content of `from` sealed to `to`, which must not be there, and flushes it. Rejects with the system's error. */
export async function sealFile(
  from: string,
  to: string,
  terms: {
    readonly passphrase: string;
    readonly facts: SealHeader['facts'];
    /** What each guess at the passphrase costs. */
    readonly costLog2?: number;
  },
): Promise<SealHeader> {
  const salt = secureHex(16);
  const costLog2 = terms.costLog2 ?? COST_LOG2;
  const keys = await deriveKeys(terms.passphrase, salt, costLog2);
  const header: SealHeader = {
    format: 1,
    cipher: 'aes-256-gcm',
    chunkBytes: CHUNK_BYTES,
    nonce: secureHex(7),
    key: { derivation: 'scrypt', costLog2, blockSize: BLOCK_SIZE, salt, check: keys.check },
    bytes: (await stat(from)).size,
    sha256: await sha256OfFile(from),
    facts: terms.facts,
  };
  const head = headOf(header);
  await withFiles(from, to, async (source, target) => {
    await target.writeFile(head);
    let number = 0;
    for await (const { chunk, isLast } of chunksOf(source, header.bytes, CHUNK_BYTES)) {
      const cipher = createCipheriv('aes-256-gcm', keys.content, nonceOf(header, number, isLast));
      cipher.setAAD(head);
      await target.writeFile(Buffer.concat([cipher.update(chunk), cipher.final(), cipher.getAuthTag()]));
      number += 1;
    }
  });
  return header;
}

/** The header of a sealed file; not yet authenticated. The error is a sentence that names the file. */
export async function readSealHeader(path: string): Promise<Result<SealHeader, string>> {
  const opened = await readHead(path);
  return opened.ok ? ok(opened.value.header) : opened;
}

/**
 * Writes the content of a sealed file to `to`, which must not be there. The error is a sentence that names the file: what
 * was written by then is worth nothing. Rejects when the system fails.
 */
export async function unsealFile(
  from: string,
  to: string,
  passphrase: string,
): Promise<Result<SealHeader, string>> {
  const opened = await readHead(from);
  if (!opened.ok) return opened;
  const { header, head } = opened.value;
  const keys = await deriveKeys(passphrase, header.key.salt, header.key.costLog2);
  if (!equalSecret(keys.check, header.key.check)) {
    return err(`The passphrase does not open ${from}, or its head is damaged. Nothing was changed.`);
  }
  const sealedBytes = (await stat(from)).size - head.length;
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    await withFiles(from, to, async (source, target) => {
      await source.read(Buffer.alloc(head.length), 0, head.length, null);
      let number = 0;
      for await (const { chunk, isLast } of chunksOf(source, sealedBytes, header.chunkBytes + TAG_BYTES)) {
        const content = openChunk(chunk, { keys, header, head, number, isLast });
        hash.update(content);
        bytes += content.length;
        await target.writeFile(content);
        number += 1;
      }
    });
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) throw error;
    return err(damaged(from));
  }
  return bytes === header.bytes && hash.digest('hex') === header.sha256 ? ok(header) : err(damaged(from));
}

function damaged(path: string): string {
  return `${path} is damaged: it is not what was written when it was made. Nothing was changed; take another backup.`;
}

function headOf(header: SealHeader): Buffer {
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(json.length);
  return Buffer.concat([MAGIC, length, json]);
}

async function readHead(path: string): Promise<Result<Opened, string>> {
  const file = await open(path, 'r').catch((error: Error) => error);
  if (file instanceof Error) return err(`${path} cannot be read: ${file.message}.`);
  try {
    if ((await file.stat()).isDirectory()) return err(`${path} is a folder, no backup: name a file in it.`);
    const start = Buffer.alloc(MAGIC.length + 4 + HEADER_BYTES_MAX);
    const { bytesRead } = await file.read(start, 0, start.length, 0);
    const length = bytesRead < MAGIC.length + 4 ? 0 : start.readUInt32BE(MAGIC.length);
    const end = MAGIC.length + 4 + length;
    if (!start.subarray(0, MAGIC.length).equals(MAGIC)) return err(`${path} is no backup of InfoBot.`);
    if (end > bytesRead) return err(damaged(path));
    return parseHead(path, Buffer.from(start.subarray(0, end)));
  } finally {
    await file.close();
  }
}

function parseHead(path: string, head: Buffer): Result<Opened, string> {
  let value: unknown;
  try {
    value = JSON.parse(head.subarray(MAGIC.length + 4).toString('utf8'));
  } catch {
    // Not what was written: said below.
    return err(damaged(path));
  }
  const parsed = sealHeaderSchema.safeParse(value);
  if (parsed.success) return ok({ header: parsed.data, head });
  const { format } = z.object({ format: z.number() }).safeParse(value).data ?? { format: 1 };
  return err(
    format === 1
      ? damaged(path)
      : `${path} has format ${format}, this version knows 1: take the InfoBot that wrote it.`,
  );
}

function openChunk(
  sealed: Buffer,
  terms: {
    readonly keys: { readonly content: Buffer };
    readonly header: SealHeader;
    readonly head: Buffer;
    readonly number: number;
    readonly isLast: boolean;
  },
): Buffer {
  const nonce = nonceOf(terms.header, terms.number, terms.isLast);
  const options = { authTagLength: TAG_BYTES };
  const decipher = createDecipheriv('aes-256-gcm', terms.keys.content, nonce, options);
  decipher.setAAD(terms.head);
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  return Buffer.concat([decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES)), decipher.final()]);
}

function nonceOf(header: SealHeader, number: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.write(header.nonce, 'hex');
  nonce.writeUInt32BE(number, 7);
  nonce.writeUInt8(isLast ? 1 : 0, 11);
  return nonce;
}

/** Both keys come from one derivation; the check says nothing about the other. */
function deriveKeys(
  passphrase: string,
  salt: string,
  costLog2: number,
): Promise<{ readonly content: Buffer; readonly check: string }> {
  const cost = 2 ** costLog2;
  const terms = { N: cost, r: BLOCK_SIZE, p: 1, maxmem: 256 * cost * BLOCK_SIZE };
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFC'), Buffer.from(salt, 'hex'), 2 * KEY_BYTES, terms, (error, both) => {
      if (error !== null) return reject(error);
      const check = createHmac('sha256', both.subarray(KEY_BYTES)).update('check').digest('hex');
      resolve({ content: both.subarray(0, KEY_BYTES), check });
    });
  });
}

async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(path, 'r');
  try {
    for await (const { chunk } of chunksOf(file, (await file.stat()).size, CHUNK_BYTES)) hash.update(chunk);
  } finally {
    await file.close();
  }
  return hash.digest('hex');
}

/** From where the file stands; an empty one is one empty chunk. */
async function* chunksOf(
  file: FileHandle,
  bytes: number,
  chunkBytes: number,
): AsyncGenerator<{ readonly chunk: Buffer; readonly isLast: boolean }> {
  for (let left = bytes; ; left -= chunkBytes) {
    const wanted = Math.min(left, chunkBytes);
    const chunk = Buffer.alloc(wanted);
    let read = 0;
    while (read < wanted) {
      const { bytesRead } = await file.read(chunk, read, wanted - read, null);
      if (bytesRead === 0) throw new Error('The file was cut off while it was read.');
      read += bytesRead;
    }
    const isLast = left <= chunkBytes;
    yield { chunk, isLast };
    if (isLast) return;
  }
}

async function withFiles(
  from: string,
  to: string,
  work: (source: FileHandle, target: FileHandle) => Promise<void>,
): Promise<void> {
  const source = await open(from, 'r');
  try {
    const target = await open(to, 'wx', 0o600);
    try {
      await work(source, target);
      await target.sync();
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}
