import { decimal } from '../../src/core/base/decimal.ts';
import { riskTiers, type TieredInstrument } from '../../src/core/matching/risk-tier.ts';
import { instrument } from '../fixture/scripted-market.ts';

/** Tiers small enough to be climbed by the accounts of a walk. */
const TIERS = riskTiers([
  { valueMax: decimal(5000), maintenanceRate: decimal('0.005'), leverageMax: decimal(100) },
  { valueMax: decimal(20_000), maintenanceRate: decimal('0.01'), leverageMax: decimal(50) },
  { valueMax: decimal(60_000), maintenanceRate: decimal('0.025'), leverageMax: decimal(20) },
  { valueMax: decimal(200_000), maintenanceRate: decimal('0.1'), leverageMax: decimal(5) },
]);

/** What is listed where accounts walk. */
export const WALK_INSTRUMENTS: readonly TieredInstrument[] = [
  { ...instrument('BTCUSDT'), riskTiers: TIERS },
  { ...instrument('ETHUSDT'), riskTiers: TIERS },
  instrument('XRPUSDT'),
];
