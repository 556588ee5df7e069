import type { DecisionView } from '../../../../src/api/coin.ts';
import { age, dateAndTime, figure, NONE } from '../../format.ts';
import { codeText, filterText } from './code-text.ts';
import { DECISION_TEXT as TEXT } from './text.ts';

type VerdictView = DecisionView['verdicts'][number];

/** From here on a figure in `ms` is a moment (the year 2001 or later), below a span. */
const MOMENT_MS_MIN = 1e12;

/** Every verdict of the chain with the numbers it was made of. */
export function VerdictTable({ verdicts }: { readonly verdicts: readonly VerdictView[] }) {
  if (verdicts.length === 0) return <p className="empty">{TEXT.noVerdicts}</p>;
  return (
    <table className="verdicts" aria-label={TEXT.verdicts}>
      <thead>
        <tr>
          <th scope="col">{TEXT.columns.filter}</th>
          <th scope="col">{TEXT.columns.verdict}</th>
          <th scope="col" className="number">
            {TEXT.columns.value}
          </th>
          <th scope="col" className="number">
            {TEXT.columns.threshold}
          </th>
          <th scope="col" className="number">
            {TEXT.columns.margin}
          </th>
          <th scope="col">{TEXT.columns.unit}</th>
        </tr>
      </thead>
      <tbody>
        {verdicts.map((verdict) => (
          <tr key={verdict.filter} data-kind={verdict.kind}>
            <th scope="row">
              {filterText(verdict.filter)}
              {verdict.kind !== 'pass' && <small title={verdict.code}>{codeText(verdict.code)}</small>}
            </th>
            <td>
              <span className="verdict" data-kind={verdict.kind}>
                {TEXT.kind[verdict.kind]}
              </span>
            </td>
            <Measure value={shownValue(verdict)} unit={verdict.unit} />
            <Measure value={verdict.threshold} unit={verdict.unit} />
            <td className="number">{margin(verdict)}</td>
            <td className="dim">{verdict.unit === 'ms' ? '' : verdict.unit}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Figures keep to one line; a value can also be a whole sentence, which may not push the others away. */
function Measure({ value, unit }: Pick<VerdictView, 'value' | 'unit'>) {
  return <td className={typeof value === 'string' ? 'words' : 'number'}>{measure(value, unit)}</td>;
}

/** A filter that was not run names the code of the one that blocks; people read its words. */
function shownValue({ code, value }: VerdictView): VerdictView['value'] {
  return code === 'filter.chain.not-evaluated' && typeof value === 'string' ? codeText(value) : value;
}

/** Spans and moments are told as such; everything else keeps its number. */
function measure(value: number | string | null, unit: string): string {
  if (unit !== 'ms' || typeof value !== 'number') return figure(value);
  if (value >= MOMENT_MS_MIN) return dateAndTime(value);
  return value < 0 ? `−${age(-value)}` : age(value);
}

function margin(verdict: VerdictView): string {
  if (verdict.margin === null) return NONE;
  const text = measure(verdict.margin, verdict.unit);
  return verdict.margin > 0 ? `+${text}` : text;
}
