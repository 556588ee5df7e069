/** What became of one thing in a file. `refused` keeps its whole file out; `ignored` says why it is not taken. */
export type LineKind = 'taken' | 'changed' | 'ignored' | 'refused';

/** One line of the report of an import. */
export interface ReportLine {
  readonly file: string;
  /** `scope`, `bots.BTC.leverage`, or `line 3` of a file that is no JSON; empty for the file as a whole. */
  readonly place: string;
  readonly kind: LineKind;
  readonly detail: string;
}

/** Lines of one file, noted as it is read. */
export class FileReport {
  readonly file: string;
  private noted: ReportLine[] = [];

  constructor(file: string) {
    this.file = file;
  }

  note(kind: LineKind, place: string, detail: string): void {
    this.noted.push({ file: this.file, place, kind, detail });
  }

  /** True when a line stands at a place. */
  has(place: string): boolean {
    return this.noted.some((line) => line.place === place);
  }

  isRefused(): boolean {
    return this.noted.some(({ kind }) => kind === 'refused');
  }

  /** A file is taken whole or not at all: what a refused one would have set is told as what it is, not taken. */
  lines(): readonly ReportLine[] {
    if (!this.isRefused()) return this.noted;
    return this.noted.map((line) =>
      line.kind === 'refused' || line.kind === 'ignored'
        ? line
        : { ...line, kind: 'ignored', detail: `not taken, its file is refused: ${line.detail}` },
    );
  }
}
