import { expect } from 'vitest';
import type { Card } from './card.ts';
import { cause, heldPosition, TIERED, trade, wallet } from './money-words.ts';
import { BTC, category, symbol } from './stage.ts';

const value = 6000.01;

/** Leverage, tiers, cross and isolated margin. */
export const moneyMarginCards: readonly Card[] = [
  {
    number: 220,
    client: 'bybit-api',
    capability: 'margin mode',
    title: 'the account begins with shared margin and says when nothing is to be changed',
    play: async ({ rest }) => {
      expect((await rest.getAccountInfo()).result).toMatchObject({ marginMode: 'REGULAR_MARGIN' });
      expect(await rest.setMarginMode('REGULAR_MARGIN')).toMatchObject({ retCode: 110026 });
    },
  },
  {
    number: 221,
    client: 'bybit-api',
    capability: 'margin mode',
    title: 'isolated margin is switched on and read back',
    play: async ({ rest }) => {
      expect(await rest.setMarginMode('ISOLATED_MARGIN')).toMatchObject({
        retCode: 0,
        result: { reasons: [] },
      });
      expect((await rest.getAccountInfo()).result).toMatchObject({ marginMode: 'ISOLATED_MARGIN' });
    },
  },
  {
    number: 222,
    client: 'wire',
    capability: 'margin mode',
    title: 'portfolio margin is refused with its reason',
    play: async ({ send }) => {
      const mode = { setMarginMode: 'PORTFOLIO_MARGIN' };
      expect(await send('POST', '/v5/account/set-margin-mode', mode)).toMatchObject({
        retCode: 3_400_045,
        result: { reasons: [{ reasonCode: '3400000' }] },
      });
    },
  },
  {
    number: 223,
    client: 'ccxt',
    capability: 'margin mode',
    title: 'a client sets the margin mode of the account',
    play: async (stage) => {
      await (await stage.ccxt()).setMarginMode('isolated');
      expect((await stage.rest.getAccountInfo()).result.marginMode).toBe('ISOLATED_MARGIN');
    },
  },
  {
    number: 224,
    client: 'wire',
    capability: 'isolated margin',
    title: 'what belongs to the account as a whole is empty in isolated mode',
    play: async (stage) => {
      await stage.rest.setMarginMode('ISOLATED_MARGIN');
      const row = await wallet(stage);
      expect(row).toMatchObject({
        totalAvailableBalance: '',
        accountIMRate: '',
        accountMMRate: '',
        totalEquity: '10000',
        coin: [{ walletBalance: '10000', totalPositionIM: '0' }],
      });
    },
  },
  {
    number: 225,
    client: 'wire',
    capability: 'isolated margin',
    title: 'a position sets its margin and the fee of closing aside',
    play: async (stage) => {
      await stage.rest.setMarginMode('ISOLATED_MARGIN');
      await trade(stage, 0.1);
      const held = await heldPosition(stage);
      expect(Number(held['positionBalance'])).toBeCloseTo(value / 10 + value * 0.00055, 6);
      expect(held['bustPrice']).not.toBe('');
    },
  },
  {
    number: 226,
    client: 'bybit-api',
    capability: 'isolated margin',
    title: 'margin is added to a position and moves its liquidation price away',
    play: async (stage) => {
      await stage.rest.setMarginMode('ISOLATED_MARGIN');
      await trade(stage, 0.1);
      const before = Number((await heldPosition(stage))['liqPrice']);
      const added = await stage.rest.addOrReduceMargin({ category, symbol, margin: '100' });
      expect(added).toMatchObject({
        retCode: 0,
        result: { symbol, size: '0.100', positionStatus: 'Normal' },
      });
      expect(before - Number(added.result.liqPrice)).toBeCloseTo(100 / (0.1 * 0.995), 0);
    },
  },
  {
    number: 227,
    client: 'wire',
    capability: 'isolated margin',
    title: 'margin beyond the free money, or taken below the need, is refused',
    play: async ({ rest, send, ...stage }) => {
      await rest.setMarginMode('ISOLATED_MARGIN');
      await trade({ rest, send, ...stage }, 0.1);
      const add = (margin: string) =>
        send('POST', '/v5/position/add-margin', { category, symbol, margin, positionIdx: 0 });
      expect(await add('50000')).toMatchObject({ retCode: 110014 });
      expect(await add('-10')).toMatchObject({ retCode: 110078 });
      expect(await add('0')).toMatchObject({ retCode: 10001 });
    },
  },
  {
    number: 228,
    client: 'wire',
    capability: 'isolated margin',
    title: 'margin is not added in cross mode, nor without a position',
    play: async ({ rest, send }) => {
      const body = { category, symbol, margin: '10', positionIdx: 0 };
      expect(await send('POST', '/v5/position/add-margin', body)).toMatchObject({ retCode: 110015 });
      await rest.setMarginMode('ISOLATED_MARGIN');
      expect(await send('POST', '/v5/position/add-margin', body)).toMatchObject({ retCode: 110033 });
    },
  },
  {
    number: 229,
    client: 'bybit-api',
    capability: 'isolated margin',
    title: 'margin is added by itself only where that is asked for, and only in isolated mode',
    play: async (stage) => {
      const wish = { category, symbol, autoAddMargin: 1, positionIdx: 0 } as const;
      expect(await stage.rest.setAutoAddMargin(wish)).toMatchObject({ retCode: 110076 });
      await stage.rest.setMarginMode('ISOLATED_MARGIN');
      await trade(stage, 0.1);
      expect(await stage.rest.setAutoAddMargin(wish)).toMatchObject({ retCode: 0 });
      expect(await heldPosition(stage)).toMatchObject({ autoAddMargin: 1 });
      stage.move(54_000);
      expect(await heldPosition(stage)).toMatchObject({ size: '0.100' });
    },
  },
  {
    number: 230,
    client: 'wire',
    capability: 'isolated margin',
    title: 'the classic switch of one contract is not for unified accounts',
    play: async ({ send }) => {
      const body = { category, symbol, tradeMode: 1, buyLeverage: '5', sellLeverage: '5' };
      expect(await send('POST', '/v5/position/switch-isolated', body)).toMatchObject({ retCode: 100_028 });
    },
  },
  {
    number: 231,
    client: 'ccxt',
    capability: 'leverage',
    title: 'leverage is set, and setting it again says that nothing changed',
    play: async (stage) => {
      const client = await stage.ccxt();
      await client.setLeverage(7, BTC);
      await expect(client.setLeverage(7, BTC)).rejects.toThrow('110043');
      await trade(stage, 0.1);
      expect(await heldPosition(stage)).toMatchObject({ leverage: '7' });
    },
  },
  {
    number: 232,
    client: 'wire',
    capability: 'leverage',
    title: 'leverage above the contract or the size of the position is refused',
    stage: { instruments: TIERED },
    play: async (stage) => {
      const set = (leverage: string) =>
        stage.send('POST', '/v5/position/set-leverage', {
          category,
          symbol,
          buyLeverage: leverage,
          sellLeverage: leverage,
        });
      expect(await set('101')).toMatchObject({ retCode: 110013 });
      await trade(stage, 0.5);
      expect(await set('20')).toMatchObject({ retCode: 110013 });
    },
  },
  {
    number: 233,
    client: 'bybit-api',
    capability: 'risk limits',
    title: 'tiers are listed with rates, deduction and leverage',
    stage: { instruments: TIERED },
    play: async ({ rest }) => {
      const limits = await rest.getRiskLimit({ category, symbol });
      expect(limits.result.list).toMatchObject([
        {
          id: 1,
          symbol,
          riskLimitValue: '20000',
          maintenanceMargin: '0.01',
          isLowestRisk: 1,
          maxLeverage: '50.00',
        },
        { id: 2, riskLimitValue: '100000', initialMargin: '0.1', isLowestRisk: 0, mmDeduction: '800' },
      ]);
    },
  },
  {
    number: 234,
    client: 'ccxt',
    capability: 'risk limits',
    title: 'leverage tiers are read',
    stage: { instruments: TIERED },
    play: async (stage) => {
      const tiers = await (await stage.ccxt()).fetchMarketLeverageTiers(BTC);
      expect(tiers.map(({ maxLeverage, maxNotional }) => [maxLeverage, maxNotional])).toEqual([
        [50, 20_000],
        [10, 100_000],
      ]);
    },
  },
  {
    number: 235,
    client: 'wire',
    capability: 'risk limits',
    title: 'an order beyond what the leverage allows is refused',
    stage: { instruments: TIERED },
    play: async (stage) => {
      cause(stage, { name: 'money-moves', kind: 'deposit', amount: 1_000_000 });
      const order = { category, symbol, side: 'Buy', orderType: 'Market', qty: '2' };
      expect(await stage.send('POST', '/v5/order/create', order)).toMatchObject({ retCode: 110090 });
    },
  },
  {
    number: 236,
    client: 'wire',
    capability: 'risk limits',
    title: 'a position shows its tier and the margin of it',
    stage: { instruments: TIERED },
    play: async (stage) => {
      await trade(stage, 0.5);
      const held = await heldPosition(stage);
      expect(held).toMatchObject({ riskId: 2, riskLimitValue: '100000' });
      // 30,000 at 5 %, less 800.
      expect(Number(held['positionMM'])).toBeCloseTo(700, 6);
      expect(Number(held['positionIM'])).toBeCloseTo(3000, 6);
    },
  },
  {
    number: 237,
    client: 'bybit-api',
    capability: 'isolated margin',
    title: 'a switch that would leave positions without margin is refused with its reason',
    play: async (stage) => {
      await trade(stage, 1.5);
      stage.move(54_200);
      const refused = await stage.rest.setMarginMode('ISOLATED_MARGIN');
      expect(refused).toMatchObject({ retCode: 3_400_045 });
      expect(refused.result.reasons).toHaveLength(1);
    },
  },
  {
    number: 238,
    client: 'bybit-api',
    capability: 'risk limits',
    title: 'a pending risk limit is confirmed',
    play: async ({ rest }) => {
      expect(await rest.confirmNewRiskLimit({ category, symbol })).toMatchObject({ retCode: 0 });
    },
  },
];
