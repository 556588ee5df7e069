import { Alert, Drawer } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { CoinRow, DecisionView } from '../../../../src/api/coin.ts';
import type { SignalReadingsView } from '../../../../src/api/signal-readings.ts';
import { browserTimeMs, isPersonHere } from '../../browser.ts';
import { age, dateAndTime, figure, NONE, price, rsi, signedPct, timeOfDay } from '../../format.ts';
import { useCoinRow } from '../../live/coin-rows.ts';
import { usePage } from '../../page-context.ts';
import { SCAN_TEXT } from '../scan/text.ts';
import { CoinChart } from './coin-chart.tsx';
import { decisionWords, reasonWords } from './decision-words.ts';
import { signalFacts } from './signal-facts.ts';
import { DECISION_TEXT as TEXT } from './text.ts';
import { VerdictTable } from './verdict-table.tsx';
import './decision.css';

/** How often an open drawer asks again, while somebody is at the page. */
const REFRESH_MS = 2000;

interface DecisionDrawerProps {
  /** Null: closed. */
  readonly symbol: string | null;
  readonly onClose: () => void;
}

/** Why the bot did or did not act on one coin, kept current while it is open. */
export function DecisionDrawer({ symbol, onClose }: DecisionDrawerProps) {
  return (
    <Drawer opened={symbol !== null} onClose={onClose} title={symbol} position="right" size={560}>
      {symbol !== null && <Decision symbol={symbol} />}
    </Drawer>
  );
}

function Decision({ symbol }: { readonly symbol: string }) {
  const { client, live } = usePage();
  const row = useCoinRow(live.rows, symbol);
  const query = useQuery({
    queryKey: ['decision', symbol],
    queryFn: () => client.decision(symbol),
    refetchInterval: () => (isPersonHere() ? REFRESH_MS : false),
  });
  return (
    <div className="decision">
      {row !== null && <LiveFacts row={row} />}
      {row !== null && <CoinChart row={row} />}
      {query.error !== null && (
        <Alert color="red" role="alert">
          {TEXT.failed}
          {query.error.message}
        </Alert>
      )}
      {query.isPending && <p role="status">{TEXT.loading}</p>}
      {query.data !== undefined && (
        <>
          <Now decision={query.data.now} />
          <History decisions={query.data.history} />
        </>
      )}
    </div>
  );
}

function LiveFacts({ row }: { readonly row: CoinRow }) {
  const facts: readonly Fact[] = [
    [TEXT.facts.price, price(row.price)],
    [TEXT.facts.change, signedPct(row.change24hPct)],
    [TEXT.facts.rsi, rsi(row.rsi)],
    [TEXT.facts.trend, row.trend === null ? NONE : SCAN_TEXT.trend[row.trend]],
  ];
  return <Facts facts={facts} className="facts-row live-figure" />;
}

function Now({ decision }: { readonly decision: DecisionView }) {
  const { signal } = decision;
  const facts: readonly Fact[] = [
    [TEXT.facts.candle, `${decision.timeframe}, ${dateAndTime(signal.candleOpenTimeMs)}`],
    [TEXT.facts.close, price(signal.close)],
    [TEXT.facts.signalRsi, rsi(signal.rsi)],
    [TEXT.facts.depth, signal.depth === null ? NONE : TEXT.points(figure(signal.depth))],
    [TEXT.facts.dataAge, decision.dataAgeMs === null ? NONE : age(decision.dataAgeMs)],
    [TEXT.facts.rank, figure(decision.rank)],
    [TEXT.facts.slots, figure(decision.slotsFree)],
  ];
  return (
    <section aria-label={TEXT.now}>
      <div className="outcome" data-outcome={decision.outcome}>
        <b>{TEXT.outcome[decision.outcome]}</b>
        <p>{decisionWords(decision)}</p>
        {decision.clientOrderId !== null && (
          <p className="dim">
            {TEXT.order} <code>{decision.clientOrderId}</code>
          </p>
        )}
      </div>
      <h3>{TEXT.verdicts}</h3>
      <VerdictTable verdicts={decision.verdicts} />
      {decision.signalReadings !== null && <AroundSignal readings={decision.signalReadings} />}
      {decision.refusal !== null && <Refusal refusal={decision.refusal} />}
      <Facts facts={facts} className="facts" />
    </section>
  );
}

function AroundSignal({ readings }: { readonly readings: SignalReadingsView }) {
  return (
    <>
      <h3>{TEXT.around.title}</h3>
      <Facts facts={signalFacts(readings)} className="facts" />
    </>
  );
}

function Refusal({ refusal }: { readonly refusal: NonNullable<DecisionView['refusal']> }) {
  const facts: readonly Fact[] = [
    [TEXT.columns.value, figure(refusal.value)],
    [TEXT.columns.threshold, figure(refusal.threshold)],
  ];
  return (
    <div className="refusal">
      <h3 title={refusal.code}>{TEXT.refused}</h3>
      <p>{refusal.detail}</p>
      {(refusal.value !== null || refusal.threshold !== null) && <Facts facts={facts} className="facts" />}
    </div>
  );
}

function History({ decisions }: { readonly decisions: readonly DecisionView[] }) {
  const nowMs = browserTimeMs();
  return (
    <section aria-label={TEXT.history}>
      <h3>{TEXT.history}</h3>
      {decisions.length === 0 && <p className="empty">{TEXT.noHistory}</p>}
      <ol className="decision-history">
        {decisions.map((decision) => (
          <li key={`${decision.timeMs} ${decision.outcome}`}>
            <time title={dateAndTime(decision.timeMs)}>{timeOfDay(decision.timeMs, nowMs)}</time>
            <b data-outcome={decision.outcome}>{TEXT.outcome[decision.outcome]}</b>
            <span>{reasonWords(decision)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

type Fact = readonly [name: string, value: string];

function Facts({ facts, className }: { readonly facts: readonly Fact[]; readonly className: string }) {
  return (
    <dl className={className}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
