import { describe, expect, it } from 'vitest';
import { CEILINGS, type CeilingName } from '../risk/ceilings.ts';
import { ownSettings } from './own-settings.ts';
import { agreementFaults } from './settings-agreement.ts';
import { EMPTY_DOCUMENT } from './settings-document.ts';
import { editDocument } from './settings-edit.ts';

const names = (Object.keys(CEILINGS) as CeilingName[]).map((name) => [name, CEILINGS[name].max] as const);

/** What a change of one setting is refused for; null: for nothing. */
function refusal(name: CeilingName, value: number): string | null {
  const edited = editDocument(EMPTY_DOCUMENT, { kind: 'patch-global', patch: { risk: { [name]: value } } });
  if (!edited.ok) return edited.error[0]?.message ?? '';
  const { settings, instruments } = edited.value;
  const own = ownSettings({ settings, instruments, bots: [] });
  const faults = own.ok ? agreementFaults(settings, own.value) : own.error;
  return faults[0]?.message ?? null;
}

describe('a setting', () => {
  it.each(names)(
    '%s may be as large as its ceiling of %d and no larger, which is said with the reason',
    (name, max) => {
      expect(refusal(name, max)).toBeNull();
      expect(refusal(name, max + 1)).toContain(`Its ceiling is ${max}`);
      expect(refusal(name, max + 1)).toContain(CEILINGS[name].reason);
    },
  );

  it('of an instrument cannot loosen what holds for all', () => {
    const patch = { risk: { orderNotionalUsdtMax: 1 } };
    const edit = { kind: 'patch-instruments', instrumentIds: ['BTCUSDT' as never], patch } as const;
    expect(editDocument(EMPTY_DOCUMENT, edit).ok).toBe(false);
  });
});
