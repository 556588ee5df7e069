export const DIFFERENCE_TEXT = {
  title: 'Differences from the exchange',
  note: (streak: number): string =>
    streak === 0 ? 'Open now, oldest first.' : `The last ${streak} readings agreed.`,
  unread: 'Whether the exchange agrees could not be read. It is tried again by itself.',
  since: (when: string) => `for ${when}`,
  ours: 'Ours',
  theirs: 'Exchange',
  ignored: (actor: string, reason: string): string =>
    `Ignored by ${actor}${reason === '' ? '' : `: ${reason}`}.`,
  offers: { adopt: 'Adopt', ignore: 'Ignore', disown: 'Give up' },
  offerLabel: (offer: string, symbol: string): string => `${offer} ${symbol}`,
  dialog: {
    title: (offer: string, symbol: string): string => `${offer} ${symbol}?`,
    lead: {
      adopt:
        'The position becomes ours as the exchange states it now: from then on it has our stop and our exits.',
      ignore:
        'It is told no more until it changes. It still counts as exposure, and nothing is entered there.',
      disown: 'It is not ours any more: nothing of ours guards it. The stop at the exchange stays.',
    },
  },
  command: {
    done: 'Done',
    doneDetail: 'The list follows with the next reading of the account.',
    failed: 'It was not done',
  },
} as const;
