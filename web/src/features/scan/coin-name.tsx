const QUOTE = /(USDT|USDC|USD)$/;

/** A coin's name with its quote currency set back. */
export function CoinName({ symbol }: { readonly symbol: string }) {
  const quote = QUOTE.exec(symbol)?.[0] ?? '';
  return (
    <span className="coin">
      {symbol.slice(0, symbol.length - quote.length)}
      {quote !== '' && <small>{quote}</small>}
    </span>
  );
}
