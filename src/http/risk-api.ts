import type { Risk } from '../api/risk.ts';

/** Limits, protection, and the numbers a monitoring system collects. */
export interface RiskApi {
  risk(): Promise<Risk>;
  /** In the text format of Prometheus. */
  metrics(): Promise<string>;
}
