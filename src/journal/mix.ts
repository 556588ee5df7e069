/** Where the running sum of a block begins. */
export const START_MIX = 0x811c_9dc5 | 0;

/** The sum after one more number of 32 bits. @see http://www.isthe.com/chongo/tech/comp/fnv/ (FNV-1a, by whole numbers) */
export function mixed(sum: number, value: number): number {
  return Math.imul(sum ^ value, 0x0100_0193);
}

/** All four bytes of a sum in one: the low byte alone knows nothing of the high bits that went in. */
export function mixedByte(sum: number): number {
  return (sum ^ (sum >>> 8) ^ (sum >>> 16) ^ (sum >>> 24)) & 0xff;
}
