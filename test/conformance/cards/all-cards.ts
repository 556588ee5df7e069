import { bookCards } from './book-cards.ts';
import type { Card } from './card.ts';
import { keyCards } from './key-cards.ts';
import { lifeCards } from './life-cards.ts';
import { limitCards } from './limit-cards.ts';
import { marketCards } from './market-cards.ts';
import { marketHistoryCards } from './market-history-cards.ts';
import { moneyAccountCards } from './money-account-cards.ts';
import { moneyLiquidationCards } from './money-liquidation-cards.ts';
import { moneyMarginCards } from './money-margin-cards.ts';
import { normalisedBookCards } from './normalised-book-cards.ts';
import { normalisedCards } from './normalised-cards.ts';
import { normalisedStreamCards } from './normalised-stream-cards.ts';
import { orderBatchCards } from './order-batch-cards.ts';
import { orderChangeCards } from './order-change-cards.ts';
import { orderPlaceCards } from './order-place-cards.ts';
import { orderPushCards } from './order-push-cards.ts';
import { orderRuleCards } from './order-rule-cards.ts';
import { orderStopCards } from './order-stop-cards.ts';
import { orderTriggerCards } from './order-trigger-cards.ts';
import { streamCards } from './stream-cards.ts';

/**
 * Every card of the suite. Orders have the numbers from 101 and from 601, money from 201, instruments, keys and limits
 * from 301, streams and faults from 401, market readings from 501, what a normalising
 * client makes of the public streams from 701.
 */
export const ALL_CARDS: readonly Card[] = [
  ...orderPlaceCards,
  ...orderRuleCards,
  ...orderTriggerCards,
  ...orderStopCards,
  ...orderChangeCards,
  ...orderBatchCards,
  ...orderPushCards,
  ...moneyAccountCards,
  ...moneyMarginCards,
  ...moneyLiquidationCards,
  ...keyCards,
  ...limitCards,
  ...lifeCards,
  ...marketCards,
  ...marketHistoryCards,
  ...bookCards,
  ...streamCards,
  ...normalisedCards,
  ...normalisedBookCards,
  ...normalisedStreamCards,
];
