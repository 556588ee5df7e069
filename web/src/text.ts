export const PAGE_TEXT = {
  panes: 'Parts of the page',
  pane: { scan: 'Market', positions: 'Auto Bot & positions', activity: 'Activity' },
  cancel: 'Cancel',
  reason: 'Reason (optional, kept in the record)',
} as const;
