import type { InstrumentId } from '../../../core/domain/instrument.ts';
import type { MatchingEvent, MatchingFill } from '../../../core/matching/account-state.ts';
import type { MatchingOrder } from '../../../core/matching/matching-order.ts';
import type { MatchingPosition } from '../../../core/matching/matching-position.ts';
import type { TradingAccount } from '../../../core/matching/trading-account.ts';
import type { TradingFloor } from '../../trading-floor.ts';
import { fastFillPush, fillPush } from './fill-row.ts';
import { lateCancelPush, orderPush } from './order-row.ts';
import { positionPush } from './position-row.ts';
import { walletRow } from './wallet-row.ts';

export type PrivateTopic = 'order' | 'execution' | 'execution.fast' | 'position' | 'wallet';

/** The rows of one push. */
export interface PrivatePush {
  readonly topic: PrivateTopic;
  readonly data: readonly unknown[];
}

/**
 * The pushes of one action or market step, always in the same order: orders, executions, positions, wallet.
 * Orders and positions are told as they stand at the end, executions one by one.
 */
export function privatePushes(
  floor: TradingFloor,
  account: TradingAccount,
  events: readonly MatchingEvent[],
): readonly PrivatePush[] {
  const orders = new Map<string, MatchingOrder>();
  const positions = new Map<string, MatchingPosition>();
  const lateCancels: MatchingOrder[] = [];
  const fills: MatchingFill[] = [];
  let isWalletChanged = false;
  for (const event of events) {
    if (event.kind === 'order') orders.set(event.order.orderId, event.order);
    if (event.kind === 'late-cancel') lateCancels.push(event.order);
    if (event.kind === 'fill') fills.push(event.fill);
    if (event.kind === 'wallet') isWalletChanged = true;
    if (event.kind === 'position') {
      const { instrumentId, positionIndex } = event.position;
      positions.set(`${instrumentId} ${positionIndex}`, event.position);
    }
  }
  const pushes: readonly PrivatePush[] = [
    { topic: 'order', data: rows(floor, [...orders.values()], orderPush) },
    { topic: 'order', data: rows(floor, lateCancels, lateCancelPush) },
    { topic: 'execution', data: rows(floor, fills, fillPush) },
    { topic: 'execution.fast', data: rows(floor, fills.filter(isTrade), fastFillPush) },
    {
      topic: 'position',
      data: rows(floor, [...positions.values()], (position, instrument) =>
        positionPush({ floor, account }, account.position(position), instrument),
      ),
    },
    { topic: 'wallet', data: isWalletChanged ? [walletRow(account)] : [] },
  ];
  return pushes.filter((push) => push.data.length > 0);
}

function rows<T extends { readonly instrumentId: InstrumentId }>(
  floor: TradingFloor,
  items: readonly T[],
  rowOf: (item: T, instrument: NonNullable<ReturnType<TradingFloor['instrumentOf']>>) => unknown,
): readonly unknown[] {
  return items.flatMap((item) => {
    const instrument = floor.instrumentOf(item.instrumentId);
    return instrument === null ? [] : [rowOf(item, instrument)];
  });
}

/** Only trades come by the fast topic. */
function isTrade(fill: MatchingFill): boolean {
  return fill.execution === 'trade';
}
