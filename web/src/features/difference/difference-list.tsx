import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { DifferenceView } from '../../../../src/api/reconciliation.ts';
import { age, dateAndTime } from '../../format.ts';
import { useCell } from '../../live/cell.ts';
import { useMayTrade, usePage } from '../../page-context.ts';
import { CoinName } from '../scan/coin-name.tsx';
import { type Offer, OfferDialog } from './offer-dialog.tsx';
import { DIFFERENCE_TEXT as TEXT } from './text.ts';
import './difference.css';

const READ_MS = 5_000;

/** What the exchange's account and ours differ in now; nothing is shown while they agree. */
export function DifferenceList() {
  const { client } = usePage();
  const [offer, setOffer] = useState<Offer | null>(null);
  const query = useQuery({
    queryKey: ['reconciliation'],
    queryFn: client.reconciliation,
    refetchInterval: READ_MS,
    retry: false,
  });
  const open = query.data?.open ?? [];
  if (query.isError)
    return (
      <p className="differences warn" role="status">
        {TEXT.unread}
      </p>
    );
  if (open.length === 0) return null;
  return (
    <section className="differences" aria-label={TEXT.title}>
      <h3>{TEXT.title}</h3>
      <p className="dim">{TEXT.note(query.data?.streak ?? 0)}</p>
      <ul>
        {open.map((difference) => (
          <DifferenceItem key={difference.id} difference={difference} onOffer={setOffer} />
        ))}
      </ul>
      <OfferDialog offer={offer} onClose={() => setOffer(null)} />
    </section>
  );
}

interface DifferenceItemProps {
  readonly difference: DifferenceView;
  readonly onOffer: (offer: Offer) => void;
}

function DifferenceItem({ difference, onOffer }: DifferenceItemProps) {
  const { symbol, explanation, action, ours, theirs, firstMs, ignored } = difference;
  const nowMs = useCell(usePage().live.serverTimeMs);
  return (
    <li data-ignored={ignored !== null}>
      <div className="difference-head">
        {symbol !== null && <CoinName symbol={symbol} />}
        <span className="dim" title={dateAndTime(firstMs)}>
          {TEXT.since(age(Math.max(0, nowMs - firstMs)))}
        </span>
        <Offers difference={difference} onOffer={onOffer} />
      </div>
      <p>{explanation}</p>
      <p className="dim">{ignored === null ? action : TEXT.ignored(ignored.actor, ignored.reason)}</p>
      <dl className="difference-words">
        <dt>{TEXT.ours}</dt>
        <dd>{ours}</dd>
        <dt>{TEXT.theirs}</dt>
        <dd>{theirs}</dd>
      </dl>
    </li>
  );
}

function Offers({ difference: { symbol, offers, ignored }, onOffer }: DifferenceItemProps) {
  const mayTrade = useMayTrade();
  if (symbol === null) return null;
  return offers
    .filter((kind) => kind !== 'ignore' || ignored === null)
    .map((kind) => (
      <Button
        key={kind}
        size="compact-xs"
        variant="default"
        aria-label={TEXT.offerLabel(TEXT.offers[kind], symbol)}
        disabled={!mayTrade}
        onClick={() => onOffer({ kind, symbol })}
      >
        {TEXT.offers[kind]}
      </Button>
    ));
}
