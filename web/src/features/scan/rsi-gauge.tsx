import { rsi as rsiText } from '../../format.ts';

/** Where the effective settings draw the lines; undefined until they are read, and then nothing is coloured. */
export interface RsiLimits {
  readonly longMax: number;
  readonly shortMin: number;
}

/** RSI as a number and as a mark between the two thresholds. */
export function RsiGauge({
  rsi,
  limits,
}: {
  readonly rsi: number | null;
  readonly limits: RsiLimits | undefined;
}) {
  return (
    <span className="rsi" data-zone={rsiZone(rsi, limits)}>
      <b>{rsiText(rsi)}</b>
      {rsi !== null && (
        <svg className="rsi-gauge" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
          <rect className="rsi-rail" y="3" width="100" height="4" />
          {limits !== undefined && (
            <>
              <rect className="rsi-long" y="3" width={limits.longMax} height="4" />
              <rect
                className="rsi-short"
                x={limits.shortMin}
                y="3"
                width={100 - limits.shortMin}
                height="4"
              />
            </>
          )}
          <rect className="rsi-mark" x={Math.min(95, Math.max(0, rsi - 2.5))} width="5" height="10" />
        </svg>
      )}
    </span>
  );
}

function rsiZone(rsi: number | null, limits: RsiLimits | undefined): 'long' | 'short' | 'middle' {
  if (rsi === null || limits === undefined) return 'middle';
  if (rsi <= limits.longMax) return 'long';
  return rsi >= limits.shortMin ? 'short' : 'middle';
}
