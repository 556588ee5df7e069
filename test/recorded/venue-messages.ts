import { createHmac } from 'node:crypto';
import { API_KEY, API_SECRET, type VenueClient } from '../fixture/venue-client.ts';
import { PAGES_SERVED, PUSHES_SERVED } from './venue-pages.ts';

/** Where a message was recorded: the client's folder, its file, and the name in the file where there are several. */
export type MessageName = `${string}/${string}`;

interface ComparedMessage {
  /** What the venue says in its place. */
  readonly say: (client: VenueClient) => Promise<unknown>;
  /** Differences that stay, each with its reason. */
  readonly different?: Readonly<Record<string, string>>;
}

const asked = (page: string, different: ComparedMessage['different'] = {}): ComparedMessage => ({
  say: async (client) => PAGES_SERVED[page]?.ask(client),
  different,
});
const pushed = (page: string, different: ComparedMessage['different'] = {}): ComparedMessage => ({
  say: async (client) => PUSHES_SERVED[`websocket/${page}`]?.push(client),
  different,
});

const ORDER_BOOK_DATA = 'hummingbot/test_bybit_perpetual_api_order_book_data_source';
const DERIVATIVE = 'hummingbot/test_bybit_perpetual_derivative';

const SPELLED = { 'data[].totalPerpUpl is missing': 'the documents write totalPerpUPL' };

/** What stands for each recorded message. */
export const MESSAGES_COMPARED: Readonly<Record<MessageName, ComparedMessage>> = {
  'nautilus_trader/http_get_account_info': asked('account/account-info'),
  'nautilus_trader/http_get_fee_rate': asked('account/fee-rate'),
  'nautilus_trader/http_get_instruments_linear': asked('market/instrument'),
  'nautilus_trader/http_get_klines_linear': asked('market/kline'),
  'nautilus_trader/http_get_orderbook': asked('market/orderbook'),
  'nautilus_trader/http_get_orders_history_with_duplicate': asked('order/order-list'),
  'nautilus_trader/http_get_orders_realtime_tp_sl': asked('order/open-order'),
  'nautilus_trader/http_get_positions_with_open_time': asked('position/position'),
  'nautilus_trader/http_get_user_query_api': asked('user/apikey-info', rightsNotGiven()),
  'nautilus_trader/ws_account_execution': pushed('private/execution'),
  'nautilus_trader/ws_account_execution_fast': pushed('private/fast-execution'),
  'nautilus_trader/ws_account_order': pushed('private/order'),
  'nautilus_trader/ws_account_order_filled': pushed('private/order'),
  'nautilus_trader/ws_account_order_market_if_touched': pushed('private/order'),
  'nautilus_trader/ws_account_order_sell_market_if_touched': pushed('private/order'),
  'nautilus_trader/ws_account_order_stop_loss': pushed('private/order'),
  'nautilus_trader/ws_account_order_take_profit': pushed('private/order'),
  'nautilus_trader/ws_account_position_short': pushed('private/position'),
  'nautilus_trader/ws_account_wallet': pushed('private/wallet', SPELLED),
  'nautilus_trader/ws_account_wallet_small_order': pushed('private/wallet', SPELLED),
  'nautilus_trader/ws_auth_success': {
    say: (client) => loginOn('/v5/trade', client),
    different: { 'success is missing': 'the documents show the answer of this stream without it' },
  },
  'nautilus_trader/ws_order_response': pushed('trade/guideline'),
  'nautilus_trader/ws_orderbook_snapshot': pushed('public/orderbook'),
  'nautilus_trader/ws_subscription_ack': { say: subscription },
  'nautilus_trader/ws_ticker_linear': pushed('public/ticker'),
  [`${ORDER_BOOK_DATA}/get_funding_info_event`]: pushed('public/ticker'),
  [`${ORDER_BOOK_DATA}/get_general_info_rest_msg`]: asked('market/tickers'),
  [`${ORDER_BOOK_DATA}/get_rest_snapshot_msg`]: asked('market/orderbook'),
  [`${ORDER_BOOK_DATA}/test_listen_for_trades_successful`]: pushed('public/trade'),
  [`${DERIVATIVE}/_order_cancelation_request_successful_mock_response`]: asked('order/cancel-order'),
  [`${DERIVATIVE}/_order_status_request_completely_filled_mock_response`]: asked('order/order-list'),
  [`${DERIVATIVE}/all_symbols_including_invalid_pair_mock_response`]: asked('market/instrument'),
  [`${DERIVATIVE}/available_balance_request_mock_response_for_base`]: asked('account/unified-trans-amnt'),
  [`${DERIVATIVE}/configure_failed_set_position_mode`]: asked('position/position-mode'),
  [`${DERIVATIVE}/configure_order_not_found_error_order_status_response`]: asked('order/open-order'),
  [`${DERIVATIVE}/configure_successful_set_position_mode`]: asked('position/position-mode'),
  [`${DERIVATIVE}/funding_payment_mock_response`]: asked('account/transaction-log'),
  [`${DERIVATIVE}/network_status_request_successful_mock_response`]: asked('market/time'),
  [`${DERIVATIVE}/order_event_for_new_order_websocket_update`]: pushed('private/order'),
  [`${DERIVATIVE}/trade_event_for_full_fill_websocket_update`]: pushed('private/execution'),
  'hummingbot/test_bybit_perpetual_user_stream_data_source/_authentication_response': {
    say: (client) => loginOn('/v5/private', client),
  },
  'hummingbot/test_bybit_perpetual_utils/test_is_exchange_information_valid': {
    say: async (client) => (await PAGES_SERVED['market/instrument']?.ask(client))?.result.list?.[0],
  },
};

const OLDER = 'a message of the protocol before this one';

/** Why the others have nothing to be compared with. */
export const MESSAGES_LEFT_OUT: Readonly<Record<MessageName, string>> = {
  'nautilus_trader/http_get_instruments_inverse': 'inverse contracts are not traded here',
  'nautilus_trader/http_post_user_update_master_api':
    'keys are changed by the venue’s keeper, not by themselves',
  [`${ORDER_BOOK_DATA}/get_ws_snapshot_msg`]: OLDER,
  [`${DERIVATIVE}/empty_funding_payment_mock_response`]: OLDER,
  [`${DERIVATIVE}/configure_erroneous_trade_fills_response`]: 'a request',
  'hummingbot/test_bybit_perpetual_web_utils/test_get_rest_url_for_endpoint': 'no message',
};

function rightsNotGiven(): Readonly<Record<string, string>> {
  const rights = [
    'BitCard',
    'ByXPost',
    'Earn',
    'Exchange',
    'FiatBitPay',
    'FiatBybitPay',
    'FiatConvertBroker',
    'FiatP2P',
    'Spot',
    'Wallet',
  ];
  const reason = 'keys here have rights for contracts alone';
  return Object.fromEntries(rights.map((right) => [`result.permissions.${right} has no row`, reason]));
}

async function loginOn(path: string, client: VenueClient): Promise<unknown> {
  const expires = client.time.nowMs() + 1000;
  const signature = createHmac('sha256', API_SECRET).update(`GET/realtime${expires}`).digest('hex');
  return answerOn(path, client, { op: 'auth', args: [API_KEY, expires, signature] });
}

function subscription(client: VenueClient): Promise<unknown> {
  return answerOn('/v5/public/linear', client, {
    op: 'subscribe',
    req_id: 'sub-1',
    args: ['orderbook.1.BTCUSDT'],
  });
}

async function answerOn(path: string, client: VenueClient, frame: object): Promise<unknown> {
  const { channel, messages } = await client.channel(path);
  channel.send(JSON.stringify(frame));
  await client.time.advance(2);
  return messages[0];
}
