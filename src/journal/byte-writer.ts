import { crc32 } from 'node:zlib';
import { mixed, mixedByte, START_MIX } from './mix.ts';

const ROOM_START = 64 * 1024;
/** Varints of whole numbers below this go by bit operations. */
const SMALL_MAX = 0x4000_0000;

/**
 * Bytes of records one after the other, in memory that is kept and grows. Everything written is mixed into a running
 * sum as well, of which each record ends with a byte: that is what names the one record that does not fit.
 */
export class ByteWriter {
  private bytes = Buffer.allocUnsafe(ROOM_START);
  private at = 0;
  private mix = START_MIX;

  /** Bytes written since the last `take`. */
  get length(): number {
    return this.at;
  }

  byte(value: number): void {
    if (this.at >= this.bytes.length) this.grow(1);
    this.mix = mixed(this.mix, value);
    this.bytes[this.at++] = value;
  }

  /** A whole number from 0 to 2^53, seven bits a byte, lowest first. */
  varint(value: number): void {
    if (this.at + 8 > this.bytes.length) this.grow(8);
    const { bytes } = this;
    let rest = value;
    this.mix = mixed(this.mix, rest | 0);
    if (value >= SMALL_MAX) this.mix = mixed(this.mix, Math.floor(value / SMALL_MAX));
    while (rest >= SMALL_MAX) {
      bytes[this.at++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    while (rest >= 0x80) {
      bytes[this.at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    bytes[this.at++] = rest;
  }

  /** Any number, bit by bit. */
  float64(value: number): void {
    if (this.at + 8 > this.bytes.length) this.grow(8);
    this.bytes.writeDoubleLE(value, this.at);
    this.mix = mixed(this.mix, this.bytes.readInt32LE(this.at));
    this.mix = mixed(this.mix, this.bytes.readInt32LE(this.at + 4));
    this.at += 8;
  }

  text(value: string): void {
    const size = Buffer.byteLength(value);
    this.varint(size);
    if (this.at + size > this.bytes.length) this.grow(size);
    this.bytes.write(value, this.at, size, 'utf8');
    this.mix = mixed(this.mix, crc32(this.bytes.subarray(this.at, this.at + size)) | 0);
    this.at += size;
  }

  /** Ends a record. */
  endRecord(): void {
    if (this.at >= this.bytes.length) this.grow(1);
    this.bytes[this.at++] = mixedByte(this.mix);
  }

  /** What was written since the last `take`, a copy; the sum starts anew. */
  take(): Buffer {
    const taken = Buffer.from(this.bytes.subarray(0, this.at));
    this.at = 0;
    this.mix = START_MIX;
    return taken;
  }

  private grow(size: number): void {
    const wider = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.at + size));
    this.bytes.copy(wider, 0, 0, this.at);
    this.bytes = wider;
  }
}
