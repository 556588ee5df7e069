import { notifications } from '@mantine/notifications';

/** Faults stay until they are read; a done command says so and goes. */
const DONE_MS = 5000;

/** Says that a command was taken. */
export function tellDone(title: string, message: string): void {
  notifications.show({ title, message, color: 'teal', autoClose: DONE_MS });
}

/** Says why something did not work, in the server's own words. */
export function tellFault(title: string, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  notifications.show({ title, message, color: 'red', autoClose: false });
}
