import { expect, it } from 'vitest';
import { unknownSetting } from './settings-fault.ts';

it.each([
  ['in its own group', 'filter.rsiTimeCandels', '; did you mean filter.rsiTimeCandles?'],
  ['without a group', 'rsiTimeCandels', '; did you mean filter.rsiTimeCandles?'],
  ['spelt right in another group', 'risk.STOPLOSSPCT', '; did you mean exit.stopLossPct?'],
  ['misspelt in another group, which may mean anything', 'exit.rsiTimeCandels', ''],
])('a key %s', (_, path, suggestion) => {
  expect(unknownSetting(path)).toEqual({ path, message: `Unknown setting${suggestion}` });
});
