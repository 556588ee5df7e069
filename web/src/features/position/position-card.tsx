import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import type { PositionRow } from '../../../../src/api/position.ts';
import { age, exactPrice, meanPrice, NONE, price, shownSign, signedMoney, signedPct } from '../../format.ts';
import { useCell } from '../../live/cell.ts';
import { useMayTrade, usePage } from '../../page-context.ts';
import { exitText } from '../decision/code-text.ts';
import { CoinName } from '../scan/coin-name.tsx';
import { POSITION_TEXT as TEXT } from './text.ts';

interface PositionCardProps {
  readonly position: PositionRow;
  readonly onClose: (position: PositionRow) => void;
}

/** One position of ours with both words on its stop: where we want it, and where the exchange says it rests. */
export function PositionCard({ position, onClose }: PositionCardProps) {
  const { openCoin } = usePage();
  const { symbol, direction, state } = position;
  return (
    <article className="position" data-direction={direction}>
      <div className="position-head">
        <button type="button" className="link-button" onClick={() => openCoin(symbol)}>
          <CoinName symbol={symbol} />
        </button>
        <span className="tag" data-direction={direction}>
          {TEXT.direction[direction]} {position.leverage}×
        </span>
        <State position={position} />
        <Doubt position={position} />
        <span className="position-pnl live-figure" data-sign={shownSign(position.pnlUsdt)}>
          <b>{signedMoney(position.pnlUsdt)}</b> {signedPct(position.pnlPct)}
        </span>
      </div>
      <div className="position-body">
        <dl className="position-facts">
          <Fact name={TEXT.entry}>
            <span title={position.entryPrice ?? undefined}>{meanPrice(position.entryPrice)}</span>
          </Fact>
          <Fact name={TEXT.price}>
            <span className="live-figure">{price(position.price)}</span>
          </Fact>
          <Fact name={TEXT.age}>
            <Age sinceMs={position.openedMs} />
          </Fact>
          <Fact name={TEXT.stop[position.stopKind]}>{exactPrice(position.stopPrice)}</Fact>
          <Fact name={TEXT.stopAtExchange}>
            <ExchangeStop position={position} />
          </Fact>
          <Fact name={TEXT.takeProfit}>{exactPrice(position.takeProfitPrice)}</Fact>
          {position.ladder === null ? null : <Fact name={TEXT.ladder}>{ladderText(position.ladder)}</Fact>}
        </dl>
        <CloseButton symbol={symbol} isClosing={state === 'closing'} onClick={() => onClose(position)} />
      </div>
    </article>
  );
}

function State({ position }: { readonly position: PositionRow }) {
  if (position.state === 'open') return null;
  const reason = position.closingReason === null ? '' : `: ${exitText(position.closingReason)}`;
  return (
    <span className="position-state">
      {TEXT.state[position.state]}
      {reason}
    </span>
  );
}

/** Beside the state: a position may be in doubt whatever becomes of it. */
function Doubt({ position: { symbol, quantity, doubt } }: { readonly position: PositionRow }) {
  if (doubt === null) return null;
  return (
    <span className="position-state" title={TEXT.doubtLong(symbol, quantity, doubt.listedQuantity)}>
      {TEXT.doubt}
    </span>
  );
}

/** How many of the orders of an entry have filled, and whether the rest is still wanted. */
function ladderText({ rungs, ending }: NonNullable<PositionRow['ladder']>): string {
  const filled = rungs.filter(({ state }) => state === 'filled').length;
  return TEXT.rungs(filled, rungs.length, ending !== null);
}

function ExchangeStop({ position }: { readonly position: PositionRow }) {
  const nowMs = useCell(usePage().live.serverTimeMs);
  const { exchangeStopPrice, stopConfirmedMs } = position;
  if (exchangeStopPrice === null) {
    const isExpected = position.state === 'open';
    return (
      <span className="exchange-stop" data-missing={isExpected} title={TEXT.noStopLong}>
        {isExpected ? TEXT.noStop : NONE}
      </span>
    );
  }
  const note =
    stopConfirmedMs === null
      ? TEXT.neverConfirmed
      : TEXT.confirmed(age(Math.max(0, nowMs - stopConfirmedMs)));
  return (
    <span className="exchange-stop" data-confirmed={stopConfirmedMs !== null} title={note}>
      {exactPrice(exchangeStopPrice)}
    </span>
  );
}

function Age({ sinceMs }: { readonly sinceMs: number }) {
  const nowMs = useCell(usePage().live.serverTimeMs);
  return nowMs === 0 ? NONE : age(nowMs - sinceMs);
}

interface CloseButtonProps {
  readonly symbol: string;
  readonly isClosing: boolean;
  readonly onClick: () => void;
}

function CloseButton({ symbol, isClosing, onClick }: CloseButtonProps) {
  const mayTrade = useMayTrade();
  return (
    <Button
      size="compact-xs"
      variant="default"
      className="position-close"
      aria-label={TEXT.closeLabel(symbol)}
      disabled={!mayTrade || isClosing}
      onClick={onClick}
    >
      {TEXT.close}
    </Button>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
