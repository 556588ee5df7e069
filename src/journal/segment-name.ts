/** What the name of a segment's file tells. */
export interface SegmentName {
  /** Within the folder. */
  readonly file: string;
  readonly segment: number;
  readonly startedMs: number;
  /** True: it has ended and is compressed. */
  readonly packed: boolean;
}

const NAME = /^(\d{8})_(\d{4}-\d{2}-\d{2}T)(\d{2})-(\d{2})-(\d{2}\.\d{3}Z)\.journal(\.zst)?$/;
const PACKED = '.zst';

/** `00000012_2026-11-23T19-20-00.000Z.journal`: in order of their names they are in the order they were written. */
export function segmentFile(segment: number, startedMs: number): string {
  const time = new Date(startedMs).toISOString().replaceAll(':', '-');
  return `${String(segment).padStart(8, '0')}_${time}.journal`;
}

/** Its name once it is compressed. */
export function packedFile(file: string): string {
  return `${file}${PACKED}`;
}

/** The segments among the files of a folder, in order; of one that is there in both forms, the compressed one. */
export function segmentsOf(files: readonly string[]): readonly SegmentName[] {
  const names = new Set(files);
  return files.toSorted().flatMap((file) => {
    const match = NAME.exec(file);
    if (match === null || names.has(packedFile(file))) return [];
    const [, number, day, hour, minute, second, packed] = match;
    const startedMs = Date.parse(`${day}${hour}:${minute}:${second}`);
    return [{ file, segment: Number(number), startedMs, packed: packed !== undefined }];
  });
}
