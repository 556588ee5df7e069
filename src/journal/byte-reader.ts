import { crc32 } from 'node:zlib';
import { assert } from '../core/base/assert.ts';
import { mixed, mixedByte, START_MIX } from './mix.ts';

const SMALL_MAX = 0x4000_0000;
/** Seven bits a byte: more bytes than this hold no number that is exact. */
const VARINT_BYTES_MAX = 8;

/** Reads what a `ByteWriter` wrote, and throws where it cannot have written that. */
export class ByteReader {
  private readonly bytes: Buffer;
  private mix = START_MIX;
  private place = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  /** Bytes read so far. */
  get at(): number {
    return this.place;
  }

  get isAtEnd(): boolean {
    return this.place >= this.bytes.length;
  }

  byte(): number {
    const value = this.bytes.readUInt8(this.place);
    this.place += 1;
    this.mix = mixed(this.mix, value);
    return value;
  }

  varint(): number {
    let value = 0;
    let weight = 1;
    for (let count = 0; ; count += 1) {
      assert(count < VARINT_BYTES_MAX, 'A number has at most 8 bytes.');
      const byte = this.bytes.readUInt8(this.place++);
      value += (byte & 0x7f) * weight;
      weight *= 128;
      if (byte < 0x80) break;
    }
    this.mix = mixed(this.mix, value | 0);
    if (value >= SMALL_MAX) this.mix = mixed(this.mix, Math.floor(value / SMALL_MAX));
    return value;
  }

  float64(): number {
    const value = this.bytes.readDoubleLE(this.place);
    this.mix = mixed(this.mix, this.bytes.readInt32LE(this.place));
    this.mix = mixed(this.mix, this.bytes.readInt32LE(this.place + 4));
    this.place += 8;
    return value;
  }

  text(): string {
    const size = this.varint();
    assert(this.place + size <= this.bytes.length, 'A text ends within its block.');
    const part = this.bytes.subarray(this.place, this.place + size);
    this.mix = mixed(this.mix, crc32(part) | 0);
    this.place += size;
    return part.toString('utf8');
  }

  /** Throws unless the record that ends here is the one that was written. */
  endRecord(): void {
    const sum = this.bytes.readUInt8(this.place);
    this.place += 1;
    assert(sum === mixedByte(this.mix), 'A record fits its sum.');
  }
}
