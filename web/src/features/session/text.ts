export const SESSION_TEXT = {
  checking: 'Signing in…',
  title: 'Sign in to InfoBot',
  how: 'This page opens with a one-time sign-in link. There is no password to type here.',
  steps: [
    'Go to the machine where InfoBot runs.',
    'Copy the address that infobot printed. It ends in #code=… and works once, within 15 minutes.',
    'Open it in this browser. A fresh link is printed there by:',
  ],
  command: 'npx infobot sign-in',
  signedOut: 'You are signed out. Auto Bot and open positions go on as they were.',
  signOutFailed: 'You are still signed in',
  codeRefused: 'The sign-in link was not accepted: ',
  unreachable: 'The server could not be reached: ',
  retry: 'Try again',
  safe: 'Opening, reloading or closing this page never changes what the bot does.',
} as const;
