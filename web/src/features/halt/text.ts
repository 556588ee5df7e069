export const HALT_TEXT = {
  button: 'Halt',
  buttonNote: 'Kill switch: nothing is entered any more. Stops and exits go on.',
  viewer: 'Your role may look, not halt.',
  title: 'Halt trading?',
  lead: 'From now on nothing is entered, and resting entries are taken back. Open positions stay, guarded by their stops and exits.',
  way: 'It outlives restarts. It is lifted at the command line of the machine alone: infobot resume',
  confirm: 'Halt now',
  done: 'Trading is halted',
  doneDetail: 'The page says when the exchange has confirmed that no entry rests.',
  failed: 'The halt was not confirmed',
  clearing: 'Resting entries are being taken back; the exchange has not confirmed yet that none is left.',
  clear: (when: string) => `The exchange has confirmed at ${when} that no entry of ours rests there.`,
} as const;
