import type { InstrumentId } from '../domain/instrument.ts';
import { CEILINGS, ceilingText } from '../risk/ceilings.ts';
import { fundingFault } from '../risk/funding-agreement.ts';
import type { OwnSettings } from './own-settings.ts';
import type { TradingSettings } from './settings.ts';
import type { SettingsFault } from './settings-fault.ts';

const FUNDING_EXIT = 'exit.fundingExitPctMax';

/**
 * What a change is refused for although settings with it can be in force: those stored before the rule was there go on.
 * Each fault names the instrument it is about, or none for all of them.
 */
export function agreementFaults(settings: TradingSettings, own: OwnSettings): readonly SettingsFault[] {
  const all = faultOf(settings, FUNDING_EXIT);
  // What an instrument has from all of them is said once.
  const single = all === null ? [...own].flatMap(([id, held]) => faultOf(held, pathOf(id)) ?? []) : [];
  return [...lossFaults(settings), ...(all === null ? single : [all])];
}

/** A day's loss could be set to all there is before it had a ceiling; such settings are read, and the gate cuts them. */
function lossFaults({ risk }: TradingSettings): readonly SettingsFault[] {
  if (risk.dailyLossPctMax <= CEILINGS.dailyLossPctMax.max) return [];
  return [{ path: 'risk.dailyLossPctMax', message: ceilingText('dailyLossPctMax') }];
}

function faultOf({ exit, filter }: TradingSettings, path: string): SettingsFault | null {
  const { fundingExitPctMax } = exit;
  const { fundingPctMaxPerDay } = filter;
  const message = fundingFault({ fundingExitPctMax, fundingPctMaxPerDay });
  return message === null ? null : { path, message };
}

function pathOf(id: InstrumentId): string {
  return `instruments.${id}.${FUNDING_EXIT}`;
}
