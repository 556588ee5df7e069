import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** Rows of a signed read at the venue, asked as any client with the account's key would. */
export async function bybitSigned(
  base: string,
  keyFile: string,
  path: string,
  query: string,
): Promise<readonly Record<string, string>[]> {
  const { apiKey, apiSecret } = JSON.parse(readFileSync(keyFile, 'utf8'));
  const timestamp = String(Date.now());
  const signature = createHmac('sha256', apiSecret).update(`${timestamp}${apiKey}5000${query}`).digest('hex');
  const response = await fetch(`${base}${path}?${query}`, {
    headers: {
      'X-BAPI-API-KEY': apiKey,
      'X-BAPI-TIMESTAMP': timestamp,
      'X-BAPI-RECV-WINDOW': '5000',
      'X-BAPI-SIGN': signature,
    },
  });
  const answer = await response.json();
  if (answer.retCode !== 0) throw new Error(`${path}: ${answer.retCode} ${answer.retMsg}`);
  return answer.result.list;
}
